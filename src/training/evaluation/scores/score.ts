/** One number of the evaluation, and what is needed to judge it. */
import { type BootstrapOptions, bootstrapInterval, type Interval } from '#training/evaluation/intervals/bootstrap.ts';

export interface Score {
  /** null when it cannot be measured; `reason` says why. */
  readonly value: number | null;
  /** The same metric on real test pictures: what a perfect painter would reach with this judge. */
  readonly ceiling: number | null;
  /** The same metric where the picture has nothing to do with the graph: what no knowledge at all reaches. */
  readonly floor: number | null;
  /** How many things were counted; each score says which. */
  readonly n: number;
  /** 95 % interval of the value over graphs or pictures: bootstrap for means and ratios, jackknife for FD and IS. */
  readonly interval: Interval | null;
  /** What n counts. */
  readonly unit: string;
  /** Why the value, ceiling or floor is null, or how it was obtained when that is not obvious. */
  readonly reason?: string;
}

/** Some of `total` things came out as asked. */
export interface Tally {
  readonly hits: number;
  readonly total: number;
}

/** Σ hits ÷ Σ total, NaN when there is nothing to count. Things weigh the same, whichever graph they stand in. */
export function ratioOf(tallies: readonly Tally[]): number {
  let hits = 0;
  let total = 0;
  for (const tally of tallies) {
    hits += tally.hits;
    total += tally.total;
  }
  return hits / total;
}

/** NaN when empty. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** A ratio over graphs, with the interval that resampling the graphs gives. `undefined` ceilings and floors become null. */
export function ratioScore(
  tallies: readonly Tally[],
  ceiling: readonly Tally[] | undefined,
  floor: readonly Tally[] | undefined,
  unit: string,
  bootstrap: BootstrapOptions,
  reason?: string,
): Score {
  return {
    value: finiteOrNull(ratioOf(tallies)),
    ceiling: finiteOrNull(ceiling && ratioOf(ceiling)),
    floor: finiteOrNull(floor && ratioOf(floor)),
    n: tallies.reduce((sum, { total }) => sum + total, 0),
    interval: bootstrapInterval(tallies, ratioOf, bootstrap) ?? null,
    unit,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Adds tallies that share a key. */
export function tallyBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  tallyOf: (item: Item) => Tally,
): Record<string, Tally> {
  const sums: Record<string, Tally> = {};
  for (const item of items) {
    const key = keyOf(item);
    const { hits, total } = tallyOf(item);
    const sum = sums[key] ?? { hits: 0, total: 0 };
    sums[key] = { hits: sum.hits + hits, total: sum.total + total };
  }
  return sums;
}
