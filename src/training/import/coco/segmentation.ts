/** COCO's `segmentation`: polygons of one object, or run lengths of a crowd or of stuff. */
import { createCanvas } from '@napi-rs/canvas';
import * as v from 'valibot';
import type { PixelMask } from '#training/import/grid-mask.ts';
import { decodeRunLengths, RunLengthError } from './run-length.ts';

/** Pixels of the largest mask that is decoded; the largest photographs of COCO have 0.4 million. */
const MAX_PIXELS = 100_000_000;

/** Three corners or more: x and y of each in turn. */
const polygonSchema = v.pipe(
  v.array(v.pipe(v.number(), v.finite())),
  v.minLength(6),
  v.check(({ length }) => length % 2 === 0),
);
const runsSchema = v.object({
  size: v.tuple([v.number(), v.number()]),
  counts: v.union([v.string(), v.array(v.number())]),
});
export type Segmentation = v.InferOutput<typeof runsSchema> | readonly v.InferOutput<typeof polygonSchema>[];

export interface ReadSegmentation {
  readonly segmentation: Segmentation;
  /** Polygons that are none, beside good ones. */
  readonly badPolygons: number;
}

/** @returns undefined for what is no segmentation, and where no polygon is one. */
export function readSegmentation(value: unknown): ReadSegmentation | undefined {
  if (!Array.isArray(value)) return v.is(runsSchema, value) ? { segmentation: value, badPolygons: 0 } : undefined;
  const polygons = value.filter((polygon) => v.is(polygonSchema, polygon));
  if (polygons.length === 0) return undefined;
  return { segmentation: polygons, badPolygons: value.length - polygons.length };
}

/**
 * @param width of the photograph, in pixels, as is height.
 * @throws RunLengthError when run lengths are damaged or of another size than the photograph.
 */
export function maskOfSegmentation(segmentation: Segmentation, width: number, height: number): PixelMask {
  if (width * height > MAX_PIXELS) throw new RunLengthError(`a mask of ${width} × ${height} is too large`);
  if (!('counts' in segmentation)) return { pixels: polygonPixels(segmentation, width, height), width, height };
  const [rows, columns] = segmentation.size;
  if (rows !== height || columns !== width) {
    throw new RunLengthError(`a mask of ${columns} × ${rows} for a photograph of ${width} × ${height}`);
  }
  return { pixels: decodeRunLengths(segmentation.counts, width, height), width, height };
}

/** Each polygon is filled by itself: parts of one object may overlap. */
function polygonPixels(polygons: readonly (readonly number[])[], width: number, height: number): Uint8Array {
  const context = createCanvas(width, height).getContext('2d');
  for (const polygon of polygons) {
    context.beginPath();
    for (let i = 0; i + 1 < polygon.length; i += 2) context.lineTo(polygon[i]!, polygon[i + 1]!);
    context.closePath();
    context.fill();
  }
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, at) => (data[at * 4 + 3]! >= 128 ? 1 : 0));
}
