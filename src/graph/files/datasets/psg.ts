/** Panoptic scene graphs (PSG, https://psgdataset.org): one file with its classes, and records that name them by number. */
import * as v from 'valibot';
import { idSchema, listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { Draft } from './draft.ts';

const classes = v.array(v.string('must be a text'), 'must be a list');
const fileSchema = v.object({
  data: listSchema,
  thing_classes: classes,
  stuff_classes: classes,
  predicate_classes: classes,
});
const recordSchema = v.object(
  { annotations: listSchema, relations: listSchema },
  'must be an object with annotations and relations',
);
const annotationSchema = v.object({ category_id: idSchema }, 'must be an object with category_id');
const relationSchema = v.strictTuple([idSchema, idSchema, idSchema], 'must be [subject, object, predicate]');

export interface PsgFile {
  readonly records: readonly unknown[];
  /** By category number: things first, then stuff. */
  readonly labels: readonly string[];
  readonly predicates: readonly string[];
}

export function isPsgFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'predicate_classes' in value && 'data' in value;
}

/** @throws GraphFormatError */
export function parsePsg(value: unknown): PsgFile {
  const file = parseWith(fileSchema, value, '');
  return {
    records: file.data,
    labels: [...file.thing_classes, ...file.stuff_classes].map(plain),
    predicates: file.predicate_classes,
  };
}

/** One record of the file; a segment without a relation is an object as well. @throws GraphFormatError */
export function importPsg({ labels, predicates }: PsgFile, value: unknown, at: string, leftOut: LeftOut): SceneGraph {
  const record = parseWith(recordSchema, value, at);
  const draft = new Draft<number>(at, leftOut);
  draft.each(record.annotations, annotationSchema, 'annotations', ({ category_id }, path, index) => {
    draft.add(index, labels[category_id], [], `${path}.category_id`);
  });
  draft.each(record.relations, relationSchema, 'relations', ([subject, object, predicate], path) => {
    draft.relate(subject, predicates[predicate], object, path);
  });
  return draft.graph();
}

/** COCO's stuff in plain words: "sky-other-merged" → sky, "wall-brick" → "wall brick". */
const plain = (label: string): string => label.replace(/(?:-other)?(?:-merged|-stuff)?$/, '').replaceAll('-', ' ');
