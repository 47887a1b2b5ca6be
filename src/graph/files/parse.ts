/** Reading and writing our own document. Files come from strangers: everything is bounded and checked before it is used. */
import * as v from 'valibot';
import { GRAPH_BOUNDS } from '#graph/bounds.ts';
import { layOut } from '#graph/places/layout.ts';
import { SCENE_GRAPH_FORMAT, SCENE_GRAPH_VERSION, type SceneGraph } from '#graph/scene-graph.ts';
import { boundedArray, finiteNumber, joinPath, parseWith, wordSchema } from './checks/file-schema.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';

const far = GRAPH_BOUNDS.position;
const coordinate = v.pipe(
  finiteNumber,
  v.minValue(-far, `must be from ${-far} to ${far}`),
  v.maxValue(far, `must be from ${-far} to ${far}`),
);

/** Attributes and positions may be left out of a file written by hand: none, and laid out for you. */
const documentSchema = v.object(
  {
    objects: boundedArray(
      v.object(
        {
          id: wordSchema,
          label: wordSchema,
          attributes: v.optional(boundedArray(wordSchema, GRAPH_BOUNDS.attributes), []),
          position: v.optional(v.object({ x: coordinate, y: coordinate }, 'must be an object with x and y')),
        },
        'must be an object with id, label, attributes and position',
      ),
      GRAPH_BOUNDS.objects,
    ),
    relations: boundedArray(
      v.object(
        { id: wordSchema, subject: wordSchema, predicate: wordSchema, object: wordSchema },
        'must be an object with id, subject, predicate and object',
      ),
      GRAPH_BOUNDS.relations,
    ),
  },
  'must hold a scene graph: an object with format, version, objects and relations',
);

/**
 * @param value what JSON.parse gave
 * @param at path of the value in its file, for messages
 * @throws GraphFormatError with the path to the first fault
 */
export function parseSceneGraph(value: unknown, at = ''): SceneGraph {
  checkVersion(value, at);
  const { objects, relations } = parseWith(documentSchema, value, at);
  checkIds(objects, joinPath(at, 'objects'));
  checkIds(relations, joinPath(at, 'relations'));
  const indexOf = new Map(objects.map((object, i) => [object.id, i]));
  const indexed = relations.map((relation, r) => {
    const path = joinPath(at, `relations[${r}]`);
    const subject = findObject(indexOf, relation.subject, `${path}.subject`);
    const object = findObject(indexOf, relation.object, `${path}.object`);
    if (subject === object) {
      throw new GraphFormatError(
        'self-loop',
        `${path}.object`,
        `an object cannot be related to itself (${relation.object})`,
      );
    }
    return { subject, predicate: relation.predicate, object };
  });
  const laidOut = objects.every((object) => object.position) ? [] : layOut(objects.length, indexed);
  return {
    format: SCENE_GRAPH_FORMAT,
    version: SCENE_GRAPH_VERSION,
    objects: objects.map((object, i) => ({ ...object, position: object.position ?? laidOut[i]! })),
    relations,
  };
}

/** The document as JSON text, one object or relation a line. */
export function formatSceneGraph(graph: SceneGraph): string {
  const lines = (items: readonly object[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const list = (items: readonly object[]) => (items.length === 0 ? '[]' : `[\n${lines(items)}\n  ]`);
  const head = `  "format": ${JSON.stringify(graph.format)},\n  "version": ${graph.version}`;
  return `{\n${head},\n  "objects": ${list(graph.objects)},\n  "relations": ${list(graph.relations)}\n}\n`;
}

function checkVersion(value: unknown, at: string): void {
  if (typeof value !== 'object' || value === null) return; // the schema says it better
  const { format, version } = value as { readonly format?: unknown; readonly version?: unknown };
  if (format !== SCENE_GRAPH_FORMAT) {
    const message = `must be "${SCENE_GRAPH_FORMAT}"${typeof format === 'string' ? `, not "${format.slice(0, 64)}"` : ''}`;
    throw new GraphFormatError('unknown-format', joinPath(at, 'format'), message, [SCENE_GRAPH_FORMAT]);
  }
  if (version !== SCENE_GRAPH_VERSION) {
    const known = `this program reads version ${SCENE_GRAPH_VERSION}`;
    const message =
      typeof version === 'number' ? `version ${version} is not known; ${known}` : `must be a version number; ${known}`;
    throw new GraphFormatError('unknown-version', joinPath(at, 'version'), message, [String(SCENE_GRAPH_VERSION)]);
  }
}

function checkIds(items: readonly { readonly id: string }[], at: string): void {
  const firstAt = new Map<string, number>();
  for (const [i, { id }] of items.entries()) {
    const first = firstAt.get(id);
    if (first !== undefined) {
      throw new GraphFormatError('duplicate-id', `${at}[${i}].id`, `${id} is already the id of entry ${first}`);
    }
    firstAt.set(id, i);
  }
}

function findObject(indexOf: ReadonlyMap<string, number>, id: string, path: string): number {
  const index = indexOf.get(id);
  if (index !== undefined) return index;
  const ids = [...indexOf.keys()];
  const shown = ids.length <= 12 ? ids.join(', ') : `${ids.slice(0, 12).join(', ')}, …`;
  const known = ids.length === 0 ? 'there are no objects' : `there are ${shown}`;
  throw new GraphFormatError('unknown-object', path, `no object has id ${id}; ${known}`, ids);
}
