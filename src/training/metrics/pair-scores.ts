/** What happens when one relation of a graph is turned round: edge flip and isolation over a test set. */
import type { Picture } from '#diffusion/picture.ts';
import type { RandomSource } from '#graph/random.ts';
import type { Box } from '#training/corpus/scene.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { type EdgeFlipOutcome, edgeFlipOutcome, edgeFlipTally } from './edge-flip.ts';
import { labelGraphOf, shuffledPlaces } from './evaluation-plan.ts';
import { type DetailScore, details } from './graph-scores.ts';
import { isolation } from './isolation.ts';
import type { Detected, Judge, Sighting } from './judge.ts';
import { directions, type PerturbedPair } from './perturbation-study.ts';
import { finiteOrNull, meanOf, ratioOf, ratioScore, type Score, type Tally } from './score.ts';

/** Two pictures of one seed, and what the judge saw in them. */
export interface PaintedPair<Detection extends Detected> extends PerturbedPair {
  readonly pictures: readonly [before: Picture, after: Picture];
  readonly sightings: readonly [before: Sighting<Detection>, after: Sighting<Detection>];
}

export interface EdgeFlipScore extends Score {
  readonly perPair: Readonly<Record<string, DetailScore>>;
  /** The same of pairs of left, right, above and below alone, which every graph can ask for. */
  readonly directions: Score;
  /**
   * Share of pairs whose pictures are right the wrong way round: the first obeys the second graph and the second the first. A painter who does
   * not listen to the edge scores the same here as in `value`.
   */
  readonly reversed: number | null;
  /** Share of pictures that obey their own edge, taken one by one. */
  readonly single: number | null;
}

interface EdgeFlipOptions<Detection extends Detected> {
  /** Tallies of real pictures for these pairs; undefined when there are none. */
  readonly ceilingOf: (pairs: readonly PerturbedPair[]) => readonly Tally[] | undefined;
  readonly judge: Judge<Detection>;
  readonly randomFor: (part: 'pairs' | 'directions') => RandomSource;
  readonly reason?: string | undefined;
}

/** @param pairs of kind `opposite`. */
export function edgeFlipScore<Detection extends Detected>(
  pairs: readonly PaintedPair<Detection>[],
  { ceilingOf, judge, randomFor, reason }: EdgeFlipOptions<Detection>,
): EdgeFlipScore {
  const outcomes = pairs.map((pair) => flipOutcome(pair, pair.sightings, judge));
  const reversed = pairs.map((pair) => flipOutcome(pair, [pair.sightings[1], pair.sightings[0]], judge));
  const singles = outcomes.map(({ before, after }) => ({ hits: Number(before) + Number(after), total: 2 }));
  const turned = outcomes.map(({ pair }) => pair.split(' / ').every((predicate) => directions.has(predicate)));
  const scoreOf = (part: 'pairs' | 'directions', chosen: readonly PaintedPair<Detection>[], hits: readonly Tally[]) => {
    const random = randomFor(part);
    const floor = shuffledPlaces(chosen.length, random)?.map((place, i) =>
      edgeFlipTally(flipOutcome(chosen[i]!, chosen[place]!.sightings, judge)),
    );
    return ratioScore(hits, ceilingOf(chosen), floor, 'pairs', { random }, reason);
  };
  const tallies = outcomes.map(edgeFlipTally);
  const ofDirections = <Item>(items: readonly Item[]) => items.filter((_, i) => turned[i]);
  return {
    ...scoreOf('pairs', pairs, tallies),
    perPair: details(outcomes, undefined, ({ pair }) => pair, edgeFlipTally),
    directions: scoreOf('directions', ofDirections(pairs), ofDirections(tallies)),
    reversed: finiteOrNull(ratioOf(reversed.map(edgeFlipTally))),
    single: finiteOrNull(ratioOf(singles)),
  };
}

/** Judges the two pictures by the changed relation of the pair's two graphs. */
export function flipOutcome<Detection extends Detected>(
  pair: PerturbedPair,
  [before, after]: PaintedPair<Detection>['sightings'],
  judge: Judge<Detection>,
): EdgeFlipOutcome {
  return edgeFlipOutcome(
    { graph: labelGraphOf(pair.before), detections: before.detections },
    { graph: labelGraphOf(pair.after), detections: after.detections },
    pair.before.relations.findIndex(({ id }) => id === pair.relationId),
    judge.holds,
  );
}

/** Boxes of the touched labels in both pictures: there the picture may change. */
export function touchedBoxes<Detection extends Detected>(pair: PaintedPair<Detection>): readonly Box[] {
  return pair.sightings.flatMap(({ detections }) =>
    detections.filter(({ label }) => pair.touched.includes(label)).map(({ box }) => box),
  );
}

/** Mean isolation over pairs; floor: the first picture against the second picture of another pair. */
export function isolationScore<Detection extends Detected>(
  pairs: readonly PaintedPair<Detection>[],
  random: RandomSource,
): Score {
  const judged = pairs.map((pair) => isolation(...pair.pictures, touchedBoxes(pair)));
  const values = judged.filter((value) => value !== undefined);
  const floor = shuffledPlaces(pairs.length, random)
    ?.map((place, i) => isolation(pairs[i]!.pictures[0], pairs[place]!.pictures[1], touchedBoxes(pairs[i]!)))
    .filter((value) => value !== undefined);
  return {
    value: finiteOrNull(meanOf(values)),
    ceiling: 1,
    floor: finiteOrNull(floor && meanOf(floor)),
    n: values.length,
    interval: bootstrapInterval(values, meanOf, { random }) ?? null,
    unit: 'pairs',
    reason: 'the ceiling is 1 by definition: nothing else changes',
  };
}
