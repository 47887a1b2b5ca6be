/** Scores of sets of pictures, blind to the graph: FD, IS, DS. */
import type { Picture } from '#diffusion/picture.ts';
import type { RandomSource } from '#graph/random.ts';
import { bootstrapInterval } from './intervals/bootstrap.ts';
import { jackknifeInterval } from './intervals/jackknife.ts';
import type { FeatureSpace } from './judges/feature-space.ts';
import { diversityOf, type PerceptualDistance, SAMPLES_PER_GRAPH } from './scores/diversity.ts';
import { frechetDistanceTo, gaussianOf } from './scores/frechet-distance.ts';
import { inceptionScore } from './scores/inception-score.ts';
import { finiteOrNull, meanOf, type Score } from './scores/score.ts';

/** In wider spaces (Inception's 2,048) each eigenvalue decomposition takes minutes: no interval there. */
const FD_WIDEST_WITH_INTERVAL = 512;

export interface DistributionScore extends Score {
  /** The feature space, posterior or distance. */
  readonly space: string;
}

export interface RealPictures {
  /** Pictures that the score compares with: scenes of the test split whose graphs are not painted. */
  readonly reference: readonly Picture[];
  /** Pictures of the very graphs that are painted. */
  readonly ceiling: readonly Picture[];
}

/**
 * Fréchet distance of the painted pictures to the reference. Ceiling: the real pictures of the same graphs against the reference. Floor: those
 * pictures with their pixels shuffled, that is, the right colours and nothing else; shuffling graphs would change nothing here.
 */
export async function frechetScore(
  painted: readonly Picture[],
  real: RealPictures | undefined,
  space: FeatureSpace,
  random: RandomSource,
  reason?: string,
): Promise<DistributionScore> {
  const nothing = { value: null, ceiling: null, floor: null, interval: null, n: painted.length, unit: 'pictures' };
  if (real === undefined) return { ...nothing, space: space.name, reason: reason ?? 'there are no real pictures' };
  if (painted.length < 2) return { ...nothing, space: space.name, reason: 'fewer than two pictures' };
  const distance = frechetDistanceTo(gaussianOf(await space.features(real.reference)));
  const features = await space.features(painted);
  const of = (set: readonly Float32Array[]) => distance(gaussianOf(set));
  const interval = features[0]!.length <= FD_WIDEST_WITH_INTERVAL ? jackknifeInterval(features, of) : undefined;
  return {
    value: of(features),
    ceiling: of(await space.features(real.ceiling)),
    floor: of(await space.features(real.ceiling.map((picture) => shufflePixels(picture, random)))),
    n: painted.length,
    interval: interval === undefined ? null : [Math.max(0, interval[0]), interval[1]],
    unit: 'pictures',
    space: space.name,
    reason: `against ${real.reference.length} real pictures; floor: real pictures with their pixels shuffled`,
  };
}

/** Below 500 pictures a split says little, so small sets are judged whole; from 5,000 there are 10, as in the literature. */
function splitsFor(pictures: number): number {
  return Math.max(1, Math.min(10, Math.floor(pictures / 500)));
}

/** Inception score of posteriors. Ceiling: real pictures. Floor: 1, the score of a painter who always paints the same. */
export function inceptionScoreOf(
  painted: readonly ArrayLike<number>[],
  real: readonly ArrayLike<number>[] | undefined,
  space: string,
  reason?: string,
): DistributionScore {
  const of = (rows: readonly ArrayLike<number>[]) => inceptionScore(rows, splitsFor(rows.length)).mean;
  return {
    value: of(painted),
    ceiling: real === undefined ? null : of(real),
    floor: 1,
    n: painted.length,
    interval: jackknifeInterval(painted, of) ?? null,
    unit: 'pictures',
    space,
    reason: `${splitsFor(painted.length)} split(s); the floor is 1 by definition${reason === undefined ? '' : `; ${reason}`}`,
  };
}

/**
 * Diversity score over graphs. Ceiling: the same of real pictures that each graph is true of. Floor: 0, where the seed changes nothing.
 * @param real of each graph, at least two; undefined when there are none
 */
export async function diversityScore(
  samples: readonly (readonly Picture[])[],
  real: readonly (readonly Picture[])[] | undefined,
  distance: PerceptualDistance,
  random: RandomSource,
  reason?: string,
): Promise<DistributionScore> {
  const valuesOf = async (sets: readonly (readonly Picture[])[]) => {
    const values: number[] = [];
    for (const ofGraph of sets) values.push(await diversityOf(ofGraph, distance));
    return values;
  };
  const values = await valuesOf(samples);
  return {
    value: finiteOrNull(meanOf(values)),
    ceiling: finiteOrNull(real && meanOf(await valuesOf(real))),
    floor: 0,
    n: values.length,
    interval: bootstrapInterval(values, meanOf, { random }) ?? null,
    unit: `graphs of ${SAMPLES_PER_GRAPH} samples`,
    space: distance.name,
    reason:
      reason ??
      (values.length === 0
        ? 'no graph was painted more than once'
        : 'ceiling: real pictures of the same graphs; the floor is 0 by definition, the seed changes nothing'),
  };
}

/** The same colours in places drawn by chance. */
function shufflePixels(picture: Picture, random: RandomSource): Picture {
  const { width, height } = picture;
  const words = new Uint32Array(picture.pixels.slice().buffer);
  for (let i = words.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const word = words[i]!;
    words[i] = words[j]!;
    words[j] = word;
  }
  return { width, height, pixels: new Uint8ClampedArray(words.buffer) };
}
