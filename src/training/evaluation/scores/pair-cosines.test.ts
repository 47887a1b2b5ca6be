import { expect, it } from 'vitest';
import { pairCosines } from './pair-cosines.ts';

it('tells partners from all others', () => {
  const [east, north, west] = [
    [1, 0],
    [0, 1],
    [-1, 0],
  ].map((row) => Float32Array.from(row)) as [Float32Array, Float32Array, Float32Array];
  expect(pairCosines([east, north, west], [east, north, north])).toEqual({
    own: [1, 1, 0],
    others: (0 + 0 + 0 + 1 - 1 + 0) / 6,
  });
  expect(pairCosines([east, west], [east, east])).toEqual({ own: [1, -1], others: 0 });
  expect(pairCosines([east], [west])).toEqual({ own: [-1], others: Number.NaN });
});
