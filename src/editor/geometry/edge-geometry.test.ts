import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeCurve, leave, pointAt, STRAIGHT } from './edge-geometry.ts';

const left = { x: 0, y: 0, width: 100, height: 40 };
const right = { x: 300, y: 0, width: 100, height: 40 };

describe('leave', () => {
  it('finds the border of a box, and of the box grown by a margin', () => {
    expect(leave(left, { x: 350, y: 20 }, 0)).toEqual({ x: 100, y: 20 });
    expect(leave(left, { x: 350, y: 20 }, 5)).toEqual({ x: 105, y: 20 });
    expect(leave(left, { x: 50, y: -500 }, 0)).toEqual({ x: 50, y: 0 });
  });

  it('stays in the middle when there is no direction', () => {
    expect(leave(left, { x: 50, y: 20 }, 5)).toEqual({ x: 50, y: 20 });
  });
});

describe('edgeCurve', () => {
  it('runs straight when nothing bends it, with its label in the middle of what is seen', () => {
    const { path, label } = edgeCurve(left, right, STRAIGHT);
    expect(path).toBe('M 100 20 Q 197.5 20 295 20');
    expect(label).toEqual({ x: 197.5, y: 20 });
  });

  it('bends to the right of its own direction, so that a turned edge bends to the other side', () => {
    const bent = { across: 30, along: 0 };
    expect(edgeCurve(left, right, bent).label.y).toBe(50);
    expect(edgeCurve(right, left, bent).label.y).toBe(-10);
  });

  const coordinate = fc.integer({ min: -400, max: 400 });
  const box = fc.record({ x: coordinate, y: coordinate, width: fc.constant(120), height: fc.constant(44) });
  it('passes through its label, begins at the subject and ends just before the object', () => {
    fc.assert(
      fc.property(box, box, coordinate, coordinate, (source, target, across, along) => {
        const curve = edgeCurve(source, target, { across, along });
        const middle = pointAt(curve, 0.5);
        expect(middle.x).toBeCloseTo(curve.label.x, 6);
        expect(middle.y).toBeCloseTo(curve.label.y, 6);
        const isWithin = ({ x, y }: { x: number; y: number }, { x: left, y: top, width, height }: typeof source) =>
          x >= left - 5.01 && x <= left + width + 5.01 && y >= top - 5.01 && y <= top + height + 5.01;
        expect(isWithin(curve.start, source)).toBe(true);
        expect(isWithin(curve.end, target)).toBe(true);
        expect(Object.values(curve.label).every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
