/** Who paints the pictures of `npm run generate`: one model, or one that draws and another that paints over what it drew. */
import { createHash } from 'node:crypto';
import type { GenerationSettings, SamplerName } from '#engine/contract/generation-settings.ts';
import { latentFor } from '#engine/contract/manifest.ts';
import type { GenerationResult, TextPrompt } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import type { Engine } from '#engine/engine.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { GivenNoise } from './given-noise.ts';
import { findModel, type OpenedModel, openModel } from './open-model.ts';
import { packageHashes } from './package-hashes.ts';

/** What a user may ask for; the model's own defaults otherwise. */
export interface Choices {
  readonly seed: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly relations?: number;
  readonly sampler?: SamplerName;
  readonly style?: string;
  readonly width?: number;
  readonly height?: number;
  readonly strength?: number;
}

export interface Painters {
  readonly drawing: OpenedModel;
  /** Paints over its pictures. */
  readonly over?: OpenedModel | undefined;
}

interface WantedModels {
  readonly model: string;
  readonly over?: string;
  readonly hub: string;
}

/** Enough to become a photograph, with the objects still where they were drawn. */
const STRENGTH = 0.6;

/**
 * Only a Stable Diffusion model can paint over a picture: the two may be named either way round.
 * @throws EngineError naming the package that cannot be opened, or that cannot paint over pictures
 */
export async function openPainters({ model, over, hub }: WantedModels): Promise<Painters> {
  const one = await findModel(model, hub);
  if (over === undefined) return { drawing: await openModel(one) };
  const other = await findModel(over, hub);
  const isReversed = one.kind === 'stable-diffusion' && other.kind === 'picturebook';
  const [first, second] = isReversed ? [other, one] : [one, other];
  // What may be refused comes first.
  const painter = await openModel(second, { over: true });
  return { drawing: await openModel(first), over: painter };
}

/** What decides a picture beside its graph and models. */
export interface Plan {
  readonly settings: GenerationSettings;
  readonly over?: { readonly settings: GenerationSettings; readonly strength: number };
}

/** Of two models the first draws as it always does, in the style that is asked for; steps, guidance, sampler and size are the second's. */
export function planOf({ drawing, over }: Painters, choices: Choices): Plan {
  if (!over) return { settings: settingsFor(drawing.engine, choices) };
  const { style, relations, strength = STRENGTH, ...own } = choices;
  const drawn = {
    seed: own.seed,
    ...(style !== undefined && { style }),
    ...(relations !== undefined && { relations }),
  };
  return {
    settings: settingsFor(drawing.engine, drawn),
    over: { settings: settingsFor(over.engine, own), strength },
  };
}

/** What decides a picture beside its graph, its settings and given noise, as JSON: two runs with the same paint the same. */
export async function identityOf({ drawing, over }: Painters, plan: Plan): Promise<object> {
  if (!over || !plan.over) return { drawing: await weightsOf(drawing) };
  // The seed is that of the settings.
  const { settings, strength } = plan.over;
  return {
    drawing: await weightsOf(drawing),
    over: { ...(await weightsOf(over)), settings: { ...settings, seed: undefined }, strength },
  };
}

async function weightsOf({ model }: OpenedModel): Promise<object> {
  const scheduler = model.kind === 'stable-diffusion' ? model.scheduler.config : undefined;
  return { name: model.manifest.name, scheduler, files: await packageHashes(model) };
}

/** Two packages with this hash in common paint the same. @returns 16 hexadecimal digits */
export async function weightsHash(opened: OpenedModel): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify(await weightsOf(opened)))
    .digest('hex')
    .slice(0, 16);
}

export interface Stage {
  readonly settings: GenerationSettings;
  readonly result: GenerationResult;
}

export interface Painted extends Stage {
  readonly over?: Stage & { readonly strength: number };
}

/** @param noise of the model that ends the picture */
export async function paint(
  { drawing, over }: Painters,
  subject: SceneGraph | TextPrompt,
  plan: Plan,
  noise: GivenNoise | undefined,
): Promise<Painted> {
  const { settings } = plan;
  const sourceFor = ({ engine }: OpenedModel, { size, seed }: GenerationSettings) =>
    noise?.sourceFor(latentFor(engine.manifest, size), seed);
  if (!over || !plan.over) {
    const hooks = { noise: sourceFor(drawing, settings) };
    return { settings, result: await drawing.engine.generate(subject, settings, hooks) };
  }
  const drawn = await drawing.engine.generate(subject, settings);
  const { settings: own, strength } = plan.over;
  const hooks = { noise: sourceFor(over, own), over: { picture: drawn.picture, strength } };
  const result = await over.engine.generate(subject, own, hooks);
  return { settings, result: drawn, over: { settings: own, strength, result } };
}

/** @returns undefined for a text, which no recipe holds */
export function recipeOf(
  { drawing, over }: Painters,
  subject: SceneGraph | TextPrompt,
  plan: Plan,
): Recipe | undefined {
  if ('prompt' in subject) return undefined;
  const paintedOver = over && plan.over && { model: over.engine.manifest.name, ...plan.over };
  return {
    model: drawing.engine.manifest.name,
    graph: subject,
    settings: plan.settings,
    ...(paintedOver && { over: paintedOver }),
  };
}

function settingsFor(
  engine: Engine,
  { seed, steps, guidance, relations, sampler, style, width, height }: Choices,
): GenerationSettings {
  const { defaults, image } = engine.manifest;
  const isSized = width !== undefined || height !== undefined;
  return {
    seed,
    steps: steps ?? defaults.steps,
    guidanceScale: guidance ?? defaults.guidanceScale,
    relationFactor: relations ?? defaults.relationFactor,
    sampler: sampler ?? defaults.sampler,
    style: style ?? defaults.style,
    ...(isSized && { size: { width: width ?? image.width, height: height ?? image.height } }),
  };
}
