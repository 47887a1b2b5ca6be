/** What annotators say is in a photograph. */
import * as v from 'valibot';
import { documentOf, type IndexedGraph, type IndexedRelation } from '#graph/indexed-graph.ts';
import { layOut } from '#graph/places/layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

/** Left, top, right, bottom in pixels of the photograph; y points down. */
export type PixelBox = readonly [left: number, top: number, right: number, bottom: number];

export interface AnnotatedPicture {
  readonly objects: readonly (IndexedGraph['objects'][number] & {
    /** Undefined where the file does not say where it is. */
    readonly box: PixelBox | undefined;
  })[];
  readonly relations: readonly IndexedRelation[];
}

/** The document of a picture, which has no places of its own. */
export const laidOut = ({ objects, relations }: AnnotatedPicture): SceneGraph =>
  documentOf({ objects, relations }, layOut(objects.length, relations));

/** Corner and size, where a record may say them: a box that is none makes no fault. */
const anything = v.optional(v.unknown());
export const boxFields = { x: anything, y: anything, w: anything, h: anything };

const pixels = v.pipe(v.number(), v.finite());
const cornersSchema = v.tuple([pixels, pixels, pixels, pixels]);

export const boxOf = ({ x, y, w, h }: { [Field in keyof typeof boxFields]?: unknown }): PixelBox | undefined =>
  boxOfSides([x, y, w, h]);

/** @param sides x, y, width, height */
export function boxOfSides(sides: unknown): PixelBox | undefined {
  if (!v.is(cornersSchema, sides)) return undefined;
  const [x, y, width, height] = sides;
  return [x, y, x + width, y + height];
}

export const boxOfCorners = (corners: unknown): PixelBox | undefined =>
  v.is(cornersSchema, corners) ? corners : undefined;
