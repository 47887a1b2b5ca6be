/** From pictures to scores: all metrics of a test set, each with its ceiling, its floor and its interval. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import { type DistributionScore, diversityScore, frechetScore, inceptionScoreOf } from './distribution-scores.ts';
import {
  type IsHeldOut,
  type OccurrenceScore,
  occurrenceScore,
  type RelationScore,
  relationScore,
} from './graph-scores.ts';
import type { FeatureSpace } from './judges/feature-space.ts';
import { asJudged, type Detected, everyWord, type Judge, type Judgement } from './judges/judge.ts';
import { type JudgeQuality, judgeQuality } from './judges/judge-quality.ts';
import type { UsersNetworks } from './judges/users-networks.ts';
import { type EdgeFlipScore, edgeFlipScore, isolationScore, type PaintedPair } from './pair-scores.ts';
import { type PhotographScores, photographScores, turnedMoves } from './photograph-scores.ts';
import { missingScore, type PublishedScores, publishedScores, reasonToAsk } from './published-scores.ts';
import type { PerceptualDistance } from './scores/diversity.ts';
import { posteriorOfPresence } from './scores/inception-score.ts';
import type { Score } from './scores/score.ts';
import type { EvaluationPlan, PlannedPictures } from './study/evaluation-plan.ts';
import type { PerturbedPair } from './study/perturbation-study.ts';
import { perturbationStudy, type StudyRow } from './study-scores.ts';

export interface EvaluationScores extends PublishedScores, Partial<PhotographScores> {
  readonly oor: OccurrenceScore;
  readonly relationAccuracy: RelationScore;
  readonly edgeFlip: EdgeFlipScore;
  readonly isolation: Score;
  readonly ds: DistributionScore;
  readonly is: DistributionScore | Score;
  readonly fd: DistributionScore;
  readonly study: readonly StudyRow[];
  /** The judge on the real pictures, where their scenes are known. */
  readonly judge?: JudgeQuality;
  /** Where the plan turns edges round that no judge is asked about. */
  readonly turnedMoves?: Score;
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
  /** Of the user, for comparison with published tables. */
  readonly networks?: UsersNetworks;
  /** Whether the table names published scores that lack their network, too. */
  readonly saysWhatIsMissing?: boolean;
  /** Whether pictures are compared with the photographs of their graphs, in `space`. */
  readonly comparesPhotographs?: boolean;
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
  const asked = graphs.map((graph) => asJudged(graph, judge));
  const realPictures = plan.graphs.flatMap(({ real }) => (real === undefined ? [] : [real]));
  const scenes = plan.graphs.flatMap(({ scene }) => (scene === undefined ? [] : [scene]));
  const hasReal = realPictures.length === graphs.length;

  const painted = await judge.look(pictures.base);
  const real = hasReal ? await judge.look(realPictures) : undefined;
  const pairs = await judgedPairs(input, painted, real);
  const flips = pairs.filter(({ kind }) => kind === 'opposite');
  const flipReason =
    judge.reason ?? reason ?? (flips.length === 0 ? 'no edge was replaced by its opposite' : undefined);
  const known = predicates.filter(judge.decides);
  const isTurned = ({ kind }: PerturbedPair) => kind === 'turned';
  // A judge with words of its own cannot be compared with scenes in ours.
  const knowsScenes = judge.word === everyWord.word;

  const seen = (what: 'objects' | 'relations') => ({
    graphs: asked,
    painted,
    real,
    reason: reasonToAsk(judge, asked, what, reason),
  });
  const posteriors = (judgements: readonly Judgement<Detection>[]) =>
    judgements.map(({ presence }) => posteriorOfPresence(presence));
  const realSets = hasReal && input.reference ? { reference: input.reference, ceiling: realPictures } : undefined;
  const scores: EvaluationScores = {
    oor: occurrenceScore(seen('objects'), randomFor(1)),
    relationAccuracy: relationScore(seen('relations'), judge, known, randomFor(2), input.isHeldOut),
    edgeFlip: edgeFlipScore(flips, { judge, randomFor: (part) => randomFor(flipDraws[part]), reason: flipReason }),
    isolation: isolationScore(flips, randomFor(4), flips.length === 0 ? flipReason : undefined),
    ds: await diversityScore(pictures.samples, realSamples(plan), input.distance, randomFor(5), reason),
    is: painted.every(({ presence }) => presence.length > 0)
      ? inceptionScoreOf(posteriors(painted), real && posteriors(real), judge.name, reason)
      : missingScore('the model has no verifier; isInception is the published score', 'pictures'),
    fd: await fdScore(input.space, pictures.base, realSets, randomFor(7), reason),
    study: perturbationStudy(pairs, judge),
    ...(knowsScenes && real && scenes.length === graphs.length && { judge: judgeQuality(scenes, real) }),
    ...(plan.pairs.some(isTurned) && { turnedMoves: turnedMoves(pairs.filter(isTurned), randomFor(9)) }),
    ...(input.comparesPhotographs &&
      input.space &&
      hasReal &&
      (await photographScores(input.space, pictures.base, realPictures, randomFor(13)))),
    ...(await publishedScores({
      networks: input.networks ?? {},
      saysWhatIsMissing: input.saysWhatIsMissing ?? false,
      graphs,
      predicates,
      painted: pictures.base,
      samples: pictures.samples,
      realSamples: realSamples(plan),
      real: realSets,
      randomFor,
      reason,
    })),
  };
  return { scores, pairs, painted, real };
}

/** The pairs of the plan, each with its two pictures and what the judge saw in them. */
async function judgedPairs<Detection extends Detected>(
  { plan, pictures, judge }: EvaluationInput<Detection>,
  painted: readonly Judgement<Detection>[],
  real: readonly Judgement<Detection>[] | undefined,
): Promise<PaintedPair<Detection>[]> {
  const after = await judge.look(pictures.after);
  const turned = plan.pairs.filter((pair) => pair.real !== undefined);
  const turnedJudgements = await judge.look(turned.map((pair) => pair.real!));
  const realAfter = new Map(turned.map((pair, i) => [pair, turnedJudgements[i]!]));
  return pictures.after.map((picture, i): PaintedPair<Detection> => {
    const pair = plan.pairs[i]!;
    const [realBefore, realTurned] = [real?.[pair.graphIndex], realAfter.get(pair)];
    return {
      ...pair,
      touched: pair.touched.flatMap((label) => judge.word(label) ?? []),
      pictures: [pictures.base[pair.graphIndex]!, picture],
      judgements: [painted[pair.graphIndex]!, after[i]!],
      ...(realBefore && realTurned && { realJudgements: [realBefore, realTurned] }),
    };
  });
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
