/** Which pictures of an evaluation the report shows. */
import type { Picture } from '#diffusion/picture.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { describe as sentenceOf } from '#graph/words/describe.ts';
import type { Evaluation } from '#training/evaluation/evaluation.ts';
import { asJudged, type Detected, type Judge, type Judgement } from '#training/evaluation/judges/judge.ts';
import { flipOutcome, type PaintedPair, touchedBoxes } from '#training/evaluation/pair-scores.ts';
import { isolation } from '#training/evaluation/scores/isolation.ts';
import { labelOccurrences } from '#training/evaluation/scores/occurrence.ts';
import { relationOutcomes, relationTally } from '#training/evaluation/scores/relation-accuracy.ts';
import type { Tally } from '#training/evaluation/scores/score.ts';
import { type EvaluationPlan, labelGraphOf, type PlannedPictures } from '#training/evaluation/study/evaluation-plan.ts';
import { studyKinds } from '#training/evaluation/study/perturbation-study.ts';
import { follows } from '#training/evaluation/study-scores.ts';
import type { Distribution } from './histogram.ts';
import type { Card, ReportData } from './report-page.ts';

const GRAPHS_SHOWN = 48;
const FLIPS_SHOWN = 12;
const PAIRS_PER_KIND_SHOWN = 6;

export interface Evaluated<Detection extends Detected> {
  readonly title: string;
  readonly facts: ReportData['facts'];
  readonly plan: EvaluationPlan;
  readonly pictures: PlannedPictures<Picture>;
  readonly judge: Judge<Detection>;
  readonly evaluation: Evaluation<Detection>;
}

export function reportData<Detection extends Detected>(evaluated: Evaluated<Detection>): ReportData {
  const { title, facts, plan, pictures, judge, evaluation } = evaluated;
  const { scores, pairs } = evaluation;
  const ranked = rankFlips(
    pairs.filter(({ kind }) => kind === 'opposite'),
    judge,
  );
  return {
    title,
    facts,
    scores,
    graphs: plan.graphs.slice(0, GRAPHS_SHOWN).map((_, i) => graphCard(evaluated, i)),
    bestFlips: ranked.worked.slice(0, FLIPS_SHOWN).map((pair) => pairCard(pair, judge)),
    worstFlips: ranked.failed.slice(0, FLIPS_SHOWN).map((pair) => pairCard(pair, judge)),
    samples: pictures.samples.map((samples, i) => ({
      title: sentenceOf(plan.graphs[plan.diverse[i]!]!.graph),
      plates: samples.map((picture, k) => ({ picture, caption: `sample ${k + 1}` })),
    })),
    distributions: distributionsOf(evaluated),
    study: studyKinds.flatMap((kind) => {
      const row = scores.study.find((candidate) => candidate.kind === kind);
      // The opposites have their own two sheets.
      const shown = kind === 'opposite' ? [] : pairs.filter((pair) => pair.kind === kind);
      const cards = shown.slice(0, PAIRS_PER_KIND_SHOWN).map((pair) => pairCard(pair, judge));
      return row === undefined ? [] : [{ row, cards }];
    }),
  };
}

/** A mean hides whether all graphs are painted a little wrong, or a few not at all. */
function distributionsOf<Detection extends Detected>({
  plan,
  judge,
  evaluation: { painted, real, pairs },
}: Evaluated<Detection>): Distribution[] {
  const shares = (judgements: typeof painted, of: 'objects' | 'relations') =>
    plan.graphs
      .map(({ graph }, i) => tallies(graph, judgements[i]!, judge)[of])
      .filter(({ total }) => total > 0)
      .map(({ hits, total }) => hits / total);
  const perGraph = (of: 'objects' | 'relations', title: string): Distribution => ({
    title,
    unit: 'graphs',
    painted: shares(painted, of),
    ...(real && { real: shares(real, of) }),
  });
  return [
    perGraph('objects', 'Share of a graph’s objects that is found'),
    perGraph('relations', 'Share of a graph’s relations that holds'),
    {
      title: 'Isolation of a turned edge',
      unit: 'pairs',
      painted: pairs
        .filter(({ kind }) => kind === 'opposite')
        .flatMap((pair) => isolation(...pair.pictures, touchedBoxes(pair)) ?? []),
    },
  ];
}

/** What of a graph is in a picture. */
function tallies<Detection extends Detected>(
  graph: SceneGraph,
  { detections }: Judgement<Detection>,
  judge: Judge<Detection>,
): { readonly objects: Tally; readonly relations: Tally } {
  const asked = asJudged(graph, judge);
  const labels = asked.objects.map(({ label }) => label);
  const hits = labelOccurrences(labels, detections).reduce((sum, found) => sum + found.hits, 0);
  return {
    objects: { hits, total: labels.length },
    relations: relationTally(relationOutcomes(labelGraphOf(asked), detections, judge.holds)),
  };
}

/** Those that worked, the best isolated first; those that failed, with the fewest right pictures first. */
function rankFlips<Detection extends Detected>(flips: readonly PaintedPair<Detection>[], judge: Judge<Detection>) {
  const judged = flips.map((pair) => {
    const { before, after } = flipOutcome(pair, pair.judgements, judge);
    const still = isolation(...pair.pictures, touchedBoxes(pair)) ?? 0;
    return { pair, right: Number(before) + Number(after), still };
  });
  const worked = judged.filter(({ right }) => right === 2).sort((a, b) => b.still - a.still);
  const failed = judged.filter(({ right }) => right < 2).sort((a, b) => a.right - b.right || a.still - b.still);
  return { worked: worked.map(({ pair }) => pair), failed: failed.map(({ pair }) => pair) };
}

function pairCard<Detection extends Detected>(pair: PaintedPair<Detection>, judge: Judge<Detection>): Card {
  const hasEdge = pair.kind === 'opposite' || pair.kind === 'swap';
  const flip = hasEdge ? flipOutcome(pair, pair.judgements, judge) : undefined;
  const followed = hasEdge ? undefined : follows(pair, judge);
  return {
    title: `${pair.sentence} — ${sentenceOf(pair.before)}`,
    plates: [
      { picture: pair.pictures[0], caption: 'before', ...(flip && { isRight: flip.before }) },
      {
        picture: pair.pictures[1],
        caption: 'after',
        ...(flip && { isRight: flip.after }),
        ...(followed !== undefined && { isRight: followed }),
      },
    ],
  };
}

function graphCard<Detection extends Detected>(
  { plan, pictures, judge, evaluation }: Evaluated<Detection>,
  i: number,
): Card {
  const { graph, real } = plan.graphs[i]!;
  const say = (judgements: Evaluation<Detection>['painted']): { caption: string; isRight: boolean } => {
    const { objects, relations } = tallies(graph, judgements[i]!, judge);
    return {
      caption: `${objects.hits}/${objects.total} objects, ${relations.hits}/${relations.total} relations`,
      isRight: objects.hits === objects.total && relations.hits === relations.total,
    };
  };
  const painted = { picture: pictures.base[i]!, ...say(evaluation.painted) };
  const plates = real && evaluation.real ? [painted, { picture: real, ...say(evaluation.real) }] : [painted];
  return { title: sentenceOf(graph), plates };
}
