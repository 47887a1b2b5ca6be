/** Another look at a picture: what the verifier sees in it must not hang on where its cells begin, on the size of things or on their side. */
import type { Picture } from '#diffusion/picture.ts';
import { resizeBicubic } from '#diffusion/resize.ts';
import type { Box } from '#graph/places/geometry.ts';

/**
 * Of the picture's size: cells of the grid lie elsewhere in it. Of 69 things that the first look found in 16 pictures this one finds 63, and of 58
 * relations 43; at 0.8 it finds 58 and 37.
 */
const SCALE = 0.9;

/** The picture mirrored and smaller, its border drawn out to the old size. */
export function otherView({ width, height, pixels }: Picture): Picture {
  const size = [Math.round(width * SCALE), Math.round(height * SCALE)] as const;
  const small = resizeBicubic(pixels, [width, height], size);
  const [left, top] = [Math.floor((width - size[0]) / 2), Math.floor((height - size[1]) / 2)];
  const view = new Uint8ClampedArray(pixels.length);
  const within = (value: number, length: number) => Math.min(length - 1, Math.max(0, value));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = within(y - top, size[1]) * size[0] + (size[0] - 1 - within(x - left, size[0]));
      view.set(small.subarray(4 * from, 4 * from + 4), 4 * (y * width + x));
    }
  }
  return { width, height, pixels: view };
}

/** Where a box of that view lies in the picture. */
export function fromOtherView([left, top, right, bottom]: Box): Box {
  const back = (share: number) => Math.min(1, Math.max(0, (share - 0.5) / SCALE + 0.5));
  return [1 - back(right), back(top), 1 - back(left), back(bottom)];
}
