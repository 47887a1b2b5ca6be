/** A picture's recipe, as it travels inside an exported PNG: everything needed to make it again. */
import * as v from 'valibot';
import { settingsSchema } from '#editor/state/settings-schema.ts';
import type { GenerationSettings } from '#engine/protocol.ts';
import { parseSceneGraph } from '#graph/parse.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export const RECIPE_FORMAT = 'sgraffito/recipe';
export const RECIPE_VERSION = 1;
/** Keyword of the PNG text chunk. */
export const RECIPE_KEYWORD = 'sgraffito';
/** A recipe of the largest graph is far below this; anything longer is not ours. */
const MAX_RECIPE_LENGTH = 1_000_000;

export interface Recipe {
  readonly model: string;
  readonly graph: SceneGraph;
  readonly settings: GenerationSettings;
  /** Painted by "keep the rest" with this strength: it also depends on a picture before it, which the recipe does not hold. */
  readonly keptRest?: number | undefined;
}

export class RecipeError extends Error {
  override readonly name = 'RecipeError';
}

const recipeSchema = v.object({
  format: v.literal(RECIPE_FORMAT),
  version: v.literal(RECIPE_VERSION),
  model: v.pipe(v.string(), v.maxLength(64)),
  graph: v.unknown(),
  settings: settingsSchema,
  keptRest: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

/** ASCII JSON: a tEXt chunk holds Latin-1 only, so everything beyond ASCII is written as \u escapes. */
export function formatRecipe(recipe: Recipe): string {
  const { model, graph, settings, keptRest } = recipe;
  const text = JSON.stringify({ format: RECIPE_FORMAT, version: RECIPE_VERSION, model, graph, settings, keptRest });
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

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
  const { model, graph, settings, keptRest } = parsed.output;
  return { model, graph: parseSceneGraph(graph, 'graph'), settings, ...(keptRest !== undefined && { keptRest }) };
}
