import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alignment, align, around, distribute, type PlacedBox } from './align.ts';

const box = (id: string, x: number, y: number, width = 100, height = 40): PlacedBox => ({ id, x, y, width, height });
const three = [box('a', 0, 0), box('b', 50, 90, 60), box('c', 300, 200)];

const coordinate = fc.integer({ min: -2000, max: 2000 });
const length = fc.integer({ min: 40, max: 220 });
const boxes = fc
  .array(fc.tuple(coordinate, coordinate, length, length), { minLength: 2, maxLength: 12 })
  .map((list) => list.map(([x, y, width, height], i) => box(`o${i}`, x, y, width, height)));
const moved = (before: readonly PlacedBox[], places: ReadonlyMap<string, { x: number; y: number }>) =>
  before.map((each) => ({ ...each, ...places.get(each.id)! }));

describe('align', () => {
  it('puts an edge or the middle of every box on one line', () => {
    expect([...align(three, 'left').values()].map(({ x }) => x)).toEqual([0, 0, 0]);
    expect([...align(three, 'right').values()].map(({ x }) => x)).toEqual([300, 340, 300]);
    expect([...align(three, 'centre').values()].map(({ x }) => x)).toEqual([150, 170, 150]);
    expect([...align(three, 'bottom').values()].map(({ y }) => y)).toEqual([200, 200, 200]);
  });

  it('moves along one axis only, stays inside, and changes nothing the second time', () => {
    const to = fc.constantFrom<Alignment>('left', 'centre', 'right', 'top', 'middle', 'bottom');
    fc.assert(
      fc.property(boxes, to, (before, edge) => {
        const after = moved(before, align(before, edge));
        const isAcross = ['left', 'centre', 'right'].includes(edge);
        for (const [i, { x, y }] of after.entries())
          expect(isAcross ? y : x).toBe(isAcross ? before[i]!.y : before[i]!.x);
        const [outer, inner] = [around(before), around(after)];
        expect(inner.left).toBeGreaterThanOrEqual(outer.left);
        expect(inner.bottom).toBeLessThanOrEqual(outer.bottom);
        const again = moved(after, align(after, edge));
        for (const [i, { x, y }] of again.entries()) {
          // The middle of an odd length falls between two pixels.
          expect(Math.abs(x - after[i]!.x)).toBeLessThanOrEqual(1);
          expect(Math.abs(y - after[i]!.y)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('distribute', () => {
  it('makes gaps equal, by the boxes’ own sizes', () => {
    expect([...distribute(three, 'across')]).toEqual([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 170, y: 90 }],
      ['c', { x: 300, y: 200 }],
    ]);
  });

  it('keeps the order and the space that they take, with equal gaps to the pixel', () => {
    fc.assert(
      fc.property(boxes, fc.constantFrom('across' as const, 'down' as const), (before, direction) => {
        const places = distribute(before, direction);
        const after = moved(before, places);
        const inOrder = [...places.keys()].map((id) => after.find((each) => each.id === id)!);
        const start = (each: PlacedBox) => (direction === 'across' ? each.x : each.y);
        const end = (each: PlacedBox) => start(each) + (direction === 'across' ? each.width : each.height);
        const gaps = inOrder.slice(1).map((each, i) => start(each) - end(inOrder[i]!));
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(2);
        const outer = around(before);
        expect(start(inOrder[0]!)).toBe(direction === 'across' ? outer.left : outer.top);
        const last = direction === 'across' ? outer.right : outer.bottom;
        expect(Math.abs(end(inOrder.at(-1)!) - last)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
