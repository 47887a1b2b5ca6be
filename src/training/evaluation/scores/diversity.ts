/** DS, diversity score: how different are the pictures that one graph gives for different seeds? */
import type { Picture } from '#engine/contract/protocol.ts';

/** A distance between pictures as people see them; 0 for equal pictures, larger for less alike. */
export interface PerceptualDistance {
  /** Which network and which layers, for the report. */
  readonly name: string;
  /** One distance for each pair (first[i], second[i]). */
  between(first: readonly Picture[], second: readonly Picture[]): Promise<readonly number[]>;
}

/** Samples per graph, as in the papers that report DS. */
export const SAMPLES_PER_GRAPH = 5;

/**
 * Mean distance over all n (n − 1) / 2 pairs of the samples. Range that of the distance; 0 means that the seed changes nothing. Higher is
 * better only while OOR and relation accuracy hold: noise is diverse as well.
 *
 * Source: Zhang et al. 2018, LPIPS (arXiv 1801.03924) between samples of one layout or graph, as in the paper and in LayoutDiffusion.
 * @throws RangeError for fewer than two samples.
 */
export async function diversityOf(samples: readonly Picture[], distance: PerceptualDistance): Promise<number> {
  const pairs = allPairs(samples.length);
  if (pairs.length === 0) throw new RangeError(`diversity needs at least 2 samples, not ${samples.length}`);
  const distances = await distance.between(
    pairs.map(([i]) => samples[i]!),
    pairs.map(([, j]) => samples[j]!),
  );
  return distances.reduce((sum, d) => sum + d, 0) / pairs.length;
}

/** Every pair i < j below count. */
export function allPairs(count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    Array.from({ length: count - i - 1 }, (_, k) => [i, i + 1 + k] as const),
  );
}
