import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import { seenSize } from '#training/run/model-config.ts';
import { smallConfig, smallContext } from '#training/run/small-context.fixture.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { sceneLatent } from './feeds/autoencoder-feeds.ts';
import { computeLatents, LatentSet } from './latents.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a record is its scene’s own latent, standardised, and each is drawn as often as any other', async () => {
  const context = smallContext(mkdtempSync(join(tmpdir(), 'sgraffito-')));
  const g = new GraphBuilder();
  const size = seenSize(smallConfig);
  clipImageTower(g, smallConfig.clip, g.input('image', [1, 3, size, size]));
  await context.store.publish('clip', initializeParameters(g, 1));
  await computeLatents(context);
  const set = new LatentSet(context);
  const { mean, scale } = set.statistics;
  for (const index of [0, 7, set.size - 1]) {
    const { scene, latent } = set.record(index);
    const own = sceneLatent(renderScene(scene, { size, grid: GRID }));
    const cells = latent.length / mean.length;
    latent.forEach((value, at) => {
      expect(value * scale + mean[Math.floor(at / cells)]!).toBeCloseTo(own[at]!, 4);
    });
  }
  const counts = new Map<string, number>();
  const draws = 4 * set.size;
  for (let k = 0; k < draws; k++) {
    const scene = JSON.stringify(set.draw({ ...seededNoise(0), uniform: () => (k + 0.5) / draws }).scene);
    counts.set(scene, (counts.get(scene) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual(new Array(set.size).fill(4));
});
