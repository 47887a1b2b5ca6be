/**
 * The way of one picture, start here:
 * scene graph → tokens → graph encoder → S_cond → noise → sampler (denoiser with guidance) → decoder → picture.
 *
 * The three networks come in through one interface (networks.ts), so the browser's worker, the Node command line and the tests all
 * run this very code. Same graph, settings and networks: same bytes.
 */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type AttentionMaps, attentionMaps, rowsOf } from './attention.ts';
import { createGuidedDenoiser } from './guidance.ts';
import type { DenoiserConditioning, DiffusionNetworks, GraphTokens, Networks } from './networks.ts';
import { decodePicture, type Picture } from './picture.ts';
import { sCondLayout, type TokenRange } from './s-cond.ts';
import type { DiscreteNoise } from './sampling/discrete-noise.ts';
import { inpainting, softMask, unionOf } from './sampling/inpainting.ts';
import { seededNoise } from './sampling/noise.ts';
import { createParametrisation, type ParametrisationName } from './sampling/parametrisation.ts';
import type { SamplerName } from './sampling/sampler-names.ts';
import { samplers } from './sampling/samplers.ts';
import { type ScheduleName, sigmaSchedule } from './sampling/schedule.ts';
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
    /** Channels that guidance does not amplify (guidance.ts); none when absent. */
    readonly unguided?: readonly number[] | undefined;
  };
  /** Of a denoiser that was trained on numbered steps: it then says the schedule and what the network is told of sigma. */
  readonly discrete?: DiscreteNoise;
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
  readonly sampler: SamplerName;
  /** One of the model's styles, or "any". */
  readonly style: string;
  /** The model's own numbered steps, or "karras", unless said otherwise. */
  readonly schedule?: ScheduleName;
  /** Start from a picture's latent instead of from noise. */
  readonly initial?: InitialLatent & { readonly region?: InpaintingRegion };
}

export interface InitialLatent {
  /** (1, C, h, w) */
  readonly latent: Tensor;
  /** Share of the steps that are run: 1 starts at the schedule's full noise, 0 gives the latent back. */
  readonly strength: number;
}

/** Inpainting: the part of the initial latent that may change (sampling/inpainting.ts). */
export interface InpaintingRegion {
  /** (h·w) in [0, 1] where the changed nodes and edges lie in the earlier picture. */
  readonly before: Float32Array;
  /** Ids in the graph that is painted: where their attention goes, the picture may change too. */
  readonly objects: readonly string[];
  readonly relations: readonly string[];
}

/** The settings without what needs a graph to be understood: a region names tokens of S_cond by their index. */
export interface ConditionedSettings extends Omit<PaintSettings, 'style' | 'initial'> {
  readonly initial?: InitialLatent & {
    readonly region?: { readonly before: Float32Array; readonly tokens: readonly number[] };
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
  const conditioning = await encode(networks, tokens, settings); // S_cond (1, S, D), mask (1, S)
  const padded = { objects: tokens.objectMask.dims[1]!, relations: tokens.relationMask.dims[1]! };
  const { initial, ...rest } = settings;
  const conditioned = initial ? { ...rest, initial: withTokens(initial, tokenGraph, padded) } : rest;
  // latent (1, C, h, w), attention (S, h·w)
  const { picture, latent, attention } = await paintConditioned(networks, model, conditioning, conditioned, hooks);
  return { picture, latent, attention: attentionMaps(attention, tokenGraph, padded, model.latent) };
}

/** S_cond of the graph, and of its objects alone where guidance tells the two apart. */
async function encode(
  networks: Networks,
  tokens: GraphTokens,
  { guidanceScale, relationFactor = 1 }: PaintSettings,
): Promise<DenoiserConditioning> {
  const conditioning = await networks.encodeGraph(tokens);
  const { relationMask } = tokens;
  if (relationFactor === 1 || guidanceScale <= 1 || relationMask.data.every((seen) => seen === 0)) return conditioning;
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
  const source = seededNoise(settings.seed);
  const noise = source.normals(sizeOf(latentDims)); // (C·h·w)
  const { x, sigmas } = startingPoint(scheduleOf(model, settings), noise, initial);

  const parametrisation = createParametrisation(model.parametrisation, model.sigma.data, model.discrete?.timestepOf);
  const { guidanceScale, relationFactor } = settings;
  const guidance = { guidanceScale, relationFactor, unguided };
  const guided = createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, ...guidance });

  const region = initial?.region;
  // (h·w), from where the tokens' attention lies so far
  const maskNow = ({ before, tokens }: NonNullable<typeof region>) =>
    softMask([before, unionOf(rowsOf(guided.attention(), tokens), model.latent)], model.latent);
  const inpainted =
    region && inpainting(guided.denoise, { latent: initial.latent.data, noise, mask: () => maskNow(region) });

  // (C·h·w)
  const clean = await samplers[settings.sampler]((inpainted ?? guided).denoise, x, sigmas, {
    onStep: (step) => hooks.onStep?.({ ...step, denoised: asTensor(step.denoised) }),
    signal: hooks.signal,
    noise: source,
  });

  const latent = asTensor(inpainted?.settle(clean) ?? clean); // (1, C, h, w)
  return { picture: await decodePicture(networks, latent), latent, attention: guided.attention() };
}

function scheduleOf(model: DiffusionModel, { schedule, steps }: Pick<PaintSettings, 'schedule' | 'steps'>): number[] {
  if (schedule === undefined && model.discrete) return model.discrete.schedule(steps);
  return sigmaSchedule(schedule ?? 'karras', steps, model.sigma);
}

/** From ids to tokens of S_cond. Ids that the graph does not hold drive nothing. */
function withTokens(
  { region, ...initial }: NonNullable<PaintSettings['initial']>,
  { objectIds, relationIds }: TracedTokenGraph,
  padded: { readonly objects: number; readonly relations: number },
): NonNullable<ConditionedSettings['initial']> {
  if (!region) return initial;
  const layout = sCondLayout(padded);
  const tokensOf = (ids: readonly string[], wanted: readonly string[], { start }: TokenRange) =>
    ids.flatMap((id, i) => (wanted.includes(id) ? [start + i] : []));
  const objects = tokensOf(objectIds, region.objects, layout.objects);
  const relations = tokensOf(relationIds, region.relations, layout.relations);
  return { ...initial, region: { before: region.before, tokens: [...objects, ...relations] } };
}

/** Pure noise at the first sigma, or a given latent with as much noise as the step it starts at expects. */
function startingPoint(
  schedule: readonly number[],
  noise: Float32Array,
  initial: InitialLatent | undefined,
): { readonly x: Float32Array; readonly sigmas: readonly number[] } {
  if (initial === undefined) return { x: noise.map((z) => schedule[0]! * z), sigmas: schedule };
  const steps = schedule.length - 1;
  const skipped = steps - Math.round(Math.min(1, Math.max(0, initial.strength)) * steps);
  const sigmas = schedule.slice(skipped);
  return { x: noise.map((z, i) => initial.latent.data[i]! + sigmas[0]! * z), sigmas };
}
