/** A picture that carries no graph: how it is told, how large it may be, and its pixels. */
import { loadPart } from '#editor/interface/load-part.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import { isPng } from '#graph/files/png/png-signature.ts';

/** 32 megapixels are 128 MB while they are decoded; a PNG of 4 MB may hold 3,000 of them. */
const MOST_PIXELS = 32e6;
const JPEG = '\xff\xd8\xff';
const WEBP = /^RIFF.{4}WEBP/s;

/** @param head the first 12 bytes of a file */
export function isPicture(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return isPng(head) || text.startsWith(JPEG) || WEBP.test(text);
}

/**
 * The middle of the picture at another size, of as much of it as has that shape.
 * @throws Error with a sentence for the user when it is damaged or too large; its size is read from its head, before it is decoded
 */
export async function pixelsOf(file: Blob, { width, height }: Pick<Picture, 'width' | 'height'>): Promise<Picture> {
  const size = await sizeOf(file);
  if (size.width * size.height > MOST_PIXELS) {
    const most = MOST_PIXELS / 1e6;
    throw new Error(
      `It has ${size.width} × ${size.height} pixels; up to ${most} million are looked at. Make it smaller.`,
    );
  }
  try {
    const bitmap = await createImageBitmap(file);
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('There is no room for a canvas.');
    const scale = Math.max(width / bitmap.width, height / bitmap.height);
    const [w, h] = [scale * bitmap.width, scale * bitmap.height];
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
    bitmap.close();
    return { width, height, pixels: context.getImageData(0, 0, width, height).data };
  } catch (error) {
    throw new Error('It is damaged: the browser cannot show it.', { cause: error });
  }
}

async function sizeOf(file: Blob): Promise<{ readonly width: number; readonly height: number }> {
  const { imageSize } = await loadPart(() => import('image-size'));
  try {
    return imageSize(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw new Error('It is damaged: its size cannot be read.', { cause: error });
  }
}
