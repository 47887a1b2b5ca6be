import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAYOUT_SPACING, layOut } from './layout.ts';

const relationsOf = (n: number) =>
  fc.array(
    fc.record({
      subject: fc.nat(n - 1),
      predicate: fc.constantFrom('left of', 'above', 'behind', 'riding', 'constructor'),
      object: fc.nat(n - 1),
    }),
    { maxLength: 20 },
  );

describe('layOut', () => {
  it('never puts two nodes on one another, even for contradictions', () => {
    const graphs = fc.integer({ min: 1, max: 30 }).chain((n) => fc.tuple(fc.constant(n), relationsOf(n)));
    fc.assert(
      fc.property(graphs, ([n, relations]) => {
        const positions = layOut(n, relations);
        expect(positions).toHaveLength(n);
        for (const [i, a] of positions.entries()) {
          for (const b of positions.slice(i + 1)) {
            const isApart = Math.abs(a.x - b.x) >= LAYOUT_SPACING.x || Math.abs(a.y - b.y) >= LAYOUT_SPACING.y;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });

  it('puts what is above above, what is left left, and a rider on top', () => {
    const [sky, boy, horse, tree] = layOut(4, [
      { subject: 0, predicate: 'above', object: 1 },
      { subject: 1, predicate: 'riding', object: 2 },
      { subject: 2, predicate: 'left of', object: 3 },
      { subject: 0, predicate: 'above', object: 3 },
    ]);
    expect(sky!.y).toBeLessThan(boy!.y);
    expect(boy!.y).toBeLessThan(horse!.y);
    expect(horse!.x).toBeLessThanOrEqual(tree!.x);
  });

  it('wraps long rows', () => {
    const positions = layOut(30, []);
    expect(new Set(positions.map(({ y }) => y)).size).toBe(4);
  });
});
