/** A picture's recipe, as it travels inside an exported PNG. */
import * as v from 'valibot';
import { asciiJson } from '#graph/files/ascii-json.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { bytesToBase64 } from './base64.ts';
import { type GenerationSettings, settingsSchema, strengthSchema } from './generation-settings.ts';
import type { Inpainting } from './protocol.ts';

/** Everything that makes a picture, and makes it again. */
export interface Recipe {
  readonly model: string;
  readonly graph: SceneGraph;
  readonly settings: GenerationSettings;
  /** Painted by "keep the rest": what was kept of the picture before it, which needs to be there no more. */
  readonly keep?: Inpainting | undefined;
  /** What painted over the picture that all of the above made. */
  readonly over?: OverpaintingRecipe | undefined;
}

export interface OverpaintingRecipe {
  readonly model: string;
  readonly settings: GenerationSettings;
  /** Above 0 and at most 1. */
  readonly strength: number;
}

const RECIPE_FORMAT = 'sgraffito/recipe';
const RECIPE_VERSION = 1;
/** Keyword of the PNG text chunk. */
export const RECIPE_KEYWORD = 'sgraffito';
/** A recipe of the largest graph, with what it kept of a picture before it, is far below this; anything longer is not ours. */
export const MAX_RECIPE_LENGTH = 1_000_000;

export class RecipeError extends Error {
  override readonly name = 'RecipeError';
}

/** Float32 numbers, little-endian, in base64: exact, where decimals of a latent would take three times the room. */
export const floatsSchema = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))),
  v.check(({ length }) => length % 4 === 0, 'is not a list of 32-bit numbers'),
  v.transform(({ buffer }) => new Float32Array(buffer)),
  v.check((numbers) => numbers.every(Number.isFinite), 'holds a number that is not finite'),
);
const ids = v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(10_000));

const modelName = v.pipe(v.string(), v.maxLength(64));

const recipeSchema = v.object({
  format: v.literal(RECIPE_FORMAT),
  version: v.literal(RECIPE_VERSION),
  model: modelName,
  graph: v.unknown(),
  settings: settingsSchema,
  keep: v.optional(
    v.object({
      latent: floatsSchema,
      strength: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      before: v.pipe(v.array(floatsSchema), v.maxLength(1000)),
      objects: ids,
      keepsWhole: v.optional(v.boolean()),
      fixed: v.optional(floatsSchema),
      further: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
    }),
  ),
  over: v.optional(v.object({ model: modelName, settings: settingsSchema, strength: strengthSchema })),
});

/** ASCII JSON: a tEXt chunk holds Latin-1 only. */
export function formatRecipe({ model, graph, settings, keep, over }: Recipe): string {
  const written = keep && {
    latent: formatFloats(keep.latent),
    strength: keep.strength,
    before: keep.before.map(formatFloats),
    objects: keep.objects,
    ...(keep.keepsWhole && { keepsWhole: true }),
    ...(keep.fixed && { fixed: formatFloats(keep.fixed) }),
    ...(keep.further && { further: keep.further }),
  };
  return asciiJson({ format: RECIPE_FORMAT, version: RECIPE_VERSION, model, graph, settings, keep: written, over });
}

/** As `floatsSchema` reads them. */
export const formatFloats = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  bytesToBase64(new Uint8Array(buffer, byteOffset, byteLength));

/** Metadata comes from strangers: every field is checked. @throws RecipeError or GraphFormatError */
export function parseRecipe(text: string): Recipe {
  if (text.length > MAX_RECIPE_LENGTH) throw new RecipeError('The recipe inside this picture is too large to be ours.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecipeError('The recipe inside this picture is damaged: it is not JSON.');
  }
  const parsed = v.safeParse(recipeSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    throw new RecipeError(`The recipe inside this picture cannot be read${path ? ` (${path})` : ''}: ${issue.message}`);
  }
  const { model, graph, settings, keep, over } = parsed.output;
  return { model, graph: parseSceneGraph(graph, 'graph'), settings, ...(keep && { keep }), ...(over && { over }) };
}
