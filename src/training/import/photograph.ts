/** The photograph of a record, turned as its annotations speak of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Image, loadImage } from '@napi-rs/canvas';
import type { Picture } from '#diffusion/picture.ts';
import { isCutOff, withoutExif } from '#training/files/picture-bytes.ts';
import { scaledTo } from '#training/files/picture-file.ts';
import { DamagedRecordError, type PlannedPicture } from './import-plan.ts';

/**
 * Annotators saw some pictures as their EXIF orientation turns them, and others as they are stored: the one of the record's shape is
 * meant, the first where both have it. Smaller copies of a photograph have its shape as well.
 * @param source folder of the data set
 * @param side pixels of the square that it is squeezed to
 * @throws DamagedRecordError when it is missing, damaged, cut off or of another shape than its record
 */
export async function readPhotograph(
  { files, shape }: Pick<PlannedPicture, 'files' | 'shape'>,
  source: string,
  side: number,
): Promise<Picture> {
  const file = files.map((path) => join(source, path)).find((path) => existsSync(path));
  if (file === undefined) throw new DamagedRecordError('photograph is missing');
  const bytes = readFileSync(file);
  if (isCutOff(bytes)) throw new DamagedRecordError('photograph is cut off');
  const seen = await decoded(bytes);
  const image = hasShape(seen, shape) ? seen : await decoded(withoutExif(bytes));
  if (!hasShape(image, shape)) throw new DamagedRecordError('photograph has another shape than its record says');
  return scaledTo(image, { width: side, height: side });
}

async function decoded(bytes: Buffer): Promise<Image> {
  try {
    return await loadImage(bytes);
  } catch {
    throw new DamagedRecordError('photograph is damaged');
  }
}

/** Each side may be a pixel off, as rounding leaves it. */
function hasShape({ width, height }: Image, shape: PlannedPicture['shape']): boolean {
  if (shape === undefined) return true;
  return Math.abs(width * shape.height - height * shape.width) <= shape.width + shape.height;
}
