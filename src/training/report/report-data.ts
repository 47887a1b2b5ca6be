/** Which pictures of an evaluation the report shows. */
import type { Picture } from '#diffusion/picture.ts';
import { describe as sentenceOf } from '#graph/describe.ts';
import type { Evaluation } from '../metrics/evaluation.ts';
import { type EvaluationPlan, labelGraphOf, type PlannedPictures } from '../metrics/evaluation-plan.ts';
import { isolation } from '../metrics/isolation.ts';
import type { Detected, Judge } from '../metrics/judge.ts';
import { labelOccurrences } from '../metrics/occurrence.ts';
import { flipOutcome, type PaintedPair, touchedBoxes } from '../metrics/pair-scores.ts';
import { studyKinds } from '../metrics/perturbation-study.ts';
import { relationOutcomes, relationTally } from '../metrics/relation-accuracy.ts';
import { ratioOf } from '../metrics/score.ts';
import { follows } from '../metrics/study-scores.ts';
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
    study: studyKinds.flatMap((kind) => {
      const row = scores.study.find((candidate) => candidate.kind === kind);
      // The opposites have their own two sheets.
      const shown = kind === 'opposite' ? [] : pairs.filter((pair) => pair.kind === kind);
      const cards = shown.slice(0, PAIRS_PER_KIND_SHOWN).map((pair) => pairCard(pair, judge));
      return row === undefined ? [] : [{ row, cards }];
    }),
  };
}

/** Those that worked, the best isolated first; those that failed, with the fewest right pictures first. */
function rankFlips<Detection extends Detected>(flips: readonly PaintedPair<Detection>[], judge: Judge<Detection>) {
  const judged = flips.map((pair) => {
    const { before, after } = flipOutcome(pair, pair.sightings, judge);
    const still = isolation(...pair.pictures, touchedBoxes(pair)) ?? 0;
    return { pair, right: Number(before) + Number(after), still };
  });
  const worked = judged.filter(({ right }) => right === 2).sort((a, b) => b.still - a.still);
  const failed = judged.filter(({ right }) => right < 2).sort((a, b) => a.right - b.right || a.still - b.still);
  return { worked: worked.map(({ pair }) => pair), failed: failed.map(({ pair }) => pair) };
}

function pairCard<Detection extends Detected>(pair: PaintedPair<Detection>, judge: Judge<Detection>): Card {
  const hasEdge = pair.kind === 'opposite' || pair.kind === 'swap';
  const flip = hasEdge ? flipOutcome(pair, pair.sightings, judge) : undefined;
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
  const labels = graph.objects.map(({ label }) => label);
  const say = (sightings: Evaluation<Detection>['painted']): { caption: string; isRight: boolean } => {
    const { detections } = sightings[i]!;
    const objects = labelOccurrences(labels, detections);
    const relations = relationTally(relationOutcomes(labelGraphOf(graph), detections, judge.holds));
    const found = objects.reduce((sum, { hits }) => sum + hits, 0);
    return {
      caption: `${found}/${labels.length} objects, ${relations.hits}/${relations.total} relations`,
      isRight: ratioOf(objects) === 1 && relations.hits === relations.total,
    };
  };
  const painted = { picture: pictures.base[i]!, ...say(evaluation.painted) };
  const plates = real && evaluation.real ? [painted, { picture: real, ...say(evaluation.real) }] : [painted];
  return { title: sentenceOf(graph), plates };
}
