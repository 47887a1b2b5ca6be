/** PNG files with their recipe inside. Loaded only when a picture is exported or opened. */
import { encode } from 'fast-png';
import type { Picture } from '#diffusion/picture.ts';
import { PngError, readPngText } from '#graph/files/png/png-text.ts';
import { formatRecipe, MAX_RECIPE_LENGTH, parseRecipe, RECIPE_KEYWORD, type Recipe, RecipeError } from './recipe.ts';

/** The picture's exact pixels, and its recipe as a text chunk. Same picture and recipe: same bytes. */
export function encodePng(picture: Picture, recipe: Recipe): Uint8Array<ArrayBuffer> {
  const bytes = encode({
    width: picture.width,
    height: picture.height,
    data: new Uint8Array(picture.pixels.buffer, picture.pixels.byteOffset, picture.pixels.byteLength),
    channels: 4,
    depth: 8,
    text: { [RECIPE_KEYWORD]: formatRecipe(recipe), Software: 'Sgraffito' },
  });
  return new Uint8Array(bytes);
}

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
