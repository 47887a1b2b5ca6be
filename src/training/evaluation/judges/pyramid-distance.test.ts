import { describe, expect, it } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { pyramidDistance } from './pyramid-distance.ts';

const paint = (size: number, shadeAt: (x: number, y: number) => number): Picture => {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) pixels.fill(shadeAt(i % size, Math.floor(i / size)), i * 4, i * 4 + 3);
  return { width: size, height: size, pixels };
};
const between = async (a: Picture, b: Picture) => (await pyramidDistance.between([a], [b]))[0];

describe('pyramidDistance', () => {
  it('is 0 for the same picture and 1 for black against white', async () => {
    const black = paint(16, () => 0);
    expect(await between(black, black)).toBe(0);
    expect(
      await between(
        black,
        paint(16, () => 255),
      ),
    ).toBeCloseTo(1, 6);
  });

  it('a checkerboard against its negative differs at the finest scale alone', async () => {
    const board = (odd: number) => paint(32, (x, y) => ((x + y + odd) % 2) * 255);
    expect(await between(board(0), board(1))).toBeCloseTo(1 / 5, 6);
  });

  it('two halves against each other differ until a block covers both', async () => {
    // 16 pixels wide: halves of 8 stay apart at sizes 16, 8, 4 and 2, and meet at 1.
    const half = (flip: boolean) => paint(16, (x) => (x < 8 === flip ? 255 : 0));
    expect(await between(half(true), half(false))).toBeCloseTo(4 / 5, 6);
  });

  it('is symmetric and bears odd sizes', async () => {
    const [a, b] = [paint(13, (x, y) => (x * y) % 256), paint(13, (x) => x * 19)];
    expect(await between(a, b)).toBeCloseTo((await between(b, a))!, 6);
  });
});
