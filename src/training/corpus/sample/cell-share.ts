import type { RenderedScene } from '#training/corpus/world/scene.ts';

/** Visible share of object `place` in cell (x, y) of a grid of `whole` × `whole`, averaged from the rendered grid. */
export function cellShare(
  { masks, grid }: Pick<RenderedScene, 'masks' | 'grid'>,
  place: number,
  x: number,
  y: number,
  whole: number,
): number {
  const ratio = grid / whole;
  let sum = 0;
  for (let dy = 0; dy < ratio; dy++) {
    for (let dx = 0; dx < ratio; dx++) {
      sum += masks[(place * grid + y * ratio + dy) * grid + x * ratio + dx] as number;
    }
  }
  return sum / (ratio * ratio * 255);
}
