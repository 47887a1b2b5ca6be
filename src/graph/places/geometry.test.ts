import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, geometricRelation, overlapOf, shareWithin } from './geometry.ts';

const at = (x: number, y: number): Box => [x - 1, y - 1, x + 1, y + 1];

describe('geometricRelation', () => {
  it.each([
    ['left of', at(-5, 0), at(0, 0)],
    ['right of', at(5, 0), at(0, 0)],
    ['above', at(0, -5), at(0, 0)],
    ['below', at(0, 5), at(0, 0)],
    ['surrounding', [-9, -9, 9, 9], at(0, 0)],
    ['inside', at(0, 0), [-9, -9, 9, 9]],
    // the diagonals: 3π/4 and −3π/4 are left, −π/4 is right, π/4 is below
    ['left of', at(-5, 5), at(0, 0)],
    ['left of', at(-5, -5), at(0, 0)],
    ['right of', at(5, -5), at(0, 0)],
    ['below', at(5, 5), at(0, 0)],
    ['right of', at(0, 0), at(0, 0)],
    // touching the edge is not strict containment
    ['above', [0, 0, 4, 4], [0, 0, 4, 9]],
  ] as [string, Box, Box][])('%s', (expected, subject, object) => {
    expect(geometricRelation(subject, object)).toBe(expected);
  });

  it('turns into its opposite when the boxes change places, unless the centres are on a diagonal', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const box = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), side, side)
      .map(([x, y, w, h]): Box => [x, y, x + w, y + h]);
    const opposite = {
      'left of': 'right of',
      'right of': 'left of',
      above: 'below',
      below: 'above',
      inside: 'surrounding',
      surrounding: 'inside',
    };
    fc.assert(
      fc.property(box, box, (a, b) => {
        const dx = a[0] + a[2] - b[0] - b[2];
        const dy = a[1] + a[3] - b[1] - b[3];
        fc.pre(Math.abs(dx) !== Math.abs(dy));
        expect(geometricRelation(b, a)).toBe(opposite[geometricRelation(a, b)]);
      }),
    );
  });
});

describe('how much two boxes share', () => {
  const left: Box = [0, 0, 0.5, 0.5];
  const right: Box = [0.5, 0, 1, 0.5];

  it('overlapOf is intersection over union', () => {
    expect(overlapOf(left, left)).toBe(1);
    expect(overlapOf(left, right)).toBe(0);
    expect(overlapOf(left, [0.1, 0, 0.6, 0.5])).toBeCloseTo(0.4 / 0.6, 12);
    expect(overlapOf(left, [0, 0, 1, 1])).toBeCloseTo(0.25, 12);
  });

  it('shareWithin is of the first one, and 0 of one without room', () => {
    expect(shareWithin(left, [0, 0, 1, 1])).toBe(1);
    expect(shareWithin([0, 0, 1, 1], left)).toBeCloseTo(0.25, 12);
    expect(shareWithin([0.2, 0.2, 0.2, 0.4], left)).toBe(0);
    expect(overlapOf([0.2, 0.2, 0.2, 0.4], left)).toBe(0);
  });
});
