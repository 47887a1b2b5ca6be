/** PNG files with their recipe inside. Loaded only when a picture is exported. */
import { encode } from 'fast-png';
import type { Picture } from '#engine/contract/protocol.ts';
import { formatRecipe, RECIPE_KEYWORD, type Recipe } from '#engine/contract/recipe.ts';

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
