/** Draws from a seeded source, and the seed of each scene. */
import type { RandomSource } from '#graph/random.ts';

export const splits = ['train', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

/** Scenes per split: so that (split, index) fits in 32 bits. */
export const MAX_SCENES = 2 ** 30;

/**
 * Seed of scene `index` of a split. A bijection of 32 bits (the finaliser of MurmurHash3, Appleby 2011), so that no two scenes share a seed
 * and train, validation and test are disjoint.
 * @throws RangeError unless 0 ≤ index < 2³⁰ and whole.
 */
export function sceneSeed(split: Split, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_SCENES)
    throw new RangeError(`scene index ${index} is not in 0 … 2^30 − 1`);
  let z = (splits.indexOf(split) * MAX_SCENES + index) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** @throws RangeError when the list is empty. */
export function pick<Item>(random: RandomSource, items: readonly Item[]): Item {
  if (items.length === 0) throw new RangeError('cannot pick from an empty list');
  return items[random.integer(items.length)] as Item;
}

/** One item, with a chance proportional to its weight (≥ 0, not all 0). */
export function pickWeighted<Item>(random: RandomSource, items: readonly Item[], weight: (item: Item) => number): Item {
  const weights = items.map(weight);
  let at = random.uniform() * weights.reduce((sum, w) => sum + w, 0);
  for (const [index, w] of weights.entries()) {
    at -= w;
    if (at < 0) return items[index] as Item;
  }
  return items[items.length - 1] as Item;
}

export function chance(random: RandomSource, probability: number): boolean {
  return random.uniform() < probability;
}

/** Uniform in [low, high). */
export function between(random: RandomSource, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}
