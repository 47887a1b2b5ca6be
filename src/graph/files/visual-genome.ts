/** Visual Genome records of one image, as in scene_graphs.json (or objects.json and relationships.json, merged by image). */
import * as v from 'valibot';
import { documentOf } from '#graph/indexed-graph.ts';
import { layOut } from '#graph/places/layout.ts';
import { boundedArray, FILE_BOUNDS, joinPath, parseWith, wordSchema } from './file-schema.ts';
import { GraphFormatError } from './graph-format-error.ts';
import type { ImportedGraph } from './sg2im.ts';

const number = v.pipe(v.number('must be a number'), v.integer('must be a whole number'));
const endSchema = v.object({ object_id: number }, 'must be an object with object_id');
const recordSchema = v.object(
  {
    objects: boundedArray(
      v.object(
        {
          object_id: number,
          names: v.optional(boundedArray(wordSchema, 64)),
          name: v.optional(wordSchema),
          attributes: v.optional(boundedArray(wordSchema, 64)),
        },
        'must be an object with object_id and names',
      ),
      FILE_BOUNDS.objects,
    ),
    relationships: boundedArray(
      v.object(
        {
          predicate: v.string('must be a text'),
          subject_id: v.optional(number),
          object_id: v.optional(number),
          subject: v.optional(endSchema),
          object: v.optional(endSchema),
        },
        'must be an object with predicate, subject and object',
      ),
      FILE_BOUNDS.relations,
    ),
  },
  'must be an object with objects and relationships',
);

/**
 * Names are brought to lower case. Relationships that have no predicate, repeat another, relate an object to
 * itself or name an object the record lacks (annotators left all four) are dropped with a warning.
 * @throws GraphFormatError with the path to the first fault
 */
export function importVisualGenome(value: unknown, at = ''): ImportedGraph {
  const record = parseWith(recordSchema, value, at);
  const warnings: string[] = [];
  const objects = record.objects.map((object, i) => {
    const name = object.names?.[0] ?? object.name;
    if (name === undefined)
      throw new GraphFormatError('invalid-value', joinPath(at, `objects[${i}].names`), 'is missing');
    const attributes = (object.attributes ?? []).slice(0, FILE_BOUNDS.attributes).map((word) => word.toLowerCase());
    return { label: tidy(name), attributes: [...new Set(attributes)] };
  });
  const indexOf = new Map(record.objects.map((object, i) => [object.object_id, i]));
  const seen = new Set<string>();
  const relations = record.relationships.flatMap((relationship, r) => {
    const subject = indexOf.get(relationship.subject_id ?? relationship.subject?.object_id ?? Number.NaN);
    const object = indexOf.get(relationship.object_id ?? relationship.object?.object_id ?? Number.NaN);
    const predicate = tidy(relationship.predicate);
    const key = JSON.stringify([subject, predicate, object]);
    const drop = (why: string): [] => {
      warnings.push(`${joinPath(at, `relationships[${r}]`)}: dropped "${predicate}", ${why}`);
      return [];
    };
    if (subject === undefined || object === undefined)
      return drop('which names an object that the record does not have');
    if (predicate === '' || predicate.length > FILE_BOUNDS.word) return drop('which is no predicate');
    if (subject === object) return drop('which relates an object to itself');
    if (seen.has(key)) return drop('which is there already');
    seen.add(key);
    return [{ subject, predicate, object }];
  });
  return { graph: documentOf({ objects, relations }, layOut(objects.length, relations)), warnings };
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();
