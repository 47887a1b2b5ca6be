import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panned, shapeIn, showsSquares, type View, WHOLE, zoomed } from './view.ts';

const side = fc.integer({ min: 64, max: 4096 });
const size = fc.record({ width: side, height: side });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.record({ x: share, y: share });
const factor = fc.double({ min: 0.1, max: 10, noNaN: true });

/** From and to where the picture lies along one side of the pane. */
const extent = (start: number, zoom: number, length: number) => [
  start + (zoom * (1 - length)) / 2,
  start + (zoom * (1 + length)) / 2,
];

describe('the view of a picture', () => {
  it('never shows emptiness beside a picture that is larger than its pane, and centres one that is smaller', () => {
    const moves = fc.array(fc.record({ factor, at: place, by: place }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(size, size, moves, (pane, picture, all) => {
        const shape = shapeIn(pane, picture);
        const view = all.reduce<View>(
          (now, { factor: by, at, by: far }) =>
            panned(zoomed(now, by, shape, at), { x: far.x * 4 - 2, y: far.y * 4 - 2 }, shape),
          WHOLE,
        );
        for (const [start, length] of [
          [view.x, shape.width],
          [view.y, shape.height],
        ] as const) {
          const [from, to] = extent(start, view.zoom, length) as [number, number];
          if (view.zoom * length <= 1) expect(from + to).toBeCloseTo(1);
          else {
            expect(from).toBeLessThanOrEqual(1e-9);
            expect(to).toBeGreaterThanOrEqual(1 - 1e-9);
          }
        }
      }),
    );
  });

  it('keeps what is under the pointer there, as far as the edges allow', () => {
    const shape = { width: 1, height: 1 };
    fc.assert(
      fc.property(fc.double({ min: 1.01, max: 4, noNaN: true }), place, place, (by, at, far) => {
        const before = panned(zoomed(WHOLE, 4, shape), { x: far.x - 0.5, y: far.y - 0.5 }, shape);
        const after = zoomed(before, by, shape, at);
        expect((at.x - after.x) / after.zoom).toBeCloseTo((at.x - before.x) / before.zoom);
        expect((at.y - after.y) / after.zoom).toBeCloseTo((at.y - before.y) / before.zoom);
      }),
    );
  });

  it('comes back to the whole picture', () => {
    const shape = shapeIn({ width: 1000, height: 500 }, { width: 256, height: 256 });
    expect(shape).toEqual({ width: 0.5, height: 1 });
    const near = zoomed(WHOLE, 5, shape, { x: 0.3, y: 0.9 });
    expect(near.zoom).toBe(5);
    expect(zoomed(near, 0.01, shape)).toEqual({ zoom: 1, x: 0, y: 0 });
  });

  it('shows pixels as squares only where they are large', () => {
    const [pane, picture] = [
      { width: 1024, height: 1024 },
      { width: 256, height: 256 },
    ];
    expect(showsSquares(WHOLE, pane, picture, 1)).toBe(false);
    expect(showsSquares({ ...WHOLE, zoom: 3 }, pane, picture, 1)).toBe(true);
    expect(showsSquares({ ...WHOLE, zoom: 1.5 }, pane, picture, 2)).toBe(true);
  });
});
