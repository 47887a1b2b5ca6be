import { describe, expect, it } from 'vitest';
import type { Picture } from '#engine/contract/protocol.ts';
import { allPairs, diversityOf, type PerceptualDistance } from './diversity.ts';

const shade = (value: number): Picture => ({
  width: 1,
  height: 1,
  pixels: new Uint8ClampedArray([value, value, value, 255]),
});
const absolute: PerceptualDistance = {
  name: 'absolute difference of one pixel',
  between: async (first, second) => first.map((picture, i) => Math.abs(picture.pixels[0]! - second[i]!.pixels[0]!)),
};

describe('diversity', () => {
  it('is the mean over all pairs', async () => {
    // |0−10| + |0−40| + |10−40| over 3
    expect(await diversityOf([shade(0), shade(10), shade(40)], absolute)).toBeCloseTo(80 / 3, 12);
  });

  it('is 0 when the seed changes nothing', async () => {
    expect(await diversityOf([shade(7), shade(7), shade(7), shade(7), shade(7)], absolute)).toBe(0);
  });

  it('takes ten pairs of five samples, each once', () => {
    const pairs = allPairs(5);
    expect(pairs).toHaveLength(10);
    expect(new Set(pairs.map(([i, j]) => i * 5 + j)).size).toBe(10);
    expect(pairs.every(([i, j]) => i < j)).toBe(true);
  });

  it('needs two samples', async () => {
    await expect(diversityOf([shade(1)], absolute)).rejects.toThrow('at least 2');
  });
});
