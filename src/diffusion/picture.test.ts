import { expect, it } from 'vitest';
import { toPicture } from './picture.ts';
import { NonFiniteError } from './sampling/non-finite.ts';

it('maps −1 … 1 to 0 … 255, clamps, and interleaves the planes', () => {
  const data = Float32Array.of(-1, 1, 0, -2, 2, 0.5);
  const picture = toPicture({ data, dims: [1, 3, 1, 2] });
  expect([picture.width, picture.height]).toEqual([2, 1]);
  expect([...picture.pixels]).toEqual([0, 128, 255, 255, 255, 0, 191, 255]);
});

it('refuses what is not one RGB picture', () => {
  expect(() => toPicture({ data: new Float32Array(8), dims: [2, 1, 2, 2] })).toThrow('(2, 1, 2, 2)');
});

it('refuses a decoder that overflowed instead of showing black', () => {
  const data = Float32Array.of(0, Number.NaN, 0);
  expect(() => toPicture({ data, dims: [1, 3, 1, 1] })).toThrow(NonFiniteError);
});
