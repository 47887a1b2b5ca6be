/** sg2im's JSON: {"objects": ["sky", …], "relationships": [[0, "above", 1], …]}. */
import * as v from 'valibot';
import { GRAPH_BOUNDS } from '#graph/bounds.ts';
import { documentOf, type IndexedRelation } from '#graph/indexed-graph.ts';
import { layOut } from '#graph/places/layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { boundedArray, joinPath, parseWith, wordSchema } from './checks/file-schema.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import type { LeftOut } from './checks/left-out.ts';

export interface Sg2imGraph {
  readonly objects: readonly string[];
  /** [subject, predicate, object], the ends as indices into objects. */
  readonly relationships: readonly (readonly [number, string, number])[];
}

/** The node sg2im adds for the whole picture; our encoder has its own. */
const IMAGE_NODE = '__image__';

const index = v.pipe(v.number('must be an index into objects'), v.integer('must be a whole number'));
const sg2imSchema = v.object(
  {
    objects: boundedArray(wordSchema, GRAPH_BOUNDS.objects),
    // Real files repeat themselves: what counts is what is left.
    relationships: v.array(
      v.strictTuple([index, wordSchema, index], 'must be [subject index, predicate, object index]'),
      'must be a list',
    ),
  },
  'must be an object with objects and relationships',
);

/**
 * Real files hold duplicate triples and self-loops: they are left out and told. `__image__` is dropped silently.
 * @throws GraphFormatError with the path to the first fault
 */
export function importSg2im(value: unknown, at: string, leftOut: LeftOut): SceneGraph {
  const { objects, relationships } = parseWith(sg2imSchema, value, at);
  const kept = objects.flatMap((label, i) => (label === IMAGE_NODE ? [] : [i]));
  const placeOf = new Map(kept.map((i, place) => [i, place]));
  const seen = new Set<string>();
  const relations: IndexedRelation[] = [];
  for (const [r, [subject, predicate, object]] of relationships.entries()) {
    const path = joinPath(at, `relationships[${r}]`);
    checkIndex(subject, objects.length, `${path}[0]`);
    checkIndex(object, objects.length, `${path}[2]`);
    const [from, to] = [placeOf.get(subject), placeOf.get(object)];
    if (from === undefined || to === undefined) continue;
    const key = `${from} ${to} ${predicate}`;
    if (from !== to && !seen.has(key)) {
      relations.push({ subject: from, predicate, object: to });
      seen.add(key);
      continue;
    }
    const why = from === to ? 'which relates an object to itself' : 'which is there already';
    const triple = () => `"${objects[subject]} ${predicate} ${objects[object]}"`;
    leftOut.add(() => `${path}: dropped ${triple()}, ${why}`, `relation: ${why}`);
  }
  if (relations.length > GRAPH_BOUNDS.relations) {
    const message = `has ${relations.length} entries, at most ${GRAPH_BOUNDS.relations} are allowed`;
    throw new GraphFormatError('too-large', joinPath(at, 'relationships'), message);
  }
  const things = kept.map((i) => ({ label: objects[i]!, attributes: [] }));
  return documentOf({ objects: things, relations }, layOut(things.length, relations));
}

function checkIndex(index: number, count: number, path: string): void {
  if (index >= 0 && index < count) return;
  const message = `there is no object ${index}; ${count} objects are numbered from 0`;
  throw new GraphFormatError('unknown-object', path, message);
}

/** Attributes and positions have no place in this format and are left out. */
export function exportSg2im(graph: SceneGraph): Sg2imGraph {
  const indexOf = new Map(graph.objects.map((object, i) => [object.id, i]));
  return {
    objects: graph.objects.map((object) => object.label),
    relationships: graph.relations.map((r) => [indexOf.get(r.subject)!, r.predicate, indexOf.get(r.object)!] as const),
  };
}
