import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalOrder, type LabelledGraph } from './canonical-order.ts';

const word = fc.constantFrom('dog', 'cat', 'tree');
const predicate = fc.constantFrom('on', 'left of');

/** Few words and many edges, so that ties are frequent. Self-loops and repeated triples included. */
const labelledGraph: fc.Arbitrary<LabelledGraph> = fc.integer({ min: 1, max: 7 }).chain((n) => {
  const index = fc.nat(n - 1);
  return fc.record({
    objects: fc.array(fc.record({ label: word, attributes: fc.subarray(['red', 'white']) }), {
      minLength: n,
      maxLength: n,
    }),
    relations: fc.array(fc.record({ subject: index, predicate, object: index }), { maxLength: 10 }),
  });
});

/** The graph as it reads in canonical order: equal strings mean equal tensors. */
function reading(graph: LabelledGraph): string {
  const order = canonicalOrder(graph);
  const place = new Map(order.map((index, i) => [index, i]));
  const relations = graph.relations
    .map((r) => [place.get(r.subject), r.predicate, place.get(r.object)].join(' '))
    .sort();
  return JSON.stringify([
    order.map((i) => [graph.objects[i]!.label, [...graph.objects[i]!.attributes].sort()]),
    relations,
  ]);
}

function shuffled(graph: LabelledGraph, order: readonly number[]): LabelledGraph {
  const place = new Map(order.map((index, i) => [index, i]));
  return {
    objects: order.map((i) => graph.objects[i]!),
    relations: graph.relations
      .map((r) => ({ ...r, subject: place.get(r.subject)!, object: place.get(r.object)! }))
      .reverse(),
  };
}

const dogs = (n: number) => Array.from({ length: n }, () => ({ label: 'dog', attributes: [] }));
const edge = ([subject, object]: readonly [number, number]) => ({ subject, predicate: 'next to', object });

describe('canonicalOrder', () => {
  it('is a permutation of the objects', () => {
    fc.assert(
      fc.property(labelledGraph, (graph) => {
        expect([...canonicalOrder(graph)].sort((a, b) => a - b)).toEqual([...graph.objects.keys()]);
      }),
    );
  });

  it('reads the same however the objects and relations are ordered', () => {
    const pair = labelledGraph.chain((graph) =>
      fc.tuple(fc.constant(graph), fc.shuffledSubarray([...graph.objects.keys()], { minLength: graph.objects.length })),
    );
    fc.assert(
      fc.property(pair, ([graph, order]) => {
        expect(reading(shuffled(graph, order))).toBe(reading(graph));
      }),
      { numRuns: 500 },
    );
  });

  it('tells apart what plain refinement cannot: a hexagon beside two triangles', () => {
    const hexagon = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 0],
    ] as const;
    const triangles = [
      [6, 7],
      [7, 8],
      [8, 6],
      [9, 10],
      [10, 11],
      [11, 9],
    ] as const;
    const graph = { objects: dogs(12), relations: [...hexagon, ...triangles].map(edge) };
    const mixed = shuffled(graph, [8, 0, 11, 3, 6, 1, 10, 5, 7, 2, 9, 4]);
    expect(reading(mixed)).toBe(reading(graph));
    expect(reading({ objects: dogs(12), relations: hexagon.map(edge) })).not.toBe(
      reading({ objects: dogs(12), relations: triangles.map(edge) }),
    );
  });

  it('does not mistake the direction of a relation', () => {
    const objects = [
      { label: 'dog', attributes: [] },
      { label: 'cat', attributes: [] },
    ];
    expect(reading({ objects, relations: [edge([0, 1])] })).not.toBe(reading({ objects, relations: [edge([1, 0])] }));
  });

  it('stays quick for many equal objects', () => {
    const ring = { objects: dogs(60), relations: dogs(60).map((_, i) => edge([i, (i + 1) % 60])) };
    expect(canonicalOrder({ objects: dogs(1000), relations: [] })).toHaveLength(1000);
    expect(canonicalOrder(ring)).toHaveLength(60);
  });
});
