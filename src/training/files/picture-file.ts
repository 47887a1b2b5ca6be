/** Pictures in files. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createCanvas, type Image, ImageData, loadImage } from '@napi-rs/canvas';
import type { Picture } from '#diffusion/picture.ts';
import { isPng } from '#graph/files/png/png-signature.ts';
import { checkPng, PngError } from '#graph/files/png/png-text.ts';
import { isCutOff } from './picture-bytes.ts';

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

/** A file that is no whole picture; the message names it and says what was found. */
export class PictureError extends Error {
  override readonly name = 'PictureError';

  constructor(path: string, found: string) {
    super(`${path} cannot be read: ${found}`);
  }
}

/**
 * Reads PNG, JPEG, WebP and whatever else the canvas knows.
 * @param size to scale to; the picture's own when absent. Colours of transparent pixels are laid on white.
 * @throws PictureError for what is no picture, cut off or damaged, or Error when the file is missing
 */
export async function readPicture(path: string, size?: Size): Promise<Picture> {
  const bytes = readFileSync(path);
  if (isPng(bytes)) checkWhole(bytes, path);
  else if (isCutOff(bytes)) throw new PictureError(path, 'it is cut off');
  const image = await loadImage(bytes).catch(() => {
    throw new PictureError(path, 'it is no picture, or damaged');
  });
  return scaledTo(image, size ?? image);
}

/** The canvas paints what a damaged PNG lacks. */
function checkWhole(png: Buffer, path: string): void {
  try {
    checkPng(png);
  } catch (error) {
    if (error instanceof PngError) throw new PictureError(path, error.message);
    throw error;
  }
}

/** A PNG of ours; undefined where there is none, and where it is damaged, which is told: whoever asks paints it anew. */
export async function readKeptPicture(path: string): Promise<Picture | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return await readPicture(path);
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    process.stderr.write(`${error.message}; it is painted anew.\n`);
    rmSync(path);
    return undefined;
  }
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
