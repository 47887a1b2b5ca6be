/** Bootstrap confidence intervals: how far a score would move if other test graphs had been drawn. */
import type { RandomSource } from '#graph/random.ts';

export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** Seeded, so that the interval is the same in every run. */
  readonly random: RandomSource;
  /** How often the units are drawn again. */
  readonly resamples?: number;
  /** Coverage in (0, 1). */
  readonly level?: number;
}

/**
 * Draws as many units as there are, with replacement, and computes the statistic again, `resamples` times.
 * For means and ratios; scores of whole sets are in jackknife.ts. A unit is what is independent: one graph with all its objects, never one object.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §13.3 (percentile).
 * @returns undefined when fewer than two units exist or no resample gives a finite statistic.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number,
  { random, resamples = 1000, level = 0.95 }: BootstrapOptions,
): Interval | undefined {
  if (units.length < 2) return undefined;
  const values: number[] = [];
  for (let r = 0; r < resamples; r++) {
    const value = statistic(units.map(() => units[random.integer(units.length)]!));
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}

/** Linear interpolation between the order statistics of ascending values; q in [0, 1]. */
export function quantile(ascending: readonly number[], q: number): number {
  const place = q * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  const above = ascending[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
