/** A whole evaluation, from a model package and a list of graphs to scores: what the command line and the training stages call. */
import type { Picture } from '#diffusion/picture.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';
import { type ModelFacts, samplersOf } from '#engine/contract/manifest.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import { isHeldOut } from '#training/corpus/world/held-out.ts';
import type { Progress } from '#training/files/progress.ts';
import type { DataSetManifest } from '#training/import/data-set.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import type { IsHeldOut } from './graph-scores.ts';
import { EvaluationInputError } from './input-error.ts';
import { featureDistance } from './judges/feature-space.ts';
import { type Judge, noJudge } from './judges/judge.ts';
import { pyramidDistance } from './judges/pyramid-distance.ts';
import { type NetworkFiles, openUsersNetworks, type UsersNetworks } from './judges/users-networks.ts';
import { type EvaluationModel, openEvaluationModel } from './painting/evaluation-model.ts';
import {
  type PlannedJobs,
  paintPlan,
  readPictures,
  retrievePlan,
  withoutRelations,
} from './painting/planned-pictures.ts';
import {
  type EvaluationPlan,
  type PlannedPictures,
  paintJobs,
  planEvaluation,
  type TestGraph,
} from './study/evaluation-plan.ts';
import {
  checkData,
  dataTestSet,
  PRESET_DIVERSE_GRAPHS,
  type Preset,
  presetSettings,
} from './study/evaluation-preset.ts';
import type { StudyKind, StudyWorld } from './study/perturbation-study.ts';
import {
  corpusTestSet,
  diverseGraphsOf,
  fileTestSet,
  type TestSet,
  type TestSetOptions,
  thingRange,
  trainingSetOf,
  wordsOf,
} from './study/test-graphs.ts';
import { withTurnedTwins } from './study/turned-twins.ts';

export const painters = ['model', 'labels', 'retrieval'] as const;
export type Painter = (typeof painters)[number];

export interface EvaluationOptions extends TestSetOptions, NetworkFiles {
  /** A model package of either kind. */
  readonly modelFolder: string;
  /** Pictures made elsewhere, in the order of the graphs by file name; the painter paints when absent. */
  readonly imagesFolder?: string;
  /** The model when absent; `labels` is the model too, told the objects without their relations; `retrieval` answers with the nearest training picture. */
  readonly painter?: Painter;
  readonly seed: number;
  /** The model's defaults when absent. */
  readonly steps?: number;
  readonly guidanceScale?: number;
  readonly relationFactor?: number;
  readonly sampler?: SamplerName;
  /** Pixels per side of the pictures, of a model that paints any size. */
  readonly size?: number;
  /** A published protocol: its test split and settings. */
  readonly preset?: Preset;
  /** An imported data set, whose test split is painted; a preset needs its own. */
  readonly dataFolder?: string;
  /** What is changed in graphs; all that the study knows when absent. */
  readonly kinds?: readonly StudyKind[];
  /** Graphs that are painted five times for DS; a share of all when absent. */
  readonly diverseGraphs?: number;
  /** CLIP's image tower, for FD and DS. */
  readonly clipFile?: string | undefined;
  /** Painted pictures are kept here. */
  readonly cacheFolder: string;
  readonly progress: Progress;
  /** Who paints; this process alone when absent. */
  readonly pool?: WorkerPool;
}

export interface EvaluationRun {
  readonly facts: ModelFacts;
  readonly modelHash: string;
  readonly settings: {
    readonly steps: number;
    readonly guidanceScale: number;
    readonly relationFactor: number;
    readonly sampler: SamplerName;
  };
  /** Of the pictures. */
  readonly image: Pick<Picture, 'width' | 'height'>;
  readonly plan: EvaluationPlan;
  readonly pictures: PlannedPictures<Picture>;
  readonly judge: Judge<Detection>;
  readonly evaluation: Evaluation<Detection>;
}

const PAIRS_PER_KIND = 40;

/**
 * @throws EngineError, NetworkShapeError, BaseModelError, ImportInputError, EvaluationInputError for bad input.
 */
