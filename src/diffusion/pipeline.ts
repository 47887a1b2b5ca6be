/**
 * The way of one picture, start here:
 * scene graph → tokens → graph encoder → S_cond → noise → sampler (denoiser with guidance) → decoder → picture.
 *
 * The three networks come in through one interface (networks.ts), so the browser's worker, the Node command line and the tests all
 * run this very code. Same graph, settings and networks: same bytes.
 */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type AttentionMaps, attentionMaps, rowsOf } from './attention.ts';
import { createGuidedDenoiser, type Guidance, needsObjects } from './guidance.ts';
import type { DenoiserConditioning, DiffusionNetworks, GraphTokens, Networks } from './networks.ts';
import { decodePicture, type Picture } from './picture.ts';
import { sCondLayout } from './s-cond.ts';
import { hardMask, inpainting, LOOSE, placeOf } from './sampling/inpainting.ts';
import { type NoiseSource, seededNoise } from './sampling/noise.ts';
import { createParametrisation, type ParametrisationName } from './sampling/parametrisation.ts';
import type { SamplerName } from './sampling/sampler-names.ts';
import { type StudentWay, sampleByStudent } from './sampling/samplers/student.ts';
import { samplers } from './sampling/samplers.ts';
import { type ScheduleName, sigmaSchedule } from './sampling/schedule.ts';
import type { SamplingPlan } from './sampling/scheduler.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import { buildGraphTokens, type TracedTokenGraph, tokenGraphOf, type WordEmbedding } from './tokens.ts';

/** What the second half of the way, from S_cond on, must know of a model. */
export interface DiffusionModel {
  readonly parametrisation: ParametrisationName;
  readonly sigma: { readonly min: number; readonly max: number; readonly data: number };
  readonly latent: {
    readonly channels: number;
    readonly height: number;
    readonly width: number;
    /** Channels of what the whole picture has in common, which guidance does not amplify (guidance.ts); none when absent. */
    readonly unguided?: readonly number[] | undefined;
  };
  /** Of a denoiser that was trained on numbered steps, which has its own levels (scheduler.ts). */
  readonly planOf?: (settings: SamplingSettings) => SamplingPlan;
  /** Of a model with a student. */
  readonly student?: StudentWay | undefined;
}

/** What the pipeline must know of a model; a package's manifest fits, with its word vectors added. */
export interface PaintModel extends DiffusionModel {
  readonly vocabulary: {
    readonly objects: readonly string[];
    readonly predicates: readonly string[];
    /** Empty for a model that was trained without attributes: those of a graph are then left out. */
    readonly attributes: readonly string[];
  };
  readonly styles: readonly string[];
  readonly embedding: WordEmbedding;
}

export interface PaintSettings {
  /** Taken modulo 2³². */
  readonly seed: number;
  /** From 1. */
  readonly steps: number;
  /** From 0; 1 is no guidance. */
  readonly guidanceScale: number;
  /** From 1: how much further guidance carries relations than objects (guidance.ts); 1 when absent. */
  readonly relationFactor?: number;
  /** "pndm", "ddpm" and "lcm" for a denoiser of numbered steps alone; "student" has steps and guidance of its own. */
  readonly sampler: SamplerName;
  /** One of the model's styles, or "any". */
  readonly style: string;
  /** The model's own numbered steps where it has them, or "karras", unless said otherwise. */
  readonly schedule?: ScheduleName;
  /** What is drawn from in place of the seed: the noise of the start first, then what a stochastic sampler takes. */
  readonly noise?: NoiseSource | undefined;
  /** Start from a picture's latent instead of from noise. */
  readonly initial?: InitialLatent & { readonly region?: InpaintingRegion };
}

export type SamplingSettings = Pick<PaintSettings, 'sampler' | 'schedule' | 'steps'>;

export interface InitialLatent {
  /** (1, C, h, w) */
  readonly latent: Tensor;
  /** Share of the steps that are run: 1 starts at the schedule's full noise, 0 gives the latent back. */
  readonly strength: number;
}

/** Inpainting: the part of the initial latent that may change (sampling/inpainting.ts). */
export interface InpaintingRegion {
  /** (h·w) in [0, 1] where the changed objects lie in the earlier picture. */
  readonly before: Float32Array;
  /** (h·w) 1 where the earlier picture stays from the first step on, whatever lies there; nowhere when absent. */
  readonly fixed?: Float32Array | undefined;
  /** Whether what the whole picture has in common stays as well. */
  readonly keepsWhole?: boolean | undefined;
  /** Ids in the graph that is painted: where their attention goes, the picture may change too. */
  readonly objects: readonly string[];
}

