/** From pictures to scores: all metrics of a test set, each with its ceiling, its floor and its interval. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type DistributionScore, diversityScore, frechetScore, inceptionScoreOf } from './distribution-scores.ts';
import {
  type IsHeldOut,
  type OccurrenceScore,
  occurrenceScore,
  type RelationScore,
  relationScore,
} from './graph-scores.ts';
import type { FeatureSpace, LabelPosterior } from './judges/feature-space.ts';
import type { Detected, Judge, Judgement } from './judges/judge.ts';
import { type JudgeQuality, judgeQuality } from './judges/judge-quality.ts';
import { type EdgeFlipScore, edgeFlipScore, isolationScore, type PaintedPair } from './pair-scores.ts';
import type { PerceptualDistance } from './scores/diversity.ts';
import { posteriorOfPresence } from './scores/inception-score.ts';
import type { Score } from './scores/score.ts';
import type { EvaluationPlan, PlannedPictures } from './study/evaluation-plan.ts';
import { perturbationStudy, type StudyRow } from './study-scores.ts';

export interface EvaluationScores {
  readonly oor: OccurrenceScore;
  readonly relationAccuracy: RelationScore;
  readonly edgeFlip: EdgeFlipScore;
  readonly isolation: Score;
  readonly ds: DistributionScore;
  readonly is: DistributionScore;
  readonly fd: DistributionScore;
  readonly study: readonly StudyRow[];
  /** The judge on the real pictures, where their scenes are known. */
  readonly judge?: JudgeQuality;
  /** With a user's networks, for comparison with published tables. */
  readonly fid?: DistributionScore;
  readonly isInception?: DistributionScore;
  readonly dsLpips?: DistributionScore;
  readonly oorDetector?: OccurrenceScore;
}

export interface EvaluationInput<Detection extends Detected> {
  readonly plan: EvaluationPlan;
  /** `after` and `samples` may be empty: the scores that need them are then null. */
  readonly pictures: PlannedPictures<Picture>;
  readonly judge: Judge<Detection>;
  readonly predicates: readonly string[];
  readonly distance: PerceptualDistance;
  /** For FD; null when the model has none. */
  readonly space: FeatureSpace | undefined;
  /** Other real pictures of the test split; undefined when the graphs come without pictures. */
  readonly reference: readonly Picture[] | undefined;
  readonly inception?: { readonly features: FeatureSpace; readonly posterior: LabelPosterior };
  readonly lpips?: PerceptualDistance;
  /** Another judge of objects, and the graphs in its words. */
  readonly detector?: { readonly judge: Judge<Detected>; readonly translate: (graph: SceneGraph) => SceneGraph };
  /** Which triples of words the model was never trained on. */
  readonly isHeldOut?: IsHeldOut;
  /** Of every draw: resampling, shuffling. */
  readonly seed: number;
  /** Why some scores will be null, for the reader. */
  readonly reason?: string;
}

export interface Evaluation<Detection extends Detected> {
  readonly scores: EvaluationScores;
  readonly pairs: readonly PaintedPair<Detection>[];
  readonly painted: readonly Judgement<Detection>[];
  readonly real: readonly Judgement<Detection>[] | undefined;
}

/** Sources of edge flip's draws. */
const flipDraws = { pairs: 3, directions: 20, shown: 21 } as const;

