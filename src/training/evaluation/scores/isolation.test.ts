import { describe, expect, it } from 'vitest';
import type { Picture } from '#engine/contract/protocol.ts';
import { isolation } from './isolation.ts';

const paint = (size: number, colourAt: (x: number, y: number) => number): Picture => {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) pixels.fill(colourAt(i % size, Math.floor(i / size)), i * 4, i * 4 + 3);
  return { width: size, height: size, pixels };
};
const grey = paint(8, () => 100);

describe('isolation', () => {
  it('is 1 for the same picture and 0 for black against white', () => {
    expect(isolation(grey, grey, [])).toBe(1);
    expect(
      isolation(
        paint(4, () => 0),
        paint(4, () => 255),
        [],
      ),
    ).toBe(0);
  });

  it('looks outside the boxes alone', () => {
    const leftHalf = [0, 0, 0.5, 1] as const;
    const changedInside = paint(8, (x) => (x < 4 ? 255 : 100));
    const changedOutside = paint(8, (x) => (x < 4 ? 100 : 151)); // 51 / 255 = 0.2
    expect(isolation(grey, changedInside, [leftHalf])).toBe(1);
    expect(isolation(grey, changedOutside, [leftHalf])).toBeCloseTo(0.8, 12);
    expect(isolation(grey, changedOutside, [])).toBeCloseTo(0.9, 12);
  });

  it('joins overlapping boxes: three quarters covered, one corner left', () => {
    const changedCorner = paint(8, (x, y) => (x >= 4 && y >= 4 ? 151 : 0));
    const boxes = [
      [0, 0, 0.5, 1],
      [0, 0, 1, 0.5],
    ] as const;
    expect(isolation(grey, changedCorner, boxes)).toBeCloseTo(0.8, 12);
  });

  it('does not exist when the boxes leave too little to judge', () => {
    expect(isolation(grey, grey, [[0, 0, 1, 1]])).toBeUndefined();
  });

  it('ignores alpha and refuses different sizes', () => {
    const clear = { ...grey, pixels: grey.pixels.map((value, i) => (i % 4 === 3 ? 0 : value)) as Picture['pixels'] };
    expect(isolation(grey, clear, [])).toBe(1);
    expect(() =>
      isolation(
        grey,
        paint(4, () => 0),
        [],
      ),
    ).toThrow('8×8 and 4×4');
  });
});
