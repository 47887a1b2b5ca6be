/** Who paints the pictures of `npm run generate`: one model, or one that draws and another that paints over what it drew. */
import type { GenerationSettings, SamplerName } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { GenerationResult, Overpainting, TextPrompt } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import type { Engine } from '#engine/engine.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { GivenNoise } from './given-noise.ts';
import { findModel, type OpenedModel, openModel } from './open-model.ts';

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

export interface Stage {
  readonly settings: GenerationSettings;
  readonly result: GenerationResult;
}

export interface Painted extends Stage {
  readonly over?: Stage & { readonly strength: number };
}

/** Of two models the first draws as it always does, in the style that is asked for; steps, guidance, sampler, size and noise are the second's. */
export async function paint(
  { drawing, over }: Painters,
  subject: SceneGraph | TextPrompt,
  choices: Choices,
  noise: GivenNoise | undefined,
): Promise<Painted> {
  const { seed, style, relations, strength = STRENGTH } = choices;
  if (!over || 'prompt' in subject) return paintBy(drawing.engine, subject, choices, noise);
  const drawn = await paintBy(
    drawing.engine,
    subject,
    { seed, ...(style !== undefined && { style }), ...(relations !== undefined && { relations }) },
    undefined,
  );
  const { style: _, relations: __, ...rest } = choices;
  const { picture } = drawn.result;
  const painted = await paintBy(over.engine, subject, rest, noise, { picture, strength });
  return { ...drawn, over: { ...painted, strength } };
}

async function paintBy(
  engine: Engine,
  subject: SceneGraph | TextPrompt,
  choices: Choices,
  noise: GivenNoise | undefined,
  over?: Overpainting,
): Promise<Stage> {
  const settings = settingsFor(engine, choices);
  const source = noise?.sourceFor(latentFor(engine, settings.size), settings.seed);
  return { settings, result: await engine.generate(subject, settings, { noise: source, over }) };
}

/** @returns undefined for a text, which no recipe holds */
export function recipeOf(
  { drawing, over }: Painters,
  subject: SceneGraph | TextPrompt,
  painted: Painted,
): Recipe | undefined {
  if ('prompt' in subject) return undefined;
  const { settings, strength } = painted.over ?? {};
  const isOver = over && settings && strength !== undefined;
  return {
    model: drawing.engine.manifest.name,
    graph: subject,
    settings: painted.settings,
    ...(isOver && { over: { model: over.engine.manifest.name, settings, strength } }),
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

/** Of the picture that is wanted. */
function latentFor({ manifest: { image, latent } }: Engine, size: GenerationSettings['size']): ModelFacts['latent'] {
  if (!size) return latent;
  const [width, height] = [(size.width * latent.width) / image.width, (size.height * latent.height) / image.height];
  return { ...latent, width, height };
}
