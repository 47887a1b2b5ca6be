/** Recipes inside PNG files: the browser's exports and the command line's carry the same. */
import { addPngText, PngError, readPngText } from '#graph/files/png/png-text.ts';
import { formatRecipe, MAX_RECIPE_LENGTH, parseRecipe, RECIPE_KEYWORD, type Recipe, RecipeError } from './recipe.ts';

/** @throws PngError when the bytes are no PNG */
export const withRecipe = (png: Uint8Array, recipe: Recipe): Uint8Array =>
  addPngText(png, RECIPE_KEYWORD, formatRecipe(recipe));

/** @throws RecipeError when the PNG is damaged or holds no recipe, GraphFormatError when its graph is malformed */
export function readPngRecipe(bytes: Uint8Array): Recipe {
  let text: string | undefined;
  try {
    text = readPngText(bytes, RECIPE_KEYWORD, MAX_RECIPE_LENGTH);
  } catch (error) {
    if (error instanceof PngError) throw new RecipeError(`This PNG cannot be read: ${error.message}.`);
    throw error;
  }
  if (text === undefined)
    throw new RecipeError(
      'This PNG holds no Sgraffito recipe, so there is no graph to restore. Many programs and the clipboard strip it: use the file as it was exported.',
    );
  return parseRecipe(text);
}
