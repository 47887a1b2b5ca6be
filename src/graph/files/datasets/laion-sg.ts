/** LAION-SG (https://github.com/mengcye/LAION-SG): {img_id, items: [{item_id, label, attributes}], relations: [{item1, relation, item2}]}. */
import * as v from 'valibot';
import { idSchema, listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import type { AnnotatedPicture } from './annotated-picture.ts';
import { Draft } from './draft.ts';

const recordSchema = v.object(
  { items: listSchema, relations: listSchema },
  'must be an object with items and relations',
);
const itemSchema = v.object(
  { item_id: idSchema, label: v.unknown(), attributes: v.nullish(listSchema) },
  'must be an object with item_id, label and attributes',
);
const relationSchema = v.object(
  { item1: idSchema, relation: v.unknown(), item2: idSchema },
  'must be an object with item1, relation and item2',
);

/** @throws GraphFormatError */
export function readLaionSg(value: unknown, at: string, leftOut: LeftOut): AnnotatedPicture {
  const record = parseWith(recordSchema, value, at);
  const draft = new Draft<number>(at, leftOut);
  draft.each('object', record.items, itemSchema, 'items', ({ item_id, label, attributes }, path) => {
    draft.add(item_id, label, attributes ?? [], undefined, `${path}.label`);
  });
  draft.each('relation', record.relations, relationSchema, 'relations', ({ item1, relation, item2 }, path) => {
    draft.relate(item1, relation, item2, path);
  });
  return draft.picture();
}
