/** Visual Genome records of one image, as in scene_graphs.json (or objects.json and relationships.json, merged by image). */
import * as v from 'valibot';
import type { Box } from '#graph/places/geometry.ts';
import { layOut } from '#graph/places/layout.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { boundedArray, FILE_BOUNDS, finiteNumber, joinPath, parseWith, wordSchema } from './file-schema.ts';
import { GraphFormatError } from './graph-format-error.ts';

export interface VisualGenomeAliases {
  /** Any name → the name to use (object_alias.txt). */
  readonly objects?: ReadonlyMap<string, string>;
  /** Any predicate → the predicate to use (relationship_alias.txt). */
  readonly predicates?: ReadonlyMap<string, string>;
}

export interface VisualGenomeGraph {
  readonly graph: SceneGraph;
  /** In pixels of the photograph, by our object id; absent where the record has none. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly warnings: readonly string[];
}

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
          x: v.optional(finiteNumber),
          y: v.optional(finiteNumber),
          w: v.optional(finiteNumber),
          h: v.optional(finiteNumber),
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
 * Names are brought to lower case and through the aliases. Relationships that have no predicate, repeat another, relate an object to
 * itself or name an object the record lacks (annotators left all four) are dropped with a warning.
 * @throws GraphFormatError with the path to the first fault
 */
export function importVisualGenome(value: unknown, aliases: VisualGenomeAliases = {}, at = ''): VisualGenomeGraph {
  const record = parseWith(recordSchema, value, at);
  const warnings: string[] = [];
  const objects = record.objects.map((object, i) => {
    const name = object.names?.[0] ?? object.name;
    if (name === undefined)
      throw new GraphFormatError('invalid-value', joinPath(at, `objects[${i}].names`), 'is missing');
    const attributes = (object.attributes ?? []).slice(0, FILE_BOUNDS.attributes).map((word) => word.toLowerCase());
    return { label: canonical(name, aliases.objects), attributes: [...new Set(attributes)] };
  });
  const indexOf = new Map(record.objects.map((object, i) => [object.object_id, i]));
  const seen = new Set<string>();
  const relations = record.relationships.flatMap((relationship, r) => {
    const subject = indexOf.get(relationship.subject_id ?? relationship.subject?.object_id ?? Number.NaN);
    const object = indexOf.get(relationship.object_id ?? relationship.object?.object_id ?? Number.NaN);
    const predicate = canonical(relationship.predicate, aliases.predicates);
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
  const positions = layOut(objects.length, relations);
  const idOf = (i: number) => `o${i + 1}`;
  const boxes = record.objects.flatMap(({ x, y, w, h }, i) => {
    if (x === undefined || y === undefined || w === undefined || h === undefined) return [];
    return [[idOf(i), [x, y, x + w, y + h] as const] as const];
  });
  const graph: SceneGraph = {
    ...EMPTY_SCENE_GRAPH,
    objects: objects.map((object, i) => ({ id: idOf(i), ...object, position: positions[i]! })),
    relations: relations.map(({ subject, predicate, object }, r) => ({
      id: `r${r + 1}`,
      subject: idOf(subject),
      predicate,
      object: idOf(object),
    })),
  };
  return { graph, boxes: new Map(boxes), warnings };
}

/** object_alias.txt and relationship_alias.txt: each line a comma-separated list of names for what its first name says. */
export function parseAliases(text: string): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [first, ...others] = line.split(',').map(tidy);
    if (first === undefined || first === '') continue;
    for (const other of others) if (other !== '' && !aliases.has(other)) aliases.set(other, first);
  }
  return aliases;
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

function canonical(name: string, aliases: ReadonlyMap<string, string> | undefined): string {
  const tidied = tidy(name);
  return aliases?.get(tidied) ?? tidied;
}
