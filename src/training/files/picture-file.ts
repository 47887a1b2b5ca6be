/** Pictures in files. */
import { createCanvas, type Image, ImageData, loadImage } from '@napi-rs/canvas';
import type { Picture } from '#diffusion/picture.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lossless. */
export function encodePng(picture: Picture): Buffer {
  const canvas = createCanvas(picture.width, picture.height);
  canvas.getContext('2d').putImageData(new ImageData(picture.pixels, picture.width, picture.height), 0, 0);
  return canvas.toBuffer('image/png');
}

/**
 * Reads PNG, JPEG, WebP and whatever else the canvas knows.
 * @param size to scale to; the picture's own when absent. Colours of transparent pixels are laid on white.
 * @throws Error when the file is missing or no picture.
 */
export async function readPicture(path: string, size?: Size): Promise<Picture> {
  const image = await loadImage(path);
  return scaledTo(image, size ?? image);
}

/** Colours of transparent pixels are laid on white. */
export function scaledTo(image: Image, { width, height }: Size): Picture {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return { width, height, pixels: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) };
}
