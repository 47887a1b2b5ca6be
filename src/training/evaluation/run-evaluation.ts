/** A whole evaluation, from a model package and a list of graphs to scores: what the command line and the training stage both call. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '#diffusion/picture.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { type Detection, detectionSpecOf } from '#engine/verifier/detect.ts';
import { isHeldOut } from '#training/corpus/world/held-out.ts';
import { readPicture } from '#training/files/picture-file.ts';
import type { Progress } from '#training/files/progress.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { sharedPath } from '#training/run/cache-folder.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import type { IsHeldOut } from './graph-scores.ts';
import { cocoClasses, inCocoWords } from './judges/coco-classes.ts';
import { featureDistance } from './judges/feature-space.ts';
import { inceptionSpaces } from './judges/inception-space.ts';
import type { Judge } from './judges/judge.ts';
import { lpipsDistance } from './judges/lpips-distance.ts';
import { openNetwork } from './judges/onnx-network.ts';
import { pyramidDistance } from './judges/pyramid-distance.ts';
import { verifierJudge } from './judges/verifier-judge.ts';
import { yoloJudge } from './judges/yolo-detector.ts';
import { type EvaluationModel, openEvaluationModel } from './painting/evaluation-model.ts';
import type { PaintJob } from './painting/paint-many.ts';
import { PictureStore, paintOrLoad } from './painting/picture-store.ts';
import {
  type EvaluationPlan,
  type PlannedPictures,
  paintJobs,
  planEvaluation,
  type TestGraph,
} from './study/evaluation-plan.ts';
import {
  checkPreset,
  PRESET_DIVERSE_GRAPHS,
  type Preset,
  presetSettings,
  presetTestSet,
} from './study/evaluation-preset.ts';
import type { StudyWorld } from './study/perturbation-study.ts';
import { Retrieval } from './study/retrieval.ts';
import {
  diverseGraphsOf,
  EvaluationInputError,
  type TestSetOptions,
  testSet,
  thingRange,
  trainingSetOf,
  wordsOf,
} from './study/test-graphs.ts';
import { withTurnedTwins } from './study/turned-twins.ts';

export const painters = ['model', 'labels', 'retrieval'] as const;
export type Painter = (typeof painters)[number];

export interface EvaluationOptions extends TestSetOptions {
  /** A model package. */
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
  /** A published protocol: its test split, settings and networks. */
  readonly preset?: Preset;
  /** The imported data set of the preset. */
  readonly dataFolder?: string;
  /** Networks of the user. */
  readonly clipFile?: string;
  readonly inceptionFile?: string;
  readonly lpipsFile?: string;
  readonly detectorFile?: string;
  /** Painted pictures are kept here. */
  readonly cacheFolder: string;
  readonly progress: Progress;
  /** Who paints; this process alone when absent. */
  readonly pool?: WorkerPool;
}

export interface EvaluationRun {
  readonly manifest: Manifest;
  readonly modelHash: string;
  readonly settings: {
    readonly steps: number;
    readonly guidanceScale: number;
    readonly relationFactor: number;
    readonly sampler: string;
  };
  readonly plan: EvaluationPlan;
  readonly pictures: PlannedPictures<Picture>;
  readonly judge: Judge<Detection>;
  readonly evaluation: Evaluation<Detection>;
}

const PAIRS_PER_KIND = 40;
/**
 * @throws EngineError, NetworkShapeError, EvaluationInputError for bad input.
 */
export async function runEvaluation(given: EvaluationOptions): Promise<EvaluationRun> {
  const { preset, dataFolder = '' } = given;
  if (preset && given.painter === 'retrieval') {
    throw new EvaluationInputError('retrieval answers with pictures of the corpus: leave --painter away with a preset');
  }
  const data = preset && checkPreset(preset, dataFolder, given);
  const options = data === undefined ? given : { ...presetSettings, ...given };
  const model = await openEvaluationModel(options.modelFolder, options.clipFile);
  const { manifest } = model;
  const knowsWord = (word: string) => model.paintModel.embedding.vector(word) !== undefined;
  const { graphs, reference } =
    data === undefined
      ? testSet(options, manifest, knowsWord)
      : await presetTestSet(dataFolder, data, { manifest, knowsWord, samples: options.samples });
  const { imagesFolder } = options;
  const plan = planOf(graphs, manifest, options);
  const settings = {
    steps: options.steps ?? manifest.defaults.steps,
    guidanceScale: options.guidanceScale ?? manifest.defaults.guidanceScale,
    relationFactor: options.relationFactor ?? manifest.defaults.relationFactor ?? 1,
    sampler: options.sampler ?? manifest.defaults.sampler,
  };
  const pictures =
    imagesFolder === undefined
      ? options.painter === 'retrieval'
        ? retrievePlan(manifest, plan, settings, options)
        : await paintPlan(model, plan, settings, options)
      : { base: await readPictures(imagesFolder, graphs.length, manifest), after: [], samples: [] };
  const judge = verifierJudge(model.verifier, manifest);
  const reason = reasonFor(options);
  const evaluation = await evaluate({
    plan,
    pictures,
    judge,
    predicates: manifest.vocabulary.predicates,
    distance: model.clip === undefined ? pyramidDistance : featureDistance(model.clip),
    space: model.clip,
    reference,
    seed: options.seed,
    ...(options.graphsFile === undefined && data === undefined && { isHeldOut: heldOutThings(manifest) }),
    ...(reason === undefined ? {} : { reason }),
    ...(await usersNetworks(options)),
  });
  return { manifest, modelHash: model.hash, settings, plan, pictures, judge, evaluation };
}

