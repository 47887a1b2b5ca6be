import { expect, test } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { sceneFeeds } from '#training/stages/feeds/autoencoder-feeds.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';
import { encodeScene, LATENT_CHANNELS, LATENT_SIDE, sceneInputs, wholePictureChannels } from './autoencoder.ts';

test('ground, style and hour are in the channels that say so, and nothing else is', async () => {
  const g = new GraphBuilder();
  g.output('latent', encodeScene(g, sceneInputs(g, 1)));
  const pass = await ForwardPass.create(g, 'cpu');
  const feedsOf = (seed: number) => {
    const scene = composeScene(seededRandom(seed), { things: { min: 2, max: 3 } });
    return sceneFeeds([renderScene(scene, { size: 64, grid: GRID })]) as Record<string, Float32Array | Int32Array>;
  };
  const latentOf = async (feeds: ReturnType<typeof feedsOf>) => (await pass.run(feeds, new Map())).latent!;
  const { ground, style, night, ...things } = feedsOf(1);
  const there = { ground: ground!, style: style!, night: night! };
  const elsewhere = Object.fromEntries(
    Object.entries(there).map(([name, value]) => [
      name,
      value.map((index) => (index === 0 ? 1 : index - 1)) as typeof value,
    ]),
  );
  const own = await latentOf({ ...there, ...things });
  const moved = await latentOf({ ...elsewhere, ...things });
  const others = await latentOf({ ...feedsOf(2), ...there });
  await pass.release();
  const pixels = LATENT_SIDE ** 2;
  const changed = (to: Float32Array) =>
    Array.from({ length: LATENT_CHANNELS }, (_, c) => c).filter((c) =>
      own.subarray(c * pixels, (c + 1) * pixels).some((value, i) => value !== to[c * pixels + i]),
    );
  expect(changed(moved)).toEqual([...wholePictureChannels].sort((a, b) => a - b));
  expect(changed(others).filter((channel) => wholePictureChannels.includes(channel))).toEqual([]);
});
