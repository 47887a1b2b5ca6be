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
  /**
   * `percentile` for means and ratios. `basic` mirrors the percentiles at the score itself, which takes out the upward shift
   * that repeated units give to the Fréchet distance and to the Inception score.
   */
  readonly method?: 'percentile' | 'basic';
}

/**
 * Draws as many units as there are, with replacement, and computes the statistic again, `resamples` times.
 * A unit is what is independent: one graph with all its objects, never one object.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §13.3 (percentile); Davison and Hinkley, Bootstrap
 * Methods and their Application (1997), §5.2 (basic).
 * @returns undefined when fewer than two units exist or no resample gives a finite statistic.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number,
  { random, resamples = 1000, level = 0.95, method = 'percentile' }: BootstrapOptions,
): Interval | undefined {
  if (units.length < 2) return undefined;
  const values: number[] = [];
  for (let r = 0; r < resamples; r++) {
    const value = statistic(units.map(() => units[random.integer(units.length)]!));
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  const low = quantile(values, (1 - level) / 2);
  const high = quantile(values, (1 + level) / 2);
  if (method === 'percentile') return [low, high];
  const centre = statistic(units);
  return [2 * centre - high, 2 * centre - low];
}

/** Linear interpolation between the order statistics of ascending values; q in [0, 1]. */
export function quantile(ascending: readonly number[], q: number): number {
  const place = q * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  const above = ascending[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
