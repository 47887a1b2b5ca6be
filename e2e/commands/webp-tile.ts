/** A picture made small, as the app brings it along. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { Picture } from '#engine/contract/protocol.ts';

const QUALITY = 84;

/** Fills the tile from the picture's middle, at the tile's proportions. @param tile in pixels */
export async function webpTile(
  { width, height, pixels }: Picture,
  tile: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  const picture = createCanvas(width, height);
  picture.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  const scale = Math.max(tile.width / width, tile.height / height);
  const small = createCanvas(tile.width, tile.height);
  const [drawnWidth, drawnHeight] = [width * scale, height * scale];
  small
    .getContext('2d')
    .drawImage(picture, (tile.width - drawnWidth) / 2, (tile.height - drawnHeight) / 2, drawnWidth, drawnHeight);
  return small.encode('webp', QUALITY);
}
