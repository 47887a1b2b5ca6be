import { describe, expect, it } from 'vitest';
import { documentOf } from './indexed-graph.ts';
import { neighbourhood } from './neighbourhood.ts';

/** a – b – c – d in a row. */
const objects = ['a', 'b', 'c', 'd'].map((label) => ({ label, attributes: [] }));
const relations = [0, 1, 2].map((i) => ({ subject: i, predicate: 'next to', object: i + 1 }));
const graph = documentOf(
  { objects, relations },
  objects.map((_, i) => ({ x: i * 200, y: 0 })),
);
const [a, b, c] = graph.objects.map(({ id }) => id) as [string, string, string, string];
const [ab, bc] = graph.relations.map(({ id }) => id) as [string, string, string];

describe('neighbourhood', () => {
  it('of an object is its relations and their other ends', () => {
    const near = neighbourhood(graph, { objects: new Set([b]), relations: new Set() });
    expect([...near.objects].sort()).toEqual([a, b, c].sort());
    expect([...near.relations]).toEqual([ab, bc]);
  });

  it('of a relation is itself and its two ends', () => {
    const near = neighbourhood(graph, { objects: new Set(), relations: new Set([bc]) });
    expect([...near.objects].sort()).toEqual([b, c].sort());
    expect([...near.relations]).toEqual([bc]);
  });
});