export async function runEvaluation(given: EvaluationOptions): Promise<EvaluationRun> {
  const { preset, dataFolder } = given;
  if (dataFolder !== undefined && given.painter === 'retrieval') {
    throw new EvaluationInputError(
      'retrieval answers with pictures of the corpus: leave --painter away with a preset or a data set',
    );
  }
  const data = dataFolder === undefined ? undefined : checkData(preset, dataFolder, given);
  const options = preset === undefined ? given : { ...presetSettings, ...given };
  const model = await openEvaluationModel(options.modelFolder, options.clipFile);
  try {
    const image = sizeOf(model, options);
    const networks = await openUsersNetworks(options, image);
    try {
      return await evaluateModel({ model, networks, image }, data, options);
    } finally {
      await networks.release();
    }
  } finally {
    await model.release();
  }
}

interface Opened {
  readonly model: EvaluationModel;
  readonly networks: UsersNetworks;
  /** Of the pictures. */
  readonly image: EvaluationRun['image'];
}

/** Whatever can be wrong is found out before the first picture is painted. */
async function evaluateModel(
  { model, networks, image }: Opened,
  data: DataSetManifest | undefined,
  options: EvaluationOptions,
): Promise<EvaluationRun> {
  const { facts } = model;
  const { imagesFolder, graphsFile, dataFolder = '', seed } = options;
  const settings = settingsOf(model, options);
  const judge = model.kind === 'picturebook' ? model.judge : (networks.detector ?? noJudge);
  const { graphs, reference } =
    data === undefined
      ? ownTestSet(model, options)
      : await dataTestSet(dataFolder, data, { ...model, image, samples: options.samples, say: options.say });
  const plan = planOf(model, judge, graphs, options);
  const size = image === facts.image ? {} : { size: image };
  const pictures =
    imagesFolder === undefined
      ? await picturesOf(model, paintJobs(plan, seed, { ...settings, ...size }), options)
      : { base: await readPictures(imagesFolder, graphs.length, image), after: [], samples: [] };
  const isOfCorpus = model.kind === 'picturebook' && graphsFile === undefined && data === undefined;
  const reason = reasonFor(options);
  const evaluation = await evaluate({
    plan,
    pictures,
    judge,
    predicates: data?.predicates ?? facts.vocabulary.predicates,
    distance: model.clip === undefined ? pyramidDistance : featureDistance(model.clip),
    space: model.clip,
    reference,
    seed,
    networks,
    saysWhatIsMissing: options.preset !== undefined || model.kind === 'stable-diffusion',
    comparesPhotographs: model.kind === 'stable-diffusion',
    ...(isOfCorpus && { isHeldOut: heldOutThings(facts, judge) }),
    ...(reason === undefined ? {} : { reason }),
  });
  return { facts, modelHash: model.hash, settings, image, plan, pictures, judge, evaluation };
}

/** @throws EvaluationInputError for a sampler that is not the model's */
function settingsOf(
  { facts }: EvaluationModel,
  { steps, guidanceScale, relationFactor, sampler }: EvaluationOptions,
): EvaluationRun['settings'] {
  const { defaults } = facts;
  const known = samplersOf(facts);
  if (sampler !== undefined && !known.includes(sampler)) {
    throw new EvaluationInputError(
      `the model cannot be sampled by --sampler ${sampler}. Allowed choices are ${known.join(', ')}`,
    );
  }
  return {
    steps: steps ?? defaults.steps,
    guidanceScale: guidanceScale ?? defaults.guidanceScale,
    relationFactor: relationFactor ?? defaults.relationFactor ?? 1,
    sampler: sampler ?? defaults.sampler,
  };
}

/** @throws EvaluationInputError for a size that the model cannot paint */
function sizeOf(model: EvaluationModel, { size }: EvaluationOptions): EvaluationRun['image'] {
  const { image } = model.facts;
  if (size === undefined || (size === image.width && size === image.height)) return image;
  const wanted = { width: size, height: size };
  const fault = model.faultOfSize(wanted);
  if (fault !== undefined) throw new EvaluationInputError(`--size ${size}: ${fault}`);
  return wanted;
}