/** The settings without what needs a graph to be understood: a region names tokens of S_cond by their index. */
export interface ConditionedSettings extends Omit<PaintSettings, 'style' | 'initial'> {
  readonly initial?: InitialLatent & {
    readonly region?: Omit<InpaintingRegion, 'objects'> & { readonly tokens: readonly number[] };
  };
}

export interface PaintStep {
  /** 0 … steps − 1 */
  readonly index: number;
  readonly steps: number;
  readonly sigma: number;
  /** (1, C, h, w) the present idea of the clean latent; `decodePicture` makes a preview of it. */
  readonly denoised: Tensor;
}

export interface PaintHooks {
  /** Awaited after every step. */
  readonly onStep?: (step: PaintStep) => void | Promise<void>;
  /** Checked between steps. */
  readonly signal?: AbortSignal;
}

export interface Painting {
  readonly picture: Picture;
  readonly attention: AttentionMaps;
  /** (1, C, h, w) */
  readonly latent: Tensor;
}

/**
 * @throws TokenError when the graph or the style says what the model does not know
 * @throws NonFiniteError (code "non-finite") when the denoiser or the decoder overflows
 * @throws the signal's reason when aborted
 */
export async function paint(
  networks: Networks,
  model: PaintModel,
  graph: SceneGraph,
  settings: PaintSettings,
  hooks: PaintHooks = {},
): Promise<Painting> {
  const { predicates, objects: labels, attributes } = model.vocabulary;
  // Weights that never saw an attribute would answer one with noise.
  const heard = attributes.length === 0 ? withoutAttributes(graph) : graph;
  const tokenGraph = tokenGraphOf(heard, settings.style);
  // words (1, O, W), masks (1, O) and (1, T), one-hot ends (1, T, O)
  const tokens = buildGraphTokens([tokenGraph], {
    predicates,
    labels,
    styles: model.styles,
    embedding: model.embedding,
  });
  const conditioning = await encodeGraph(networks, tokens, guidanceOf(settings, model)); // S_cond (1, S, D), mask (1, S)
  const padded = { objects: tokens.objectMask.dims[1]!, relations: tokens.relationMask.dims[1]! };
  const { initial, ...rest } = settings;
  const conditioned = initial ? { ...rest, initial: withTokens(initial, tokenGraph, padded) } : rest;
  // latent (1, C, h, w), attention (S, h·w)
  const { picture, latent, attention } = await paintConditioned(networks, model, conditioning, conditioned, hooks);
  return { picture, latent, attention: attentionMaps(attention, tokenGraph, padded, model.latent) };
}

/** S_cond of the graph, and of its objects alone where guidance tells the two apart. */
export async function encodeGraph(
  networks: Pick<Networks, 'encodeGraph'>,
  tokens: GraphTokens,
  guidance: Guidance,
): Promise<DenoiserConditioning> {
  const conditioning = await networks.encodeGraph(tokens);
  const { relationMask } = tokens;
  if (!needsObjects(guidance) || relationMask.data.every((seen) => seen === 0)) return conditioning;
  const unrelated = { ...relationMask, data: new Float32Array(relationMask.data.length) };
  return { ...conditioning, withoutRelations: await networks.encodeGraph({ ...tokens, relationMask: unrelated }) };
}

const withoutAttributes = (graph: SceneGraph): SceneGraph => ({
  ...graph,
  objects: graph.objects.map((object) => ({ ...object, attributes: [] })),
});

