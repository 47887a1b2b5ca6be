/** Is the graph in the picture? OOR and relation accuracy over a test set, with ceiling, floor and details. */
import type { RandomSource } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Detected, Judge, Judgement } from './judges/judge.ts';
import { type LabelOccurrence, labelOccurrences } from './scores/occurrence.ts';
import { type PredicateConfusion, predicateConfusion } from './scores/predicate-confusion.ts';
import { type RelationOutcome, relationOutcomes, relationTally } from './scores/relation-accuracy.ts';
import { finiteOrNull, ratioOf, ratioScore, type Score, type Tally, tallyBy } from './scores/score.ts';
import { labelGraphOf, shuffledPlaces } from './study/evaluation-plan.ts';

/** One bar of the report. */
export interface DetailScore {
  readonly value: number | null;
  readonly ceiling: number | null;
  readonly n: number;
}

export interface OccurrenceScore extends Score {
  readonly perLabel: Readonly<Record<string, DetailScore>>;
}

export interface RelationScore extends Score {
  readonly perPredicate: Readonly<Record<string, DetailScore>>;
  /** Share that holds among the relations whose two ends were found. */
  readonly whenFound: number | null;
  readonly confusion: PredicateConfusion;
  /** The relations whose triple of words no training graph had; undefined where nobody knows which those are. */
  readonly zeroShot?: DetailScore;
}

export type IsHeldOut = (triple: Pick<RelationOutcome, 'subject' | 'predicate' | 'object'>) => boolean;

interface Seen<Detection extends Detected> {
  readonly graphs: readonly SceneGraph[];
  /** Of the painted pictures, one per graph. */
  readonly painted: readonly Judgement<Detection>[];
  /** Of the real pictures, one per graph; undefined when there are none. */
  readonly real: readonly Judgement<Detection>[] | undefined;
  /** Why there is no ceiling, when there is none. */
  readonly reason?: string | undefined;
}

/** Objects found ÷ objects asked for; floor: pictures judged by another graph of the set. */
export function occurrenceScore<Detection extends Detected>(
  { graphs, painted, real, reason }: Seen<Detection>,
  random: RandomSource,
): OccurrenceScore {
  const judge = (judgements: readonly Judgement<Detection>[], places: readonly number[]) =>
    graphs.map((graph, i) =>
      labelOccurrences(
        graph.objects.map(({ label }) => label),
        judgements[places[i]!]!.detections,
      ),
    );
  const own = graphs.map((_, i) => i);
  const shuffled = shuffledPlaces(graphs.length, random);
  const value = judge(painted, own);
  const ceiling = real && judge(real, own);
  const floor = shuffled && judge(painted, shuffled);
  const total = (perGraph: readonly (readonly LabelOccurrence[])[] | undefined) => perGraph?.map(sumOf);
  return {
    ...ratioScore(total(value)!, total(ceiling), total(floor), 'objects', { random }, reason),
    perLabel: details(
      value.flat(),
      ceiling?.flat(),
      ({ label }) => label,
      (occurrence) => occurrence,
    ),
  };
}

/** Relations that hold ÷ relations asked for; floor: pictures judged by another graph of the set. */
export function relationScore<Detection extends Detected>(
  { graphs, painted, real, reason }: Seen<Detection>,
  judge: Judge<Detection>,
  predicates: readonly string[],
  random: RandomSource,
  isHeldOut?: IsHeldOut,
): RelationScore {
  const judgeAll = (judgements: readonly Judgement<Detection>[], places: readonly number[]) =>
    graphs.map((graph, i) =>
      relationOutcomes(labelGraphOf(graph), judgements[places[i]!]!.detections, judge.holds, predicates),
    );
  const own = graphs.map((_, i) => i);
  const shuffled = shuffledPlaces(graphs.length, random);
  const value = judgeAll(painted, own);
  const ceiling = real && judgeAll(real, own);
  const floor = shuffled && judgeAll(painted, shuffled);
  const found = value.flat().filter(({ verdict }) => verdict !== 'missing');
  const tallyOf = (outcome: RelationOutcome) => relationTally([outcome]);
  return {
    ...ratioScore(
      value.map(relationTally),
      ceiling?.map(relationTally),
      floor?.map(relationTally),
      'relations',
      { random },
      reason,
    ),
    perPredicate: details(value.flat(), ceiling?.flat(), ({ predicate }) => predicate, tallyOf),
    whenFound: finiteOrNull(ratioOf([relationTally(found)])),
    confusion: predicateConfusion(value.flat(), predicates),
    ...(isHeldOut && { zeroShot: shareOf(value.flat().filter(isHeldOut), ceiling?.flat().filter(isHeldOut)) }),
  };
}

function shareOf(value: readonly RelationOutcome[], ceiling: readonly RelationOutcome[] | undefined): DetailScore {
  return {
    value: finiteOrNull(ratioOf([relationTally(value)])),
    ceiling: finiteOrNull(ceiling && ratioOf([relationTally(ceiling)])),
    n: value.length,
  };
}

/** Shares by key, in the order of the keys. */
export function details<Item>(
  value: readonly Item[],
  ceiling: readonly Item[] | undefined,
  keyOf: (item: Item) => string,
  tallyOf: (item: Item) => Tally,
): Record<string, DetailScore> {
  const values = tallyBy(value, keyOf, tallyOf);
  const ceilings = tallyBy(ceiling ?? [], keyOf, tallyOf);
  const rows = Object.entries(values).map(([key, tally]): [string, DetailScore] => {
    const top = ceilings[key];
    return [
      key,
      { value: finiteOrNull(ratioOf([tally])), ceiling: finiteOrNull(top && ratioOf([top])), n: tally.total },
    ];
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { hits, total }) => ({ hits: sum.hits + hits, total: sum.total + total }), {
    hits: 0,
    total: 0,
  });
}