/** @throws EvaluationInputError for a model that has no test graphs of its own, when none were given */
function ownTestSet(model: EvaluationModel, options: EvaluationOptions): TestSet {
  const { graphsFile, samples } = options;
  if (graphsFile !== undefined) {
    return fileTestSet(graphsFile, options, model.facts.defaults.style, model.faultOf);
  }
  if (model.kind === 'picturebook') return corpusTestSet(samples, model.manifest);
  throw new EvaluationInputError(
    `${options.modelFolder} is a Stable Diffusion, which has no test graphs of its own: give --graphs FILE, or an imported data set with --data FOLDER or --preset SET`,
  );
}

function picturesOf(
  model: EvaluationModel,
  jobs: PlannedJobs,
  options: EvaluationOptions,
): Promise<PlannedPictures<Picture>> | PlannedPictures<Picture> {
  switch (options.painter) {
    case 'retrieval':
      if (model.kind === 'picturebook') return retrievePlan(trainingSetOf(model.manifest), jobs, options.progress);
      throw new EvaluationInputError(
        `retrieval answers with pictures of the corpus, which ${options.modelFolder} was not trained on: leave --painter away`,
      );
    case 'labels':
      return paintPlan(model, withoutRelations(jobs), options);
    case 'model':
    case undefined:
      return paintPlan(model, jobs, options);
    default:
      return options.painter satisfies never;
  }
}

function planOf(
  model: EvaluationModel,
  judge: Judge<Detection>,
  graphs: readonly TestGraph[],
  { imagesFolder, preset, seed, kinds, diverseGraphs = diverseGraphsOf(graphs.length) }: EvaluationOptions,
): EvaluationPlan {
  if (imagesFolder !== undefined) return { graphs, pairs: [], diverse: [] };
  // The papers turn no edge round.
  if (preset) return { graphs, pairs: [], diverse: graphs.map((_, i) => i).slice(0, PRESET_DIVERSE_GRAPHS) };
  const world = studyWorld(model.facts, judge);
  const common = { world, seed, pairsPerKind: PAIRS_PER_KIND, diverseGraphs, ...(kinds && { kinds }) };
  // A picture of Stable Diffusion takes minutes here: no more of them than scores need.
  if (model.kind === 'stable-diffusion') return planEvaluation(graphs, { ...common, kinds: ['opposite', 'turned'] });
  const { manifest } = model;
  const plan = planEvaluation(graphs, common);
  const options = { things: thingRange(manifest), words: wordsOf(manifest), size: manifest.image.width };
  return { ...plan, pairs: withTurnedTwins(plan.pairs, graphs, options) };
}

/** What can be changed in a graph so that the judge would see it. */
function studyWorld({ vocabulary, kinds }: ModelFacts, { word, decides }: Judge<Detection>): StudyWorld {
  const isThing = (label: string) =>
    kinds[label] !== 'ground' && kinds[label] !== 'backdrop' && word(label) !== undefined;
  return {
    predicates: vocabulary.predicates.filter(decides),
    isThing,
    word,
    alike: (label) =>
      vocabulary.objects.filter(
        (other) => word(other) !== word(label) && isThing(other) && kinds[other] === kinds[label],
      ),
  };
}

/** The corpus holds out triples of two things alone. */
function heldOutThings(facts: ModelFacts, judge: Judge<Detection>): IsHeldOut {
  const { isThing } = studyWorld(facts, judge);
  return (triple) => isThing(triple.subject) && isThing(triple.object) && isHeldOut(triple);
}

function reasonFor({ graphsFile, imagesFolder }: EvaluationOptions): string | undefined {
  const reasons = [
    graphsFile !== undefined && 'graphs from a file have no real pictures',
    imagesFolder !== undefined && 'pictures made elsewhere have no twins of changed graphs and no further samples',
  ].filter((reason) => reason !== false);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
