/** Which pictures an evaluation needs, and with which seeds. */
import type { Picture } from '#diffusion/picture.ts';
import type { PaintSettings } from '#diffusion/pipeline.ts';
import type { LabelGraph } from '#engine/verifier/bind-detections.ts';
import { type RandomSource, seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import type { PaintJob } from '#training/evaluation/painting/paint-many.ts';
import { SAMPLES_PER_GRAPH } from '#training/evaluation/scores/diversity.ts';
import {
  type PerturbedPair,
  perturbedPairs,
  type StudyKind,
  type StudyWorld,
  studyKinds,
} from './perturbation-study.ts';

/** One graph of the test set. */
export interface TestGraph {
  readonly graph: SceneGraph;
  /** One of the model's styles, or "any". */
  readonly style: string;
  /** The picture that the graph was taken from, where there is one. */
  readonly real?: Picture;
  /** Everything in that picture, also what the graph does not mention. */
  readonly scene?: Scene;
  /** Of that scene in the corpus's test split. */
  readonly index?: number;
  /** Further real pictures that the graph is true of, for the diversity score's ceiling. */
  readonly twins?: readonly Picture[];
}

export interface EvaluationPlan {
  readonly graphs: readonly TestGraph[];
  /** Pairs of every kind; those of kind `opposite` make the edge flip score. */
  readonly pairs: readonly PerturbedPair[];
  /** Indices of the graphs that are painted several times for the diversity score: those with twins, or the first ones where none has any. */
  readonly diverse: readonly number[];
}

export interface PlanOptions {
  readonly world: StudyWorld;
  /** All of the study when absent. */
  readonly kinds?: readonly StudyKind[];
  readonly seed: number;
  /** Pairs of each kind but `opposite` and `turned`, of which there are as many as the graphs allow. */
  readonly pairsPerKind: number;
  readonly diverseGraphs: number;
}

export function planEvaluation(graphs: readonly TestGraph[], options: PlanOptions): EvaluationPlan {
  const random = seededRandom(options.seed);
  const pairs = (options.kinds ?? studyKinds).flatMap((kind) =>
    perturbedPairs(
      kind,
      graphs.map(({ graph }) => graph),
      kind === 'opposite' || kind === 'turned' ? graphs.length : options.pairsPerKind,
      options.world,
      random,
    ),
  );
  const all = graphs.map((_, i) => i);
  const withTwins = all.filter((i) => (graphs[i]!.twins?.length ?? 0) > 0);
  const diverse = (withTwins.length > 0 ? withTwins : all).slice(0, options.diverseGraphs);
  return { graphs, pairs, diverse };
}

/** The pictures of a plan, in the order of its lists. */
export interface PlannedPictures<Item> {
  readonly base: readonly Item[];
  /** The second picture of each pair; the first is the base picture of its graph. */
  readonly after: readonly Item[];
  /** Samples of each diverse graph; the first one is its base picture. */
  readonly samples: readonly (readonly Item[])[];
}

/** Seeds are so far apart that no two graphs share one. */
const SEED_STRIDE = 1_000_003;

/**
 * Graph i is painted with seed + i, its changed twins with the same seed, and its further samples with seeds far from everyone's.
 * @param settings all but seed and style.
 */
export function paintJobs(
  plan: EvaluationPlan,
  seed: number,
  settings: Omit<PaintSettings, 'seed' | 'style'>,
): PlannedPictures<PaintJob> {
  const job = (graph: SceneGraph, i: number, sample = 0): PaintJob => ({
    graph,
    settings: { ...settings, style: plan.graphs[i]!.style, seed: (seed + i + sample * SEED_STRIDE) >>> 0 },
  });
  return {
    base: plan.graphs.map(({ graph }, i) => job(graph, i)),
    after: plan.pairs.map(({ after, graphIndex }) => job(after, graphIndex)),
    samples: plan.diverse.map((i) =>
      Array.from({ length: SAMPLES_PER_GRAPH }, (_, sample) => job(plan.graphs[i]!.graph, i, sample)),
    ),
  };
}

/** Ids become indices, and what only the canvas needs is left out. */
export function labelGraphOf(graph: SceneGraph): LabelGraph {
  const index = new Map(graph.objects.map(({ id }, i) => [id, i]));
  return {
    objects: graph.objects.map(({ label }) => ({ label })),
    relations: graph.relations.map(({ subject, predicate, object }) => ({
      subject: index.get(subject)!,
      predicate,
      object: index.get(object)!,
    })),
  };
}

/** For the floors: every place gets another one, by a turn of the list; undefined when there is only one. */
export function shuffledPlaces(count: number, random: RandomSource): readonly number[] | undefined {
  if (count < 2) return undefined;
  const turn = 1 + random.integer(count - 1);
  return Array.from({ length: count }, (_, i) => (i + turn) % count);
}
