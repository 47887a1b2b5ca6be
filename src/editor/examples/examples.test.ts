import { describe, expect, it } from 'vitest';
import { parseSceneGraph } from '#graph/files/parse.ts';
import { checkGraph } from '#graph/words/check.ts';
import { examples } from './examples.ts';

const list = (text: string) => text.split(', ');
const vocabulary = {
  objects: list(
    'man, woman, boy, girl, dog, cat, horse, cow, sheep, elephant, giraffe, bird, car, bus, bike, boat, plane, tree, mountain, house, umbrella, kite, ball, table, chair, couch, clock, tv, cup, cake, sky, grass, field, sand, snow, road, ocean, floor, wall',
  ),
  predicates: list(
    'left of, right of, above, below, on, under, behind, in front of, next to, riding, holding, standing on',
  ),
  attributes: [],
};

describe.each(examples.map((example) => [example.title, example] as const))('%s', (_, { graph }) => {
  it('is a sound document', () => {
    expect(parseSceneGraph(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
  });

  it('speaks the words of the built-in model', () => {
    expect(checkGraph(graph, vocabulary, { objects: 30, relations: 60 })).toEqual([]);
  });

  it('has no node on top of another', () => {
    for (const [i, a] of graph.objects.entries()) {
      for (const b of graph.objects.slice(i + 1)) {
        const isApart = Math.abs(a.position.x - b.position.x) >= 180 || Math.abs(a.position.y - b.position.y) >= 100;
        expect(isApart, `${a.label} and ${b.label}`).toBe(true);
      }
    }
  });
});

it('there are sixteen, with names of their own', () => {
  expect(new Set(examples.map(({ name }) => name)).size).toBe(16);
  expect(examples[0]!.name).toBe('sheep-in-a-meadow');
});
