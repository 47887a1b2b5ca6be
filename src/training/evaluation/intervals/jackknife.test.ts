import { describe, expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { frechetDistanceTo, gaussianOf } from '#training/evaluation/scores/frechet-distance.ts';
import { meanOf } from '#training/evaluation/scores/score.ts';
import { jackknifeInterval } from './jackknife.ts';

describe('jackknifeInterval', () => {
  it('of a mean is t · deviation of the group means ÷ √10', () => {
    // Unit i belongs to group i mod 10; the two units of a group agree, so group means are 0 … 9 with variance 55/6.
    const units = Array.from({ length: 20 }, (_, i) => i % 10);
    const [low, high] = jackknifeInterval(units, meanOf)!;
    const reach = 2.262 * Math.sqrt(55 / 6 / 10);
    expect(low).toBeCloseTo(4.5 - reach, 10);
    expect(high).toBeCloseTo(4.5 + reach, 10);
  });

  it('is a point when all units agree, and does not exist for few', () => {
    expect(jackknifeInterval(new Array(30).fill(2), meanOf)).toEqual([2, 2]);
    expect(jackknifeInterval(new Array(19).fill(2), meanOf)).toBeUndefined();
  });

  it('holds the Fréchet distance of two sets of one distribution, where the bootstrap does not', () => {
    const noise = seededNoise(3);
    const set = (n: number) => Array.from({ length: n }, () => noise.normals(12));
    const distance = frechetDistanceTo(gaussianOf(set(400)));
    const of = (features: readonly Float32Array[]) => distance(gaussianOf(features));
    const features = set(100);
    const [low, high] = jackknifeInterval(features, of)!;
    expect(low).toBeLessThan(of(features));
    expect(high).toBeGreaterThan(of(features));
    const drawnTwice = features.map((_, i) => features[i - (i % 2)]!);
    expect(of(drawnTwice)).toBeGreaterThan(high);
  });
});
