/** From the decoder's floats to the bytes of a picture. */
import type { Networks } from './networks.ts';
import { assertFinite } from './sampling/non-finite.ts';
import type { Tensor } from './tensor.ts';

/** 8-bit RGBA, row-major, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Decodes one latent (1, C, h, w): the last step of every picture, and the preview of any step. */
export async function decodePicture(networks: Pick<Networks, 'decode'>, latent: Tensor): Promise<Picture> {
  return toPicture(await networks.decode(latent));
}

/** RGBA → (1, 3, H, W) in [−1, 1]. */
export function fromPicture({ width, height, pixels }: Picture): Tensor {
  const area = width * height;
  const data = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) data[channel * area + i] = pixels[i * 4 + channel]! / 127.5 - 1;
  }
  return { data, dims: [1, 3, height, width] };
}

/** (1, 3, H, W) in [−1, 1] → RGBA; values outside are clamped. @throws NonFiniteError for NaN and infinities */
export function toPicture(image: Tensor): Picture {
  const [batch, channels, height, width] = image.dims;
  if (batch !== 1 || channels !== 3 || height === undefined || width === undefined) {
    throw new RangeError(`a picture is (1, 3, H, W), not (${image.dims.join(', ')})`);
  }
  assertFinite(image.data, 'the decoder');
  const area = height * width;
  const pixels = new Uint8ClampedArray(area * 4);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[i * 4 + channel] = (image.data[channel * area + i]! + 1) * 127.5; // a clamped array rounds by itself
    }
    pixels[i * 4 + 3] = 255;
  }
  return { width, height, pixels };
}
