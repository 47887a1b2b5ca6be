import { describe, expect, it } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { meanOf } from '#training/evaluation/scores/score.ts';
import { bootstrapInterval, quantile } from './bootstrap.ts';

describe('quantile', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([10, 20, 30, 40], 0)).toBe(10);
    expect(quantile([10, 20, 30, 40], 1)).toBe(40);
    expect(quantile([10, 20, 30, 40], 0.5)).toBe(25);
    expect(quantile([10, 20, 30, 40], 0.25)).toBeCloseTo(17.5);
  });
});

describe('bootstrapInterval', () => {
  const coin = Array.from({ length: 400 }, (_, i) => (i < 280 ? 1 : 0));

  it("is near the normal approximation for a coin's mean", () => {
    // p = 0.7, n = 400: 0.7 ± 1.96 · sqrt(0.7 · 0.3 / 400) = 0.7 ± 0.0449
    const [low, high] = bootstrapInterval(coin, meanOf, { random: seededRandom(1), resamples: 4000 })!;
    expect(low).toBeGreaterThan(0.7 - 0.0449 - 0.006);
    expect(low).toBeLessThan(0.7 - 0.0449 + 0.006);
    expect(high).toBeGreaterThan(0.7 + 0.0449 - 0.006);
    expect(high).toBeLessThan(0.7 + 0.0449 + 0.006);
  });

  it('is the same for the same seed and wider for fewer units', () => {
    const of = (seed: number, units: readonly number[]) =>
      bootstrapInterval(units, meanOf, { random: seededRandom(seed), resamples: 500 })!;
    expect(of(3, coin)).toEqual(of(3, coin));
    const few = coin.filter((_, i) => i % 16 === 0);
    expect(of(3, few)[1] - of(3, few)[0]).toBeGreaterThan(2 * (of(3, coin)[1] - of(3, coin)[0]));
  });

  it('is a point when all units agree', () => {
    expect(bootstrapInterval([2, 2, 2], meanOf, { random: seededRandom(0) })).toEqual([2, 2]);
  });

  it('does not exist for one unit, nor where the statistic never exists', () => {
    expect(bootstrapInterval([1], meanOf, { random: seededRandom(0) })).toBeUndefined();
    expect(bootstrapInterval([1, 2], () => Number.NaN, { random: seededRandom(0) })).toBeUndefined();
  });

  it('covers the truth about as often as it says', () => {
    const random = seededRandom(9);
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const sample = Array.from({ length: 60 }, () => (random.uniform() < 0.5 ? 1 : 0));
      const [low, high] = bootstrapInterval(sample, meanOf, { random, resamples: 200 })!;
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(200 * 0.88);
  });
});
