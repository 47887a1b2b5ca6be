/** GQA's scene graphs (https://cs.stanford.edu/people/dorarad/gqa): {image id: {objects: {object id: {name, attributes, relations}}}}. */
import * as v from 'valibot';
import { listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { Draft } from './draft.ts';

const objectSchema = v.object(
  { name: v.unknown(), attributes: v.nullish(listSchema), relations: v.nullish(listSchema) },
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
export function importGqa(value: unknown, at: string, leftOut: LeftOut): SceneGraph {
  const objects = Object.entries(parseWith(recordSchema, value, at).objects);
  const draft = new Draft<string>(at, leftOut);
  const relations: { readonly subject: string; readonly list: readonly unknown[] }[] = [];
  for (const [id, object] of objects) {
    draft.entry(object, objectSchema, `objects.${id}`, ({ name, attributes, relations: list }) => {
      draft.add(id, name, attributes ?? [], `objects.${id}.name`);
      relations.push({ subject: id, list: list ?? [] });
    });
  }
  for (const { subject, list } of relations) {
    draft.each(list, relationSchema, `objects.${subject}.relations`, ({ object, name }, path) => {
      draft.relate(subject, name, String(object), path);
    });
  }
  return draft.graph();
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
