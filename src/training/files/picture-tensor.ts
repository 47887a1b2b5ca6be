/** 8-bit pictures as the numbers that networks and pixel metrics read, and back. */
import type { Tensor } from '#diffusion/tensor.ts';
import type { Picture } from '#engine/contract/protocol.ts';

/**
 * (B, 3, H, W), planes in the order red, green, blue; 0 becomes `low` and 255 becomes 1. Alpha is ignored.
 * @param low −1 for our networks and for Inception and LPIPS, 0 for pixel metrics.
 * @throws RangeError when there is no picture or the pictures differ in size.
 */
export function pictureTensor(pictures: readonly Picture[], low: -1 | 0 = -1): Tensor {
  const first = pictures[0];
  if (first === undefined) throw new RangeError('a batch needs at least one picture');
  const { width, height } = first;
  const area = width * height;
  const data = new Float32Array(pictures.length * 3 * area);
  for (const [b, picture] of pictures.entries()) {
    if (picture.width !== width || picture.height !== height) {
      throw new RangeError(`picture ${b} is ${picture.width}×${picture.height}, the first is ${width}×${height}`);
    }
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) {
        data[(b * 3 + c) * area + i] = low + (picture.pixels[i * 4 + c]! / 255) * (1 - low);
      }
    }
  }
  return { data, dims: [pictures.length, 3, height, width] };
}

/** Red, green, blue bytes, row-major, as an opaque picture. */
export function pictureOfRgb(rgb: Uint8Array, width: number, height: number): Picture {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    pixels.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
    pixels[i * 4 + 3] = 255;
  }
  return { width, height, pixels };
}
