/** 8-bit RGBA pictures, compared. */
import { decode } from 'fast-png';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** @throws Error when the file is no 8-bit RGB or RGBA PNG */
export function decodePng(file: Uint8Array): Pixels {
  const { width, height, data, depth, channels } = decode(file, { checkCrc: true });
  if (depth !== 8 || (channels !== 3 && channels !== 4))
    throw new Error(`A PNG of depth ${depth}, ${channels} channels.`);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    rgba.set(data.subarray(i * channels, (i + 1) * channels) as Uint8Array, i * 4);
  }
  return { width, height, data: rgba };
}

/** Peak signal-to-noise ratio over the colours in dB; infinite for equal pictures. @throws Error when the sizes differ */
export function psnr(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('Pictures of different sizes.');
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    if (i % 4 !== 3) sum += ((a.data[i] ?? 0) - (b.data[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (sum / (a.width * a.height * 3)));
}

/** Standard deviation of the brightest channel's values: near 0 for a picture of one colour. */
export function contrast({ data }: Pixels): number {
  const greens = data.filter((_, i) => i % 4 === 1);
  const mean = greens.reduce((sum, value) => sum + value, 0) / greens.length;
  return Math.sqrt(greens.reduce((sum, value) => sum + (value - mean) ** 2, 0) / greens.length);
}
