/** Panoptic scene graphs (PSG, https://psgdataset.org): one file with its classes, and records that name them by number. */
import * as v from 'valibot';
import { idSchema, listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import { type AnnotatedPicture, boxOfCorners, boxOfSides } from './annotated-picture.ts';
import { Draft } from './draft.ts';

const classes = v.array(v.string('must be a text'), 'must be a list');
const classesSchema = v.object({ thing_classes: classes, stuff_classes: classes, predicate_classes: classes });
const fileSchema = v.object({ data: listSchema });
const recordSchema = v.object(
  { annotations: listSchema, relations: listSchema },
  'must be an object with annotations and relations',
);
const annotationSchema = v.object(
  { category_id: idSchema, bbox: v.optional(v.unknown()), bbox_mode: v.optional(v.unknown()) },
  'must be an object with category_id',
);
const relationSchema = v.strictTuple([idSchema, idSchema, idSchema], 'must be [subject, object, predicate]');

export interface PsgClasses {
  /** By category number: things first, then stuff. */
  readonly labels: readonly string[];
  readonly predicates: readonly string[];
  /** Labels of stuff, which fills regions. */
  readonly regions: readonly string[];
}

export interface PsgFile extends PsgClasses {
  readonly records: readonly unknown[];
}

export function isPsgFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'predicate_classes' in value && 'data' in value;
}

/** @throws GraphFormatError */
export function parsePsg(value: unknown): PsgFile {
  return { records: parseWith(fileSchema, value, '').data, ...parsePsgClasses(value) };
}

/** @param value a whole file, or its lists of classes alone @throws GraphFormatError */
export function parsePsgClasses(value: unknown): PsgClasses {
  const file = parseWith(classesSchema, value, '');
  const regions = file.stuff_classes.map(plain);
  return { labels: [...file.thing_classes.map(plain), ...regions], predicates: file.predicate_classes, regions };
}

/** One record of the file; a segment without a relation is an object as well. @throws GraphFormatError */
export function readPsg(
  { labels, predicates }: PsgClasses,
  value: unknown,
  at: string,
  leftOut: LeftOut,
): AnnotatedPicture {
  const record = parseWith(recordSchema, value, at);
  const draft = new Draft<number>(at, leftOut);
  draft.each('object', record.annotations, annotationSchema, 'annotations', (entry, path, index) => {
    const { category_id: category, bbox, bbox_mode: mode } = entry;
    // Detectron2's modes: 0 is two corners, 1 is a corner and the size.
    const box = mode === 1 ? boxOfSides(bbox) : boxOfCorners(bbox);
    draft.add(index, labels[category], [], box, `${path}.category_id`);
  });
  draft.each('relation', record.relations, relationSchema, 'relations', ([subject, object, predicate], path) => {
    draft.relate(subject, predicates[predicate], object, path);
  });
  return draft.picture();
}

/** COCO's stuff in plain words: "sky-other-merged" → sky, "wall-brick" → "wall brick". */
const plain = (label: string): string => label.replace(/(?:-other)?(?:-merged|-stuff)?$/, '').replaceAll('-', ' ');
