/** A perceptual distance that needs no network, for models without a CLIP image tower. */
import type { Picture } from '#diffusion/picture.ts';
import type { PerceptualDistance } from '#training/evaluation/scores/diversity.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';

const LEVELS = 5;

/**
 * Mean absolute difference of colours in [0, 1] at the picture's own size and at 1/2, 1/4, 1/8 and 1/16 of it (means of blocks), averaged over the levels.
 * Range [0, 1]. Coarse levels see what is where, fine ones texture. It is no match for LPIPS; it orders models of one size alike.
 */
export const pyramidDistance: PerceptualDistance = {
  name: 'mean absolute difference over five scales',
  between: async (first, second) => first.map((picture, i) => distanceOf(picture, second[i]!)),
};

function distanceOf(a: Picture, b: Picture): number {
  const { data: left, dims } = pictureTensor([a, b], 0);
  const size = left.length / 2;
  let difference: Float32Array = left.subarray(0, size).map((value, i) => value - left[size + i]!);
  let [height, width] = [dims[2]!, dims[3]!];
  let sum = 0;
  for (let level = 0; level < LEVELS; level++) {
    sum += difference.reduce((total, value) => total + Math.abs(value), 0) / difference.length / LEVELS;
    difference = halve(difference, height, width);
    height = Math.max(1, height >> 1);
    width = Math.max(1, width >> 1);
  }
  return sum;
}

/** (3, H, W) → (3, ⌊H/2⌋, ⌊W/2⌋) means of 2 × 2; a side of 1 stays. Means are linear, so the difference may be halved in place of the pictures. */
function halve(planes: Float32Array, height: number, width: number): Float32Array {
  const [rows, columns] = [Math.max(1, height >> 1), Math.max(1, width >> 1)];
  const [down, right] = [height > 1 ? 2 : 1, width > 1 ? 2 : 1];
  const halved = new Float32Array(3 * rows * columns);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let dy = 0; dy < down; dy++) {
          for (let dx = 0; dx < right; dx++) sum += planes[(c * height + y * down + dy) * width + x * right + dx]!;
        }
        halved[(c * rows + y) * columns + x] = sum / (down * right);
      }
    }
  }
  return halved;
}
