/** How much of each cell of a square grid over a picture an object covers. */
import type { Box } from '#graph/places/geometry.ts';

/** Boxes lie in [0, 1] of the picture. @returns (grid, grid) shares 0–255 of the cells that the box covers. */
export function gridOfBox([left, top, right, bottom]: Box, grid: number): Uint8Array {
  const share = (low: number, high: number, cell: number) =>
    Math.max(0, Math.min(high * grid, cell + 1) - Math.max(low * grid, cell));
  return Uint8Array.from({ length: grid * grid }, (_, at) =>
    Math.round(255 * share(left, right, at % grid) * share(top, bottom, Math.floor(at / grid))),
  );
}

export interface PixelMask {
  /** (height, width) row-major, 0 or 1. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** @returns (grid, grid) shares 0–255; a pixel counts for the cell that its centre lies in. */
export function gridOfPixels({ pixels, width, height }: PixelMask, grid: number): Uint8Array {
  const covered = new Float64Array(grid * grid);
  const all = new Float64Array(grid * grid);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) / height) * grid) * grid;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor(((x + 0.5) / width) * grid);
      all[cell]! += 1;
      covered[cell]! += pixels[y * width + x]!;
    }
  }
  return Uint8Array.from(covered, (count, cell) => (all[cell] === 0 ? 0 : Math.round((255 * count) / all[cell]!)));
}

/** Mean place of the mask's pixels in [0, 1] of the picture, x and y; undefined of an empty mask. */
export function centreOfPixels({ pixels, width, height }: PixelMask): readonly [number, number] | undefined {
  let [count, sumX, sumY] = [0, 0, 0];
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] === 0) continue;
    count++;
    sumX += at % width;
    sumY += Math.floor(at / width);
  }
  return count === 0 ? undefined : [(sumX / count + 0.5) / width, (sumY / count + 0.5) / height];
}
