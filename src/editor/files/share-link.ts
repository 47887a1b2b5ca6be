/** A link that carries graph, seed and settings in its fragment, which no server ever sees. Loaded only when a link is made or opened. */
import { deflateSync, strFromU8, strToU8 } from 'fflate';
import { bytesToBase64 } from '#engine/contract/base64.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import { formatRecipe, parseRecipe, RecipeError } from '#engine/contract/recipe.ts';
import { inflateWithin } from '#graph/files/png/inflate-within.ts';
import { SHARE_PREFIX } from './share-prefix.ts';

/** Characters. Chat programs and mail readers cut longer addresses. */
export const MAX_LINK_LENGTH = 8000;
/** Bytes of the recipe inside; the largest graph that fits into a link is far below it. */
const MAX_RECIPE_BYTES = 500_000;

/**
 * @param page address of the app; its own fragment is replaced
 * @throws RecipeError when the graph does not fit into a link
 */
export function shareLink(recipe: Recipe, page: string): string {
  const url = new URL(page);
  url.hash = SHARE_PREFIX + toBase64Url(deflateSync(strToU8(formatRecipe(recipe)), { level: 9 }));
  if (url.href.length > MAX_LINK_LENGTH)
    throw new RecipeError(
      'This graph is too large for a link. Save it as a file, or export the picture: both carry it.',
    );
  return url.href;
}

/** Links come from strangers. @throws RecipeError or GraphFormatError, each with a sentence for the user */
export function readShareLink(hash: string): Recipe {
  if (!hash.startsWith(SHARE_PREFIX)) throw new RecipeError('This link holds no graph.');
  if (hash.length > MAX_LINK_LENGTH) throw new RecipeError('This link is too long to be ours.');
  return parseRecipe(strFromU8(inflate(fromBase64Url(hash.slice(SHARE_PREFIX.length)))));
}

function inflate(bytes: Uint8Array): Uint8Array {
  const whole = inflateWithin(bytes, 'raw', MAX_RECIPE_BYTES);
  if (whole === undefined) throw new RecipeError('This link holds more than any graph.');
  if (whole === 'damaged') throw damaged();
  return whole;
}

const damaged = (): RecipeError => new RecipeError('This link is damaged: part of it may be missing. Copy it again.');

function toBase64Url(bytes: Uint8Array): string {
  return bytesToBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw damaged();
  }
}
