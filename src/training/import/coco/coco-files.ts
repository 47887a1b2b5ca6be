/** COCO's instances_*.json and stuff_*.json. */
import { join } from 'node:path';
import * as v from 'valibot';
import { jsonRecords } from '#training/files/json-records.ts';
import { labelSchema } from '#training/import/label.ts';
import type { Tally } from '#training/import/tally.ts';

const id = v.pipe(v.number(), v.integer());
const pixels = v.pipe(v.number(), v.finite());
const imageSchema = v.object({
  id,
  file_name: v.pipe(v.string(), v.regex(/^[\w-]+\.(?:jpe?g|png)$/i)),
  width: v.pipe(pixels, v.minValue(1)),
  height: v.pipe(pixels, v.minValue(1)),
});
const categorySchema = v.object({ id, name: labelSchema });
const annotationSchema = v.object({
  image_id: id,
  category_id: id,
  bbox: v.tuple([pixels, pixels, pixels, pixels]),
  segmentation: v.unknown(),
});

export interface CocoImage {
  readonly id: number;
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

export interface CocoObject {
  readonly label: string;
  readonly isStuff: boolean;
  /** x, y, w, h in pixels. */
  readonly bbox: readonly [number, number, number, number];
  /** JSON of the segmentation: bytes weigh a fraction of what arrays do. */
  readonly segmentation: Buffer;
}

export const cocoFile = (folder: string, kind: 'instances' | 'stuff', part: 'train' | 'val'): string =>
  join(folder, 'annotations', `${kind}_${part}2017.json`);

export async function readCocoImages(file: string, skipped: Tally): Promise<Map<number, CocoImage>> {
  const images = new Map<number, CocoImage>();
  for await (const value of jsonRecords(file, 'images')) {
    const { success, output } = v.safeParse(imageSchema, value);
    if (success)
      images.set(output.id, { id: output.id, file: output.file_name, width: output.width, height: output.height });
    else skipped.add('images: damaged record');
  }
  return images;
}

export async function readCocoCategories(file: string, skipped: Tally): Promise<Map<number, string>> {
  const categories = new Map<number, string>();
  for await (const value of jsonRecords(file, 'categories')) {
    const { success, output } = v.safeParse(categorySchema, value);
    if (success) categories.set(output.id, output.name);
    else skipped.add('categories: damaged record');
  }
  return categories;
}

/** Annotations one by one; `segmentation` is checked when it is decoded. */
export async function* cocoAnnotations(file: string, skipped: Tally) {
  for await (const value of jsonRecords(file, 'annotations')) {
    const { success, output } = v.safeParse(annotationSchema, value);
    if (success) yield output;
    else skipped.add('annotations: damaged record');
  }
}
