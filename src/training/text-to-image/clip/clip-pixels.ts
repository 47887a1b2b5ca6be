/** CLIPImageProcessor: shorter side bicubically with antialiasing, centre crop, CLIP's mean and deviation. */
import type { Picture } from '#diffusion/picture.ts';
import { resizeBicubic } from '#diffusion/resize.ts';
import type { Tensor } from '#diffusion/tensor.ts';

/** Pixels per side of most published towers (Radford et al. 2021). */
const USUAL_SIDE = 224;
/** Of the colours, for all of them. */
const MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATION = [0.26862954, 0.26130258, 0.27577711] as const;

/** (1, 3, side, side) */
export function clipPixels({ width, height, pixels }: Picture, side = USUAL_SIDE): Tensor {
  const shorter = Math.min(width, height);
  const [across, down] = [width, height].map((length) => Math.trunc((length * side) / shorter)) as [number, number];
  const resized = resizeBicubic(pixels, [width, height], [across, down]);
  const [left, top] = [Math.floor((across - side) / 2), Math.floor((down - side) / 2)];
  const data = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++) {
        const byte = resized[((top + y) * across + left + x) * 4 + c]!;
        data[(c * side + y) * side + x] = (byte / 255 - MEAN[c]!) / DEVIATION[c]!;
      }
    }
  }
  return { data, dims: [1, 3, side, side] };
}
