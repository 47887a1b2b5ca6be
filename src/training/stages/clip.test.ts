/** One step of CLIP's training, worked out again in plain loops. */
import { expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { clipImageTower, clipTextTower } from '#training/networks/clip.ts';
import { buildClipGraph, clipFeeds } from './clip.ts';
import { imageBatch } from './feeds/batches.ts';
import { textFeeds, textInputs } from './feeds/graph-feeds.ts';
import {
  computed,
  dot,
  logSoftmax,
  masksOf,
  numbersOf,
  row,
  scenes,
  stirred,
  sum,
  tinyConfig,
  tinyContext,
} from './step.fixture.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const context = tinyContext();
const { batch, featureWidth } = tinyConfig.clip;
const SIZE = tinyConfig.imageSize / 2;
const random = seededNoise(1);
const records = scenes.map((scene) => ({
  rendered: {
    scene,
    rgb: Uint8Array.from({ length: SIZE * SIZE * 3 }, () => random.integer(256)),
    size: SIZE,
    masks: masksOf(scene, 16),
    grid: 16,
  },
  sample: {
    style: scene.style,
    objects: scene.objects.map(({ label, attributes }, sceneIndex) => ({ label, attributes, sceneIndex })),
    relations: scene.relations,
  } satisfies SceneGraphSample,
}));
const feeds = clipFeeds(context, records);

test('a step reads pictures and the graphs that they are of', () => {
  expect(feeds).toEqual({
    image: imageBatch(records.map(({ rendered }) => rendered)),
    ...textFeeds(
      context,
      records.map(({ sample }) => sample),
    ),
  });
});

test('the loss is that of finding a picture’s graph and a graph’s picture, at a learned scale of cosines that starts at 10', async () => {
  const graph = buildClipGraph(context);
  const parameters = stirred(graph.builder).set('clip.logScale', Float32Array.of(Math.log(7)));
  const numbers = await numbersOf(graph, feeds, parameters);
  const g = new GraphBuilder();
  g.output('pictures', clipImageTower(g, tinyConfig.clip, g.input('image', [batch, 3, SIZE, SIZE])));
  g.output('graphs', clipTextTower(g, tinyConfig.clip, textInputs(g, context, batch)));
  const towers = await computed(g, feeds, parameters);
  const [pictures, graphs] = [towers.pictures!, towers.graphs!].map((data) =>
    records.map((_, index) => row(data, featureWidth, index)),
  ) as [number[][], number[][]];
  const found = (from: readonly number[][], among: readonly number[][]) =>
    from.map((one, i) => -logSoftmax(among.map((other) => 7 * dot(one, other)))[i]!);
  const losses = [...found(pictures, graphs), ...found(graphs, pictures)];
  const loss = sum(losses) / losses.length;
  expect(Math.abs(numbers.loss! - loss)).toBeLessThan(1e-5 * loss);
  expect(numbers.scale).toBeCloseTo(7, 4);
  expect(graph.builder.parameters.get('clip.logScale')?.initializer).toEqual({ kind: 'constant', value: Math.log(10) });
});

test('what a package’s denoiser reads labels by stays as it is where training goes on from one', () => {
  const learned = (start: string) => {
    const { builder, objectives } = buildClipGraph(tinyContext({ ...tinyConfig, start }));
    return [...builder.parameters.keys()].filter((name) => objectives[0]!.trains!(name));
  };
  const all = learned('');
  expect(all).toContain('clip.label.1.weight');
  expect(learned('picturebook')).toEqual(all.filter((name) => !name.startsWith('clip.label.')));
});
