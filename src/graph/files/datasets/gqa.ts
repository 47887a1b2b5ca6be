/** GQA's scene graphs (https://cs.stanford.edu/people/dorarad/gqa): {image id: {objects: {object id: {name, attributes, relations}}}}. */
import * as v from 'valibot';
import { listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import { type AnnotatedPicture, boxFields, boxOf } from './annotated-picture.ts';
import { Draft } from './draft.ts';

const objectSchema = v.object(
  { name: v.unknown(), attributes: v.nullish(listSchema), relations: v.nullish(listSchema), ...boxFields },
  'must be an object with name, attributes and relations',
);
const relationSchema = v.object(
  { object: v.union([v.string(), v.number()], 'must be the id of an object'), name: v.unknown() },
  'must be an object with object and name',
);
const recordSchema = v.object({ objects: v.record(v.string(), v.unknown(), 'must be an object of objects') });

/** One image: its objects stand under their ids. */
export function isGqaRecord(value: unknown): boolean {
  return isMap(value) && isMap(value.objects) && !('relationships' in value);
}

/** Images under their ids, judged by the first. */
export function isGqaFile(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isMap(value)) return false;
  for (const key in value) return Object.hasOwn(value, key) && isGqaRecord(value[key]);
  return false;
}

/** @throws GraphFormatError */
export function readGqa(value: unknown, at: string, leftOut: LeftOut): AnnotatedPicture {
  const objects = Object.entries(parseWith(recordSchema, value, at).objects);
  const draft = new Draft<string>(at, leftOut);
  const relations: { readonly subject: string; readonly list: readonly unknown[] }[] = [];
  for (const [id, object] of objects) {
    draft.entry('object', object, objectSchema, `objects.${id}`, (entry) => {
      draft.add(id, entry.name, entry.attributes ?? [], boxOf(entry), `objects.${id}.name`);
      relations.push({ subject: id, list: entry.relations ?? [] });
    });
  }
  for (const { subject, list } of relations) {
    draft.each('relation', list, relationSchema, `objects.${subject}.relations`, ({ object, name }, path) => {
      draft.relate(subject, name, String(object), path);
    });
  }
  return draft.picture();
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
