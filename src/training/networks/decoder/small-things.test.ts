/** What true latents keep of a scene: decoded with the drawings themselves for textures, nothing trained. */
import { expect, test, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { drawingOf, GRID } from '#training/corpus/sample/cell-features.ts';
import { isThing } from '#training/corpus/world/scene.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { sceneLatent } from '#training/stages/feeds/autoencoder-feeds.ts';
import { imageBatch } from '#training/stages/feeds/batches.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { decoder } from './decoder.ts';
import { TEXEL, TEXEL_UNIT } from './drawn-layer.ts';
import { texelsOf } from './textures.ts';

// Drawings are rasterised once.
vi.setConfig({ testTimeout: 240_000 });

const SIZE = 128;
const TEXELS = 32;
const SCENES = 16;

test('what is worn, and what is inside of another, is there: nearer to the picture than to the picture without it', async () => {
  const g = new GraphBuilder();
  const latent = g.input('latent', [1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]);
  g.output('image', decoder(g, { texels: TEXELS, groundWidth: 8, width: 8, blocks: 1, imageSize: SIZE }, latent));
  const forward = await ForwardPass.create(g, 'cpu');
  const weights = initializeParameters(g, 1);
  const textures = weights.get('decoder.textures')!;
  const length = TEXELS * TEXELS * TEXEL;
  const kept: boolean[] = [];
  for (let seed = 0; kept.length < SCENES; seed++) {
    const mixture = seed % 2 === 0 ? { wearing: 1 } : { contained: 1 };
    const scene = composeScene(seededRandom(seed), { things: { min: 2, max: 2 }, style: 'noto', mixture });
    // What night and paint do to colours is learned.
    if (scene.objects.some(({ attributes }) => attributes.length > 0)) continue;
    const link = scene.relations.find(({ predicate }) => predicate === 'wearing' || predicate === 'inside')!;
    const at = link.predicate === 'wearing' ? link.object : link.subject;
    const others = scene.objects.filter(({ partOf }, place) => place !== at && partOf === undefined);
    const rendered = renderScene(scene, { size: SIZE, grid: GRID });
    const real = imageBatch([rendered]);
    const without = imageBatch([renderScene({ ...scene, objects: others }, { size: SIZE, grid: 1 })]);
    for (const { label } of scene.objects.filter(isThing)) {
      const texels = texelsOf('noto', thingOf(label), TEXELS).map((value) => value / TEXEL_UNIT);
      textures.set(texels, drawingOf(label) * length);
    }
    const { image } = await forward.run({ latent: sceneLatent(rendered) }, weights);
    let [missed, shown] = [0, 0];
    real.forEach((value, i) => {
      if (value === without[i]) return;
      missed += (value - image![i]!) ** 2;
      shown += (value - without[i]!) ** 2;
    });
    kept.push(missed < 0.5 * shown);
  }
  await forward.release();
  expect(kept.filter(Boolean).length).toBeGreaterThanOrEqual(SCENES - 2);
});
