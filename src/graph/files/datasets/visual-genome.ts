/** Visual Genome records of one image: as in scene_graphs.json (or objects.json and relationships.json, joined), and as in region_graphs.json. */
import * as v from 'valibot';
import { idSchema, listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import { type AnnotatedPicture, boxFields, boxOf } from './annotated-picture.ts';
import { Draft } from './draft.ts';

const endSchema = v.object({ object_id: idSchema }, 'must be an object with object_id');
const objectSchema = v.object(
  {
    object_id: idSchema,
    names: v.nullish(listSchema),
    name: v.optional(v.unknown()),
    attributes: v.nullish(listSchema),
    ...boxFields,
  },
  'must be an object with object_id and names',
);
const relationshipSchema = v.object(
  {
    predicate: v.string('must be a text'),
    subject_id: v.nullish(idSchema),
    object_id: v.nullish(idSchema),
    subject: v.nullish(endSchema),
    object: v.nullish(endSchema),
  },
  'must be an object with predicate, subject and object',
);
const recordSchema = v.object(
  { objects: listSchema, relationships: listSchema },
  'must be an object with objects and relationships',
);
const regionsSchema = v.object({ regions: v.array(recordSchema, 'must be a list') });

/**
 * Names are brought to lower case. Relationships that have no predicate, repeat another, relate an object to
 * itself or name an object the record lacks (annotators left all four) are left out, and so are objects without a name.
 * @throws GraphFormatError with the path to the first fault
 */
export function readVisualGenome(value: unknown, at: string, leftOut: LeftOut): AnnotatedPicture {
  const record = parseWith(recordSchema, value, at);
  const draft = new Draft<number>(at, leftOut);
  addObjects(draft, record, '');
  addRelationships(draft, record, '');
  return draft.picture();
}

/** The regions of an image describe parts of one scene: an object of two regions is one object. @throws GraphFormatError */
export function readRegionGraphs(value: unknown, at: string, leftOut: LeftOut): AnnotatedPicture {
  const { regions } = parseWith(regionsSchema, value, at);
  const draft = new Draft<number>(at, leftOut);
  for (const [i, region] of regions.entries()) addObjects(draft, region, `regions[${i}].`);
  for (const [i, region] of regions.entries()) addRelationships(draft, region, `regions[${i}].`);
  return draft.picture();
}

type VisualGenomeRecord = v.InferOutput<typeof recordSchema>;

function addObjects(draft: Draft<number>, { objects }: VisualGenomeRecord, at: string): void {
  draft.each('object', objects, objectSchema, `${at}objects`, (entry, path) => {
    const { object_id: id, names, name, attributes } = entry;
    draft.add(id, names?.[0] ?? name, attributes ?? [], boxOf(entry), `${path}.names`);
  });
}

function addRelationships(draft: Draft<number>, { relationships }: VisualGenomeRecord, at: string): void {
  draft.each('relation', relationships, relationshipSchema, `${at}relationships`, (each, path) => {
    const subject = each.subject_id ?? each.subject?.object_id ?? Number.NaN;
    const object = each.object_id ?? each.object?.object_id ?? Number.NaN;
    draft.relate(subject, each.predicate, object, path);
  });
}
