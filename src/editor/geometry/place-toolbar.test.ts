import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from './box-grid.ts';
import { placeToolbar } from './place-toolbar.ts';

const bounds = { width: 800, height: 600 };
const size = { width: 260, height: 36 };
const anchor = { x: 350, y: 300, width: 100, height: 24 };

describe('placeToolbar', () => {
  it('sits above what it belongs to when nothing is there', () => {
    expect(placeToolbar(size, { anchor, nodes: [], labels: [], bounds })).toEqual({ x: 270, y: 256 });
  });

  it('goes below when a node is above, and stays in the canvas', () => {
    const nodes = [{ x: 340, y: 250, width: 120, height: 40 }];
    expect(placeToolbar(size, { anchor, nodes, labels: [], bounds })).toEqual({ x: 270, y: 332 });
    const corner = placeToolbar(size, { anchor: { ...anchor, x: 760, y: 4 }, nodes: [], labels: [], bounds });
    expect(corner.x).toBe(534);
    expect(corner.y).toBeGreaterThan(28);
  });

  const box = fc.record({
    x: fc.integer({ min: -100, max: 780 }),
    y: fc.integer({ min: -60, max: 580 }),
    width: fc.integer({ min: 60, max: 200 }),
    height: fc.integer({ min: 30, max: 60 }),
  });

  it('never lies over a node while any place of the canvas is free', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 24 }), fc.array(box, { maxLength: 12 }), box, (nodes, labels, own) => {
        const corner = placeToolbar(size, { anchor: own, nodes, labels, bounds });
        expect(corner.x >= 0 && corner.x + size.width <= bounds.width).toBe(true);
        expect(corner.y >= 0 && corner.y + size.height <= bounds.height).toBe(true);
        const covers = (x: number, y: number, margin: number) => {
          const place = {
            x: x - margin,
            y: y - margin,
            width: size.width + 2 * margin,
            height: size.height + 2 * margin,
          };
          return [...nodes, own].some((node) => overlaps(node, place));
        };
        let hasRoom = false;
        for (let y = 6; y <= bounds.height - size.height - 6; y += 16)
          for (let x = 6; x <= bounds.width - size.width - 6; x += 16) hasRoom ||= !covers(x, y, 8);
        if (hasRoom) expect(covers(corner.x, corner.y, 0)).toBe(false);
      }),
    );
  });
});
