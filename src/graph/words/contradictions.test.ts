import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRAPH_BOUNDS } from '#graph/bounds.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { contradictions } from './contradictions.ts';

type Triple = readonly [subject: number, predicate: string, object: number];

function graphOf(count: number, triples: readonly Triple[]) {
  const objects = Array.from({ length: count }, () => ({ label: 'dog', attributes: [] }));
  const relations = triples.map(([subject, predicate, object]) => ({ subject, predicate, object }));
  const places = objects.map((_, i) => ({ x: i, y: 0 }));
  const graph = documentOf({ objects, relations }, places);
  return { graph, ids: graph.relations.map(({ id }) => id) };
}

describe('contradictions', () => {
  it.each<[string, readonly Triple[]]>([
    [
      'the same both ways round',
      [
        [0, 'left of', 1],
        [1, 'left of', 0],
      ],
    ],
    [
      'opposites of one pair',
      [
        [0, 'above', 1],
        [0, 'below', 1],
      ],
    ],
    [
      'three in a circle',
      [
        [0, 'in front of', 1],
        [1, 'in front of', 2],
        [0, 'behind', 2],
      ],
    ],
  ])('are found: %s', (_, triples) => {
    const { graph, ids } = graphOf(3, triples);
    expect(contradictions(graph).map((circle) => [...circle].sort())).toEqual([ids]);
  });

  it('are none between two axes, nor where two ways lead to one place', () => {
    const triples: Triple[] = [
      [0, 'left of', 1],
      [1, 'above', 0],
      [0, 'left of', 2],
      [1, 'left of', 2],
      [2, 'on', 0],
      [0, 'on', 2],
    ];
    expect(contradictions(graphOf(3, triples).graph)).toEqual([]);
  });

  it('are none in what can be drawn, and one as soon as any of it is said the other way round', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 12, selector: String });
    fc.assert(
      fc.property(pairs, fc.nat(), (all, turned) => {
        const drawn = all.flatMap(([a, b]): Triple[] =>
          a < b ? [[a, 'left of', b]] : a > b ? [[a, 'right of', b]] : [],
        );
        expect(contradictions(graphOf(7, drawn).graph)).toEqual([]);
        const [a, predicate, b] = drawn[turned % Math.max(1, drawn.length)] ?? [0, 'left of', 1];
        if (drawn.length > 0)
          expect(contradictions(graphOf(7, [...drawn, [b, predicate, a]]).graph).length).toBeGreaterThan(0);
      }),
    );
  });

  it('are looked for in the largest document without a stop', () => {
    const { objects, relations } = GRAPH_BOUNDS;
    const onward = (i: number): Triple => [i % (objects - 8), 'left of', (i % (objects - 8)) + 1 + (i % 7)];
    const triples = Array.from({ length: relations - 1 }, (_, i) => onward(i));
    expect(contradictions(graphOf(objects, triples).graph)).toEqual([]);
    const [circle] = contradictions(graphOf(objects, [...triples, [objects - 9, 'left of', 0]]).graph);
    expect(circle?.length).toBeGreaterThan(objects / 8);
  });
});
