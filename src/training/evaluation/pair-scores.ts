/** What happens when one relation of a graph is turned round: edge flip and isolation over a test set. */
import type { Picture } from '#diffusion/picture.ts';
import type { RandomSource } from '#graph/random.ts';
import type { Box } from '#training/corpus/world/scene.ts';
import { type DetailScore, details } from './graph-scores.ts';
import { bootstrapInterval } from './intervals/bootstrap.ts';
import { asJudged, type Detected, type Judge, type Judgement } from './judges/judge.ts';
import { type EdgeFlipOutcome, edgeFlipOutcome, edgeFlipTally } from './scores/edge-flip.ts';
import { isolation } from './scores/isolation.ts';
import { finiteOrNull, meanOf, ratioOf, ratioScore, type Score } from './scores/score.ts';
import { labelGraphOf, shuffledPlaces } from './study/evaluation-plan.ts';
import { directions, type PerturbedPair } from './study/perturbation-study.ts';

/** Two pictures of one seed, and what the judge saw in them. */
export interface PaintedPair<Detection extends Detected> extends PerturbedPair {
  readonly pictures: readonly [before: Picture, after: Picture];
  readonly judgements: readonly [before: Judgement<Detection>, after: Judgement<Detection>];
  /** Of the real pictures of both graphs, where there are any. */
  readonly realJudgements?: readonly [before: Judgement<Detection>, after: Judgement<Detection>];
}

/** The ceiling is that of the pairs with real pictures of both graphs; null when there are none. */
export interface EdgeFlipScore extends Score {
  readonly perPair: Readonly<Record<string, DetailScore>>;
  /** The same of pairs of left, right, above and below alone, which every graph can ask for. */
  readonly directions: Score;
  /** The same of the pairs with real pictures of both graphs: others may ask for what no picture can show. */
  readonly shown: Score;
  /**
   * Share of pairs whose pictures are right the wrong way round: the first obeys the second graph and the second the first. A painter who does
   * not listen to the edge scores the same here as in `value`.
   */
  readonly reversed: number | null;
  /** Share of pictures that obey their own edge, taken one by one. */
  readonly single: number | null;
}

interface EdgeFlipOptions<Detection extends Detected> {
  readonly judge: Judge<Detection>;
  readonly randomFor: (part: EdgeFlipPart) => RandomSource;
  readonly reason?: string | undefined;
}

type EdgeFlipPart = 'pairs' | 'directions' | 'shown';

/** @param pairs of kind `opposite`. */
export function edgeFlipScore<Detection extends Detected>(
  pairs: readonly PaintedPair<Detection>[],
  { judge, randomFor, reason }: EdgeFlipOptions<Detection>,
): EdgeFlipScore {
  const outcomes = pairs.map((pair) => flipOutcome(pair, pair.judgements, judge));
  const reversed = pairs.map((pair) => flipOutcome(pair, [pair.judgements[1], pair.judgements[0]], judge));
  const singles = outcomes.map(({ before, after }) => ({ hits: Number(before) + Number(after), total: 2 }));
  const ofDirections = outcomes.map(({ pair }) => pair.split(' / ').every((predicate) => directions.has(predicate)));
  const tallies = outcomes.map(edgeFlipTally);
  const scoreOf = (part: EdgeFlipPart, isPart: (index: number) => boolean) => {
    const random = randomFor(part);
    const chosen = pairs.filter((_, i) => isPart(i));
    const floor = shuffledPlaces(chosen.length, random)?.map((place, i) =>
      edgeFlipTally(flipOutcome(chosen[i]!, chosen[place]!.judgements, judge)),
    );
    const ceiling = chosen.flatMap((pair) =>
      pair.realJudgements ? [edgeFlipTally(flipOutcome(pair, pair.realJudgements, judge))] : [],
    );
    const hits = tallies.filter((_, i) => isPart(i));
    const missing = part === 'shown' && hits.length === 0 ? 'no real picture of a turned graph was found' : undefined;
    return ratioScore(hits, ceiling, floor, 'pairs', { random }, reason ?? missing);
  };
  return {
    ...scoreOf('pairs', () => true),
    perPair: details(outcomes, undefined, ({ pair }) => pair, edgeFlipTally),
    directions: scoreOf('directions', (i) => ofDirections[i]!),
    shown: scoreOf('shown', (i) => pairs[i]!.realJudgements !== undefined),
    reversed: finiteOrNull(ratioOf(reversed.map(edgeFlipTally))),
    single: finiteOrNull(ratioOf(singles)),
  };
}

/** Judges the two pictures by the changed relation of the pair's two graphs. */
export function flipOutcome<Detection extends Detected>(
  pair: PerturbedPair,
  [before, after]: PaintedPair<Detection>['judgements'],
  judge: Judge<Detection>,
): EdgeFlipOutcome {
  const [asked, turned] = [asJudged(pair.before, judge), asJudged(pair.after, judge)];
  return edgeFlipOutcome(
    { graph: labelGraphOf(asked), detections: before.detections },
    { graph: labelGraphOf(turned), detections: after.detections },
    asked.relations.findIndex(({ id }) => id === pair.relationId),
    judge.holds,
  );
}

/** Boxes of the touched labels in both pictures: there the picture may change. */
export function touchedBoxes<Detection extends Detected>(pair: PaintedPair<Detection>): readonly Box[] {
  return pair.judgements.flatMap(({ detections }) =>
    detections.filter(({ label }) => pair.touched.includes(label)).map(({ box }) => box),
  );
}

/** Mean isolation over pairs; floor: the first picture against the second picture of another pair. */
export function isolationScore<Detection extends Detected>(
  pairs: readonly PaintedPair<Detection>[],
  random: RandomSource,
  reason = 'the ceiling is 1 by definition: nothing else changes',
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
    reason,
  };
}
