import { expect, test } from 'vitest';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { tellingTriples } from './statistics.ts';

const graph = (subject: string, predicate: string, object: string): SceneGraphSample => ({
  style: 'noto',
  objects: [subject, object].map((label, sceneIndex) => ({ label, attributes: [], sceneIndex })),
  relations: [{ subject: 0, predicate, object: 1 }],
});
const times = (n: number, one: SceneGraphSample) => new Array<SceneGraphSample>(n).fill(one);

test('a subject and predicate that go with a little of everything are listed before what is frequent', () => {
  const triples = tellingTriples(
    [
      ...times(9, graph('horse', 'on', 'grass')),
      ...times(8, graph('horse', 'on', 'field')),
      ...times(7, graph('horse', 'on', 'snow')),
      ...['car', 'tree', 'house'].map((object) => graph('horse', 'in front of', object)),
    ],
    4,
  );
  expect(triples.map(({ predicate, object, count }) => [predicate, object, count])).toEqual([
    ['on', 'grass', 9],
    ['on', 'field', 8],
    ['in front of', 'car', 1],
    ['in front of', 'tree', 1],
  ]);
});
