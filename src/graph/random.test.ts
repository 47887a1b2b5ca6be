import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';

const draw = (seed: number, n: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => random.uint32());
};

/** xoshiro128** and splitmix32 once more in arbitrary-precision integers, so that no 32-bit trick is shared with the code under test. */
function reference(seed: number, n: number): number[] {
  const M = 0xffffffffn;
  const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & M;
  let state = BigInt(seed);
  const split = () => {
    state = (state + 0x9e3779b9n) & M;
    let z = state;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & M;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & M;
    return z ^ (z >> 16n);
  };
  const s = [split(), split(), split(), split()] as [bigint, bigint, bigint, bigint];
  return Array.from({ length: n }, () => {
    const out = (rotl((s[1] * 5n) & M, 7n) * 9n) & M;
    const t = (s[1] << 9n) & M;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(out);
  });
}

describe('seededRandom', () => {
  it.each([0, 1, 7, 0xffffffff])('agrees with the algorithm in big integers for seed %i', (seed) => {
    expect(draw(seed, 200)).toEqual(reference(seed, 200));
  });

  it('repeats for a seed and differs between seeds', () => {
    expect(draw(7, 50)).toEqual(draw(7, 50));
    expect(draw(7, 50)).not.toEqual(draw(8, 50));
    expect(draw(7, 5)).toEqual(draw(7 + 2 ** 32, 5));
  });

  it('is uniform: mean, variance and every eighth of the range', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 40_000 }, () => random.uniform());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.006);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
    const eighths = new Array<number>(8).fill(0);
    for (let i = 0; i < 40_000; i++) eighths[random.integer(8)]! += 1;
    for (const count of eighths) expect(Math.abs(count - 5000)).toBeLessThan(300);
  });
});
