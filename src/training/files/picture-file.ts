/** Pictures in files. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createCanvas, type Image, ImageData, loadImage } from '@napi-rs/canvas';
import type { Picture } from '#diffusion/picture.ts';
import { checkPng, PngError } from '#graph/files/png/png-text.ts';

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

/** A PNG of ours; undefined where there is none, and where it is damaged, which is told: whoever asks paints it anew. */
export async function readKeptPicture(path: string): Promise<Picture | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    checkPng(readFileSync(path));
  } catch (error) {
    if (!(error instanceof PngError)) throw error;
    process.stderr.write(`${path} cannot be read: ${error.message}; it is painted anew.\n`);
    rmSync(path);
    return undefined;
  }
  return readPicture(path);
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