export async function evaluate<Detection extends Detected>(
  input: EvaluationInput<Detection>,
): Promise<Evaluation<Detection>> {
  const { plan, pictures, judge, predicates, reason } = input;
  // Each score draws from its own source, so that leaving one out changes no other.
  const randomFor = (score: number) => seededRandom(input.seed * 31 + score);
  const graphs = plan.graphs.map(({ graph }) => graph);
  const realPictures = plan.graphs.flatMap(({ real }) => (real === undefined ? [] : [real]));
  const scenes = plan.graphs.flatMap(({ scene }) => (scene === undefined ? [] : [scene]));
  const hasReal = realPictures.length === graphs.length;

  const painted = await judge.look(pictures.base);
  const real = hasReal ? await judge.look(realPictures) : undefined;
  const after = await judge.look(pictures.after);
  const turned = plan.pairs.filter((pair) => pair.real !== undefined);
  const turnedJudgements = await judge.look(turned.map((pair) => pair.real!));
  const realAfter = new Map(turned.map((pair, i) => [pair, turnedJudgements[i]!]));
  const pairs = pictures.after.map((picture, i): PaintedPair<Detection> => {
    const pair = plan.pairs[i]!;
    const [realBefore, realTurned] = [real?.[pair.graphIndex], realAfter.get(pair)];
    return {
      ...pair,
      pictures: [pictures.base[pair.graphIndex]!, picture],
      judgements: [painted[pair.graphIndex]!, after[i]!],
      ...(realBefore && realTurned && { realJudgements: [realBefore, realTurned] }),
    };
  });
  const flips = pairs.filter(({ kind }) => kind === 'opposite');

  const seen = { graphs, painted, real, reason };
  const posteriors = (judgements: readonly Judgement<Detection>[]) =>
    judgements.map(({ presence }) => posteriorOfPresence(presence));
  const realSets = hasReal && input.reference ? { reference: input.reference, ceiling: realPictures } : undefined;
  const scores: EvaluationScores = {
    oor: occurrenceScore(seen, randomFor(1)),
    relationAccuracy: relationScore(seen, judge, predicates, randomFor(2), input.isHeldOut),
    edgeFlip: edgeFlipScore(flips, { judge, randomFor: (part) => randomFor(flipDraws[part]), reason }),
    isolation: isolationScore(flips, randomFor(4)),
    ds: await diversityScore(pictures.samples, realSamples(plan), input.distance, randomFor(5), reason),
    is: inceptionScoreOf(posteriors(painted), real && posteriors(real), judge.name, reason),
    fd: await fdScore(input.space, pictures.base, realSets, randomFor(7), reason),
    study: perturbationStudy(pairs, judge),
    ...(real && scenes.length === graphs.length && { judge: judgeQuality(scenes, real) }),
    ...(await comparableScores(input, realPictures, realSets)),
  };
  return { scores, pairs, painted, real };
}

/** Real pictures of each diverse graph, at least two each; undefined where a graph has fewer. */
function realSamples({ graphs, diverse }: EvaluationPlan): readonly (readonly Picture[])[] | undefined {
  const sets = diverse.map((i) => {
    const { real, twins = [] } = graphs[i]!;
    return real === undefined ? [] : [real, ...twins];
  });
  return sets.length > 0 && sets.every(({ length }) => length > 1) ? sets : undefined;
}

async function fdScore(
  space: FeatureSpace | undefined,
  ...[painted, real, random, reason]: [
    readonly Picture[],
    Parameters<typeof frechetScore>[1],
    Parameters<typeof frechetScore>[3],
    string | undefined,
  ]
): Promise<DistributionScore> {
  if (space !== undefined) return frechetScore(painted, real, space, random, reason);
  const missing = 'the model has no CLIP image tower; give one with --clip FILE';
  const nothing = { value: null, ceiling: null, floor: null, interval: null };
  return { ...nothing, n: painted.length, unit: 'pictures', space: 'none', reason: missing };
}

/** FID, IS, DS and OOR as published tables have them, as far as the user gave the networks. */
async function comparableScores<Detection extends Detected>(
  { plan, inception, lpips, detector, pictures, seed, reason }: EvaluationInput<Detection>,
  realPictures: readonly Picture[],
  realSets: Parameters<typeof frechetScore>[1],
): Promise<Pick<EvaluationScores, 'fid' | 'isInception' | 'dsLpips' | 'oorDetector'>> {
  const randomFor = (score: number) => seededRandom(seed * 31 + score);
  const real = realSets === undefined ? undefined : realPictures;
  const seenBy = detector && {
    graphs: plan.graphs.map(({ graph }) => detector.translate(graph)),
    painted: await detector.judge.look(pictures.base),
    real: real && (await detector.judge.look(real)),
    reason,
  };
  return {
    ...(inception && {
      fid: await frechetScore(pictures.base, realSets, inception.features, randomFor(8), reason),
      isInception: inceptionScoreOf(
        await inception.posterior.posteriors(pictures.base),
        real && (await inception.posterior.posteriors(real)),
        inception.posterior.name,
        reason,
      ),
    }),
    ...(seenBy && { oorDetector: occurrenceScore(seenBy, randomFor(11)) }),
    ...(lpips && {
      dsLpips: await diversityScore(pictures.samples, realSamples(plan), lpips, randomFor(10), reason),
    }),
  };
}
