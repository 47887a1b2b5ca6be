/** Is the picture like the photograph that its graph was taken from? Looked at by CLIP, which no edge and no object is hidden from. */
import type { Picture } from '#diffusion/picture.ts';
import { joined } from '#diffusion/tensor.ts';
import type { RandomSource } from '#graph/random.ts';
import { bootstrapInterval } from './intervals/bootstrap.ts';
import type { FeatureSpace } from './judges/feature-space.ts';
import type { Detected } from './judges/judge.ts';
import type { PaintedPair } from './pair-scores.ts';
import { pairCosines } from './scores/pair-cosines.ts';
import { recallAt } from './scores/recall.ts';
import { finiteOrNull, meanOf, type Score } from './scores/score.ts';

export interface PhotographScores {
  /** Mean cosine of picture and photograph; floor: the photographs of the other graphs. */
  readonly clipCosine: Score;
  /** Share of pictures whose own photograph is the nearest; floor: chance. */
  readonly clipRecallAt1: Score;
}

/** @param photographs one for each picture */
export async function photographScores(
  space: FeatureSpace,
  painted: readonly Picture[],
  photographs: readonly Picture[],
  random: RandomSource,
): Promise<PhotographScores> {
  const [ours, theirs] = [await space.features(painted), await space.features(photographs)];
  const n = painted.length;
  const { own, others } = pairCosines(ours, theirs);
  const [recall = 0] = recallAt(joined(ours), joined(theirs), ours[0]!.length, [1]);
  const unit = 'pictures';
  return {
    clipCosine: {
      value: meanOf(own),
      ceiling: 1,
      floor: finiteOrNull(others),
      n,
      interval: bootstrapInterval(own, meanOf, { random }) ?? null,
      unit,
    },
    clipRecallAt1: { value: recall, ceiling: 1, floor: 1 / n, n, interval: null, unit },
  };
}

/** Mean difference of pixels, of 1, that turning one edge round makes: nothing, for a painter who is told words alone. */
export function turnedMoves(pairs: readonly PaintedPair<Detected>[], random: RandomSource): Score {
  const moves = pairs.map(({ pictures: [before, after] }) => difference(before, after));
  return {
    value: finiteOrNull(meanOf(moves)),
    ceiling: null,
    floor: 0,
    n: moves.length,
    interval: bootstrapInterval(moves, meanOf, { random }) ?? null,
    unit: 'graphs',
    ...(moves.length === 0 && { reason: 'no graph has an edge between two labels' }),
  };
}

const difference = (a: Picture, b: Picture): number =>
  a.pixels.reduce((sum, value, i) => sum + Math.abs(value - b.pixels[i]!), 0) / (255 * 3 * a.width * a.height);