function planOf(
  graphs: readonly TestGraph[],
  manifest: Manifest,
  { imagesFolder, preset, seed }: EvaluationOptions,
): EvaluationPlan {
  if (imagesFolder !== undefined) return { graphs, pairs: [], diverse: [] };
  // The papers turn no edge round.
  if (preset) return { graphs, pairs: [], diverse: graphs.map((_, i) => i).slice(0, PRESET_DIVERSE_GRAPHS) };
  const world = studyWorld(manifest);
  const diverseGraphs = diverseGraphsOf(graphs.length);
  const plan = planEvaluation(graphs, { world, seed, pairsPerKind: PAIRS_PER_KIND, diverseGraphs });
  const options = { things: thingRange(manifest), words: wordsOf(manifest), size: manifest.image.width };
  return { ...plan, pairs: withTurnedTwins(plan.pairs, graphs, options) };
}

function studyWorld(manifest: Manifest): StudyWorld {
  const { regions, labels } = detectionSpecOf(manifest);
  const isThing = (label: string) => !regions.has(label);
  return {
    predicates: manifest.vocabulary.predicates,
    isThing,
    alike: (label) =>
      labels.filter((other) => other !== label && isThing(other) && manifest.kinds[other] === manifest.kinds[label]),
  };
}

/** The corpus holds out triples of two things alone. */
function heldOutThings(manifest: Manifest): IsHeldOut {
  const { isThing } = studyWorld(manifest);
  return (triple) => isThing(triple.subject) && isThing(triple.object) && isHeldOut(triple);
}

type PaintSettingsOfRun = EvaluationRun['settings'] & { readonly sampler: SamplerName };

async function paintPlan(
  model: EvaluationModel,
  plan: EvaluationPlan,
  settings: PaintSettingsOfRun,
  { seed, cacheFolder, progress, pool, modelFolder, painter }: EvaluationOptions,
): Promise<PlannedPictures<Picture>> {
  const jobs = paintJobs(plan, seed, settings);
  const all = [...jobs.base, ...jobs.after, ...jobs.samples.flat()];
  const flat = painter === 'labels' ? all.map(withoutRelations) : all;
  const folder = join(cacheFolder, model.hash);
  const order = { model: sharedPath(modelFolder), weights: model.hash, folder: sharedPath(folder) };
  try {
    const pictures = await paintOrLoad(
      model.networks,
      model.paintModel,
      flat,
      new PictureStore(folder),
      (ready, total) => progress.update(ready, total),
      pool && { pool, order },
    );
    const base = pictures.splice(0, jobs.base.length);
    const after = pictures.splice(0, jobs.after.length);
    return { base, after, samples: jobs.samples.map((samples) => pictures.splice(0, samples.length)) };
  } finally {
    progress.close();
  }
}

const withoutRelations = ({ graph, settings }: PaintJob): PaintJob => ({
  graph: { ...graph, relations: [] },
  settings,
});

/** Further samples of a graph are the next nearest pictures. */
function retrievePlan(
  manifest: Manifest,
  plan: EvaluationPlan,
  settings: PaintSettingsOfRun,
  { seed, progress }: EvaluationOptions,
): PlannedPictures<Picture> {
  const retrieval = new Retrieval(trainingSetOf(manifest));
  const { base, after, samples } = paintJobs(plan, seed, settings);
  const total = base.length + after.length + samples.flat().length;
  let ready = 0;
  const find = (job: PaintJob, rank = 0): Picture => {
    const picture = retrieval.picture(job, rank);
    progress.update(++ready, total);
    return picture;
  };
  try {
    return {
      base: base.map((job) => find(job)),
      after: after.map((job) => find(job)),
      samples: samples.map((jobs) => jobs.map((job, rank) => find(job, rank))),
    };
  } finally {
    progress.close();
  }
}

async function readPictures(folder: string, count: number, { image }: Manifest): Promise<Picture[]> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));
  } catch (error) {
    throw new EvaluationInputError(`${folder} cannot be read: ${(error as Error).message}`);
  }
  if (names.length !== count) {
    throw new EvaluationInputError(
      `${folder} holds ${names.length} pictures for ${count} graphs; it needs one each, in their order by name`,
    );
  }
  const inOrder = new Intl.Collator('en', { numeric: true });
  return Promise.all(names.sort(inOrder.compare).map((name) => readPicture(join(folder, name), image)));
}

function reasonFor({ graphsFile, imagesFolder }: EvaluationOptions): string | undefined {
  const reasons = [
    graphsFile !== undefined && 'graphs from a file have no real pictures',
    imagesFolder !== undefined && 'pictures made elsewhere have no twins of changed graphs and no further samples',
  ].filter((reason) => reason !== false);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

async function usersNetworks({ inceptionFile, lpipsFile, detectorFile }: EvaluationOptions) {
  return {
    ...(inceptionFile && { inception: inceptionSpaces(await openNetwork(inceptionFile)) }),
    ...(lpipsFile && { lpips: lpipsDistance(await openNetwork(lpipsFile)) }),
    ...(detectorFile && {
      detector: { judge: yoloJudge(await openNetwork(detectorFile), { labels: cocoClasses }), translate: inCocoWords },
    }),
  };
}
