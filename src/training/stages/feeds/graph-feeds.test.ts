import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { smallContext } from '#training/run/small-context.fixture.ts';
import { graphFeeds, PADDED, TRAINING_LAYOUT, textFeeds } from './graph-feeds.ts';

const context = smallContext(mkdtempSync(join(tmpdir(), 'sgraffito-')));
const style = context.world.styles[1]!;
const predicate = context.world.predicates[2]!;
const pair: SceneGraphSample = {
  style,
  objects: ['sheep', 'tree'].map((label, sceneIndex) => ({ label, attributes: [], sceneIndex })),
  relations: [{ subject: 0, predicate, object: 1 }],
};
const alone: SceneGraphSample = { ...pair, objects: pair.objects.slice(0, 1), relations: [] };

const sum = (data: Float32Array | Int32Array | undefined, from = 0, to?: number): number =>
  [...(data ?? [])].slice(from, to).reduce((total, value) => total + value, 0);

test('graphs of different sizes are padded to the training size and masked', () => {
  const feeds = graphFeeds(context, [pair, alone]);
  const { objects, relations } = PADDED;
  expect(TRAINING_LAYOUT.tokens).toBe(objects + relations + 2);
  const { width } = context.tokenSpec.embedding;
  expect(feeds.object_vectors?.length).toBe(2 * objects * width);
  expect(feeds.subjects?.length).toBe(2 * relations * objects);
  expect([sum(feeds.object_mask, 0, objects), sum(feeds.object_mask, objects)]).toEqual([2, 1]);
  expect([sum(feeds.relation_mask, 0, relations), sum(feeds.relation_mask, relations)]).toEqual([1, 0]);
  expect([sum(feeds.subjects), sum(feeds.objects)]).toEqual([1, 1]);
  expect(feeds.predicates?.[0]).toBe(2);
  expect([...(feeds.style ?? [])]).toEqual([1, 1]);
  // Padding has no word vector.
  expect([...(feeds.object_vectors ?? [])].slice(2 * width, objects * width).every((value) => value === 0)).toBe(true);
});

test('the style is hidden for the share of draws below 15 %, and always told without a chance', () => {
  const any = context.world.styles.length;
  const draws = [0.14, 0.16];
  const feeds = graphFeeds(context, [pair, pair], () => draws.shift()!);
  expect([...(feeds.style ?? [])]).toEqual([any, 1]);
});

test('the text tower is given one-hot predicates and styles', () => {
  const feeds = textFeeds(context, [pair]);
  const count = context.world.predicates.length;
  const rows = feeds['text.predicates'] as Float32Array;
  expect(rows.length).toBe(PADDED.relations * count);
  expect([...rows.subarray(0, count)]).toEqual(Array.from({ length: count }, (_, i) => (i === 2 ? 1 : 0)));
  expect([...(feeds['text.style'] as Float32Array)].indexOf(1)).toBe(1);
  expect(sum(feeds['text.style'])).toBe(1);
});
