import { expect, it } from 'vitest';
import { drawingOf } from '#training/corpus/sample/cell-features.ts';
import type { PlacedObject } from '#training/corpus/world/scene.ts';
import { grounds } from '#training/corpus/world/setting.ts';
import { codedCounts, FEATURES } from '#training/networks/autoencoder.ts';
import { spreadCodes } from '#training/networks/codes.ts';
import { PADDED } from '#training/stages/feeds/graph-feeds.ts';
import { fillMeanings, MEANING } from './meanings.ts';

const placed = (label: string, more: Partial<PlacedObject> = {}): PlacedObject => ({
  label,
  attributes: [],
  box: [0, 0, 1, 1],
  depth: 1,
  isGround: false,
  ...more,
});

it('a thing means its drawing and paint, a ground its own code, a part and a backdrop nothing', () => {
  const objects = [
    placed('sheep', { attributes: ['red'] }),
    placed('sky', { isGround: true }),
    placed('grass', { isGround: true }),
    placed('leg', { partOf: 0 }),
  ];
  const values = new Float32Array(PADDED.objects * MEANING);
  const counts = new Float32Array(values.length);
  const seen = [2, 0, 3, 1].map((sceneIndex) => ({
    label: 'any name',
    attributes: objects[sceneIndex]!.attributes,
    sceneIndex,
  }));
  fillMeanings(values, counts, { style: 'noto', objects: seen, relations: [] }, objects);
  const row = (index: number, from: number, count: number) => [
    ...values.subarray(index * MEANING + from, index * MEANING + from + count),
  ];
  const counted = (index: number) =>
    counts.subarray(index * MEANING, (index + 1) * MEANING).reduce((sum, count) => sum + count, 0);
  const code = (what: 'drawing' | 'ground', index: number) => [
    ...spreadCodes(codedCounts[what], FEATURES[what]).subarray(index * FEATURES[what], (index + 1) * FEATURES[what]),
  ];
  expect(row(0, FEATURES.drawing, FEATURES.ground)).toEqual(code('ground', grounds.indexOf('grass')));
  expect(row(1, 0, FEATURES.drawing)).toEqual(code('drawing', drawingOf('sheep')));
  const [painted, red, green] = row(1, FEATURES.drawing + FEATURES.ground, 3);
  expect(painted).toBe(1);
  expect(red).toBeGreaterThan(green!);
  expect([0, 1, 2, 3, 4].map(counted)).toEqual([FEATURES.ground, FEATURES.drawing + 4, 0, 0, 0]);
});
