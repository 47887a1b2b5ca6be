import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromHalf, toHalf } from './float16.ts';

const half = (value: number): number => toHalf(Float32Array.of(value))[0]!;

describe('half precision', () => {
  it('gives the patterns of IEEE 754', () => {
    const patterns: readonly (readonly [number, number])[] = [
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [1 / 3, 0x3555],
      [65504, 0x7bff],
      [65519.99, 0x7bff],
      [65520, 0x7c00],
      [1e9, 0x7c00],
      [Number.NEGATIVE_INFINITY, 0xfc00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [1.5 * 2 ** -24, 0x0002],
      [2.5 * 2 ** -24, 0x0002],
      [2 ** -25, 0x0000],
      [-(2 ** -24) * 1023, 0x83ff],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
    ];
    for (const [value, pattern] of patterns) expect([value, half(value)]).toEqual([value, pattern]);
    expect(fromHalf(toHalf(Float32Array.of(Number.NaN)))[0]).toBeNaN();
  });

  it('every half survives the way to a float and back', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter((i) => (i & 0x7fff) <= 0x7c00);
    expect(toHalf(fromHalf(all))).toEqual(all);
  });

  it('rounds to the nearest half', () => {
    const ladder = fromHalf(Uint16Array.from({ length: 0x7c00 }, (_, i) => i));
    for (let i = 1; i < ladder.length; i += 37) {
      const [low, high] = [ladder[i - 1]!, ladder[i]!];
      expect(half(low + (high - low) * 0.49)).toBe(i - 1);
      expect(half(low + (high - low) * 0.51)).toBe(i);
    }
  });
});

it('bfloat16 is the upper half of a float32', () => {
  const values = fromBfloat16(Uint16Array.of(0x3f80, 0xc000, 0x3f81, 0x0001, 0x7f80, 0x7fc0));
  expect([...values]).toEqual([1, -2, 1 + 2 ** -7, 2 ** -133, Number.POSITIVE_INFINITY, Number.NaN]);
});