/** From S_cond on, whoever made it. @throws as `paint`, but for TokenError */
export async function paintConditioned(
  networks: DiffusionNetworks,
  model: DiffusionModel,
  conditioning: DenoiserConditioning,
  settings: ConditionedSettings,
  hooks: PaintHooks = {},
): Promise<Omit<Painting, 'attention'> & { readonly attention: Tensor }> {
  const { channels, height, width, unguided } = model.latent;
  const latentDims = [channels, height, width];
  const asTensor = (data: Float32Array): Tensor => ({ data, dims: [1, ...latentDims] });

  const { initial } = settings;
  const source = settings.noise ?? seededNoise(settings.seed);
  const noise = source.normals(sizeOf(latentDims)); // (C·h·w)
  const { plan, denoise } = painterOf(networks, model, settings);
  const { x, sigmas } = startingPoint(plan, noise, initial);

  const parametrisation = createParametrisation(model.parametrisation, model.sigma.data, plan.timestepOf);
  const guided = createGuidedDenoiser({
    networks: { denoise },
    parametrisation,
    conditioning,
    latentDims,
    unguided,
    ...guidanceOf(settings, model),
  });

  const region = initial?.region;
  const everything = new Float32Array(height * width).fill(1);
  const isLoose = (sigma: number) => sigma > LOOSE * model.sigma.data && sigmas.length > 2;
  // (h·w), from where the tokens' attention lies
  const maskAt = (sigma: number, { before, tokens, fixed }: NonNullable<typeof region>) => {
    const free = isLoose(sigma)
      ? everything
      : hardMask([before, placeOf(rowsOf(guided.lastAttention(), tokens), height * width)], height * width);
    return fixed ? free.map((share, i) => (fixed[i] === 1 ? 0 : share)) : free;
  };
  const inpainted =
    region &&
    inpainting(guided.denoise, {
      latent: initial.latent.data,
      noise,
      mask: (sigma) => maskAt(sigma, region),
      channels: region.keepsWhole ? unguided : [],
    });

  // (C·h·w)
  const clean = await plan.sampler((inpainted ?? guided).denoise, x, sigmas, {
    onStep: (step) => hooks.onStep?.({ ...step, denoised: asTensor(step.denoised) }),
    signal: hooks.signal,
    noise: source,
  });

  const settled = inpainted?.settle(clean) ?? clean;
  const latent = asTensor(plan.end === 1 ? settled : settled.map((value) => value * plan.end)); // (1, C, h, w)
  return { picture: await decodePicture(networks, latent), latent, attention: guided.attention() };
}

/** A student was taught guidance with the rest, but for what leads its first pass. */
function guidanceOf(
  { sampler, guidanceScale, relationFactor }: Pick<PaintSettings, 'sampler' | 'guidanceScale' | 'relationFactor'>,
  { student }: Pick<DiffusionModel, 'student'>,
): Guidance {
  return sampler === 'student'
    ? { guidanceScale: 1, relationScale: student?.relationScale ?? 1 }
    : { guidanceScale, relationFactor };
}

/** The denoiser, or the student at its own noise levels. @throws RangeError for a student that is not there */
function painterOf(
  networks: DiffusionNetworks,
  model: DiffusionModel,
  settings: ConditionedSettings,
): Pick<DiffusionNetworks, 'denoise'> & { readonly plan: SamplingPlan } {
  if (settings.sampler !== 'student') {
    const plan = model.planOf?.(settings) ?? planOverSigmas(model, settings);
    return { plan, denoise: (input) => networks.denoise(input) };
  }
  const { student } = networks;
  if (!student || !model.student) throw new RangeError('this model has no student');
  const sigmas = [...model.student.sigmas, 0];
  const plan = { sigmas, sampler: sampleByStudent, start: sigmas[0]!, end: 1 };
  return { plan, denoise: student };
}

/** Of a denoiser that knows any sigma. @throws RangeError for a sampler that needs numbered steps */
function planOverSigmas(model: DiffusionModel, { schedule, steps, sampler }: SamplingSettings): SamplingPlan {
  if (sampler === 'pndm' || sampler === 'ddpm' || sampler === 'lcm' || sampler === 'student') {
    throw new RangeError(`“${sampler}” needs another kind of model`);
  }
  const sigmas = sigmaSchedule(schedule ?? 'karras', steps, model.sigma);
  return { sigmas, sampler: samplers[sampler], start: sigmas[0]!, end: 1 };
}

/** From ids to tokens of S_cond. Ids that the graph does not hold drive nothing. */
function withTokens(
  { region, ...initial }: NonNullable<PaintSettings['initial']>,
  { objectIds }: TracedTokenGraph,
  padded: { readonly objects: number; readonly relations: number },
): NonNullable<ConditionedSettings['initial']> {
  if (!region) return initial;
  const layout = sCondLayout(padded);
  const { objects, ...places } = region;
  const tokens = objectIds.flatMap((id, i) => (objects.includes(id) ? [layout.objects.start + i] : []));
  return { ...initial, region: { ...places, tokens } };
}

/**
 * Pure noise at the first sigma, or a given latent with as much noise as the step it starts at expects. Where a region is painted from the first
 * step on, a trace of the earlier picture in it would bring that back.
 */
function startingPoint(
  { sigmas: schedule, start }: SamplingPlan,
  noise: Float32Array,
  initial: ConditionedSettings['initial'],
): { readonly x: Float32Array; readonly sigmas: readonly number[] } {
  if (initial === undefined || (initial.region && initial.strength === 1))
    return { x: noise.map((z) => start * z), sigmas: schedule };
  const steps = schedule.length - 1;
  const skipped = steps - Math.round(Math.min(1, Math.max(0, initial.strength)) * steps);
  const sigmas = schedule.slice(skipped);
  return { x: noise.map((z, i) => initial.latent.data[i]! + sigmas[0]! * z), sigmas };
}
