import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndexedRelation } from '#graph/indexed-graph.ts';
import { layOutDensely } from './dense-layout.ts';

const spacing = { x: 170, y: 110 };

const graph = fc.integer({ min: 1, max: 30 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    relations: fc.array(
      fc.record({
        subject: fc.nat(count - 1),
        predicate: fc.constantFrom('left of', 'above', 'near'),
        object: fc.nat(count - 1),
      }),
      { maxLength: 40 },
    ),
  }),
);

const lengthOf = (places: readonly { x: number; y: number }[], relations: readonly IndexedRelation[]): number =>
  relations.reduce((sum, { subject, object }) => {
    const [a, b] = [places[subject]!, places[object]!];
    return sum + Math.hypot((a.x - b.x) / spacing.x, (a.y - b.y) / spacing.y);
  }, 0);

describe('layOutDensely', () => {
  it('puts no two objects on one place, and all of them into the shape of the room', () => {
    fc.assert(
      fc.property(graph, fc.double({ min: 0.5, max: 2, noNaN: true }), ({ count, relations }, shape) => {
        const places = layOutDensely(count, relations, { width: shape * 1000, height: 1000 }, spacing);
        expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(count);
        const width = Math.max(...places.map(({ x }) => x)) + spacing.x;
        const height = Math.max(...places.map(({ y }) => y)) + spacing.y;
        // As far as whole rows and columns allow.
        expect(width * height).toBeLessThan(3 * count * spacing.x * spacing.y);
      }),
      { numRuns: 20 },
    );
  });

  it('makes the edges of a chain that was shuffled short, and the same each time', () => {
    const order = Array.from({ length: 24 }, (_, i) => (i * 7) % 24);
    const relations = order.slice(1).map((object, i) => ({ subject: order[i]!, predicate: 'near', object }));
    const places = layOutDensely(24, relations, { width: 1000, height: 800 }, spacing);
    // A path through a grid that steps to a neighbour each time is 23 long; the order that they were in, 71.
    expect(lengthOf(places, relations)).toBeLessThan(30);
    expect(layOutDensely(24, relations, { width: 1000, height: 800 }, spacing)).toEqual(places);
  });

  it('lets places say what relations say', () => {
    const relations = [
      { subject: 0, predicate: 'left of', object: 1 },
      { subject: 2, predicate: 'above', object: 0 },
    ];
    const [a, b, c] = layOutDensely(4, relations, { width: 400, height: 300 }, spacing);
    expect(a!.x).toBeLessThan(b!.x);
    expect(c!.y).toBeLessThan(a!.y);
  });
});
