import type { OverpaintingRecipe } from '#engine/contract/recipe.ts';

/** Which model painted over a picture and how strongly, as part of a sentence. */
export const paintedOver = ({ model, strength }: OverpaintingRecipe): string =>
  `painted over by ${model} (strength ${Math.round(strength * 100)} %)`;
