/**
 * The way of one picture, start here:
 * scene graph → tokens → graph encoder → S_cond → noise → sampler (denoiser with guidance) → decoder → picture.
 *
 * The three networks come in through one interface (networks.ts), so the browser's worker, the Node command line and the tests all
 * run this very code. Same graph, settings and networks: same bytes.
 */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type AttentionMaps, attentionMaps } from './attention.ts';
import type { DiscreteNoise } from './discrete-noise.ts';
import { createGuidedDenoiser } from './guidance.ts';
import type { DenoiserConditioning, DiffusionNetworks, Networks } from './networks.ts';
import { type NoiseSource, seededNoise } from './noise.ts';
import { createParametrisation, type ParametrisationName } from './parametrisation.ts';
import { decodePicture, type Picture } from './picture.ts';
import { type SamplerName, samplers } from './samplers.ts';
import { type ScheduleName, sigmaSchedule } from './schedule.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import { buildGraphTokens, tokenGraphOf, type WordEmbedding } from './tokens.ts';

/** What the second half of the way, from S_cond on, must know of a model. */
export interface DiffusionModel {
  readonly parametrisation: ParametrisationName;
  readonly sigma: { readonly min: number; readonly max: number; readonly data: number };
  readonly latent: { readonly channels: number; readonly height: number; readonly width: number };
  /** Of a denoiser that was trained on numbered steps: it then says the schedule and what the network is told of sigma. */
  readonly discrete?: DiscreteNoise;
}

/** What the pipeline must know of a model; a package's manifest fits, with its word vectors added. */
export interface PaintModel extends DiffusionModel {
  readonly vocabulary: { readonly objects: readonly string[]; readonly predicates: readonly string[] };
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
  readonly sampler: SamplerName;
  /** One of the model's styles, or "any". */
  readonly style: string;
  /** The model's own numbered steps, or "karras", unless said otherwise. */
  readonly schedule?: ScheduleName;
  /** Start from a picture's latent instead of from noise. */
  readonly initial?: InitialLatent;
}

export interface InitialLatent {
  /** (1, C, h, w) */
  readonly latent: Tensor;
  /** Share of the steps that are run: 1 starts at the schedule's full noise, 0 gives the latent back. */
  readonly strength: number;
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
  const tokenGraph = tokenGraphOf(graph, settings.style);
  const { predicates, objects: labels } = model.vocabulary;
  const tokens = buildGraphTokens([tokenGraph], {
    predicates,
    labels,
    styles: model.styles,
    embedding: model.embedding,
  });
  const conditioning = await networks.encodeGraph(tokens);
  const { picture, latent, attention } = await paintConditioned(networks, model, conditioning, settings, hooks);
  const paddedObjects = tokens.objectMask.dims[1]!;
  return { picture, latent, attention: attentionMaps(attention, tokenGraph, paddedObjects, model.latent) };
}

/** From S_cond on, whoever made it. @throws as `paint`, but for TokenError */
export async function paintConditioned(
  networks: DiffusionNetworks,
  model: DiffusionModel,
  conditioning: DenoiserConditioning,
  settings: Omit<PaintSettings, 'style'>,
  hooks: PaintHooks = {},
): Promise<Omit<Painting, 'attention'> & { readonly attention: Tensor }> {
  const { channels, height, width } = model.latent;
  const latentDims = [channels, height, width];
  const asTensor = (data: Float32Array): Tensor => ({ data, dims: [1, ...latentDims] });

  const schedule = scheduleOf(model, settings);
  const { x, sigmas } = startingPoint(schedule, seededNoise(settings.seed), sizeOf(latentDims), settings.initial);

  const parametrisation = createParametrisation(model.parametrisation, model.sigma.data, model.discrete?.timestepOf);
  const { guidanceScale } = settings;
  const guided = createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, guidanceScale });

  const clean = await samplers[settings.sampler](guided.denoise, x, sigmas, {
    onStep: (step) => hooks.onStep?.({ ...step, denoised: asTensor(step.denoised) }),
    signal: hooks.signal,
  });

  const latent = asTensor(clean);
  return { picture: await decodePicture(networks, latent), latent, attention: guided.attention() };
}

function scheduleOf(model: DiffusionModel, { schedule, steps }: Pick<PaintSettings, 'schedule' | 'steps'>): number[] {
  if (schedule === undefined && model.discrete) return model.discrete.schedule(steps);
  return sigmaSchedule(schedule ?? 'karras', steps, model.sigma);
}

/** Pure noise at the first sigma, or a given latent with as much noise as the step it starts at expects. */
function startingPoint(
  schedule: readonly number[],
  noise: NoiseSource,
  size: number,
  initial: InitialLatent | undefined,
): { readonly x: Float32Array; readonly sigmas: readonly number[] } {
  const drawn = noise.normals(size);
  if (initial === undefined) return { x: drawn.map((z) => schedule[0]! * z), sigmas: schedule };
  const steps = schedule.length - 1;
  const skipped = steps - Math.round(Math.min(1, Math.max(0, initial.strength)) * steps);
  const sigmas = schedule.slice(skipped);
  return { x: drawn.map((z, i) => initial.latent.data[i]! + sigmas[0]! * z), sigmas };
}
