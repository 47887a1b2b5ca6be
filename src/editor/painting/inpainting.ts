/** Inpainting, "Keep the rest" on the screen: what the engine must know of the picture that is kept. */

import type { PictureRecord } from '#editor/history/picture-record.ts';
import { inpaintingAfter } from '#engine/contract/keep-rest.ts';
import type { KeepRest } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { changesBetween } from '#graph/words/changes.ts';

/**
 * What to keep, or why nothing can be kept, in a sentence for the user.
 * @param earlier the picture on screen
 * @param strength 0–1
 */
export function inpaintingOf(
  earlier: PictureRecord | null,
  { graph, model, strength }: { readonly graph: SceneGraph; readonly model: string; readonly strength: number },
): KeepRest | { readonly reason: string } {
  if (!earlier) return { reason: 'There is no picture yet whose rest could be kept.' };
  if (earlier.over) return { reason: 'The picture on screen was painted over by another model.' };
  if (earlier.model !== model) return { reason: 'The picture on screen is another model’s.' };
  const { latent, attention, verification } = earlier.result;
  if (!latent) return { reason: 'The picture on screen was painted by a version that did not keep what this needs.' };
  if (Object.keys(attention.objects).length === 0) return { reason: 'This model does not show where its objects are.' };
  const inpainting = inpaintingAfter({ graph: earlier.graph, latent, attention, verification }, graph, strength);
  return inpainting ?? { reason: 'The graph is the one of the picture on screen.' };
}

/** Whether painting with `now` would make the picture of a recipe again: places on the canvas are no difference. */
export function makesAgain(recipe: Recipe, now: Omit<Recipe, 'keep' | 'over'>): boolean {
  const isSame = (key: keyof Recipe['settings']) => recipe.settings[key] === now.settings[key];
  return (
    recipe.model === now.model &&
    (Object.keys(recipe.settings) as (keyof Recipe['settings'])[]).every(isSame) &&
    changesBetween(recipe.graph, now.graph).sentences.length === 0
  );
}
