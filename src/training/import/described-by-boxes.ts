/** A picture of which boxes are known and no outlines: the boxes are the masks. */
import type { Box, PlacedObject, PlacedRelation } from '#training/corpus/world/scene.ts';
import { gridOfBox } from './grid-mask.ts';
import { type DescribedPicture, PHOTO_STYLE } from './import-plan.ts';

/** @param grid cells of the masks per side */
export function describedByBoxes(
  objects: readonly PlacedObject[],
  relations: readonly PlacedRelation[],
  grid: number,
): DescribedPicture {
  const masks = new Uint8Array(objects.length * grid * grid);
  for (const [number, { box }] of objects.entries()) masks.set(gridOfBox(box, grid), number * grid * grid);
  return {
    scene: { style: PHOTO_STYLE, objects, relations },
    sample: {
      style: PHOTO_STYLE,
      objects: objects.map(({ label, attributes }, sceneIndex) => ({ label, attributes, sceneIndex })),
      relations,
    },
    masks,
  };
}

/** @param box left, top, right and bottom in pixels @returns it in [0, 1], clipped to the photograph */
export function shareOfPhotograph(
  [left, top, right, bottom]: readonly [number, number, number, number],
  { width, height }: { readonly width: number; readonly height: number },
): Box {
  const clip = (value: number) => Math.max(0, Math.min(1, value));
  return [clip(left / width), clip(top / height), clip(right / width), clip(bottom / height)];
}
