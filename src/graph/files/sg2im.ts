/** sg2im's JSON: {"objects": ["sky", …], "relationships": [[0, "above", 1], …]}. */
import * as v from 'valibot';
import { documentOf, type IndexedRelation } from '#graph/indexed-graph.ts';
import { layOut } from '#graph/places/layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { boundedArray, FILE_BOUNDS, joinPath, parseWith, wordSchema } from './file-schema.ts';
import { GraphFormatError } from './graph-format-error.ts';

export interface Sg2imGraph {
  readonly objects: readonly string[];
  /** [subject, predicate, object], the ends as indices into objects. */
  readonly relationships: readonly (readonly [number, string, number])[];
}

export interface ImportedGraph {
  readonly graph: SceneGraph;
  /** One sentence, with its path, for everything that was left out. */
  readonly warnings: readonly string[];
}

/** The node sg2im adds for the whole picture; our encoder has its own. */
const IMAGE_NODE = '__image__';

const index = v.pipe(v.number('must be an index into objects'), v.integer('must be a whole number'));
const sg2imSchema = v.object(
  {
    objects: boundedArray(wordSchema, FILE_BOUNDS.objects),
    relationships: boundedArray(
      v.strictTuple([index, wordSchema, index], 'must be [subject index, predicate, object index]'),
      FILE_BOUNDS.relations,
    ),
  },
  'must be an object with objects and relationships',
);

/**
 * Real files hold duplicate triples and self-loops: they are dropped, with a warning each. `__image__` is dropped silently.
 * @throws GraphFormatError with the path to the first fault
 */
export function importSg2im(value: unknown, at = ''): ImportedGraph {
  const file = parseWith(sg2imSchema, value, at);
  const warnings: string[] = [];
  const kept = file.objects.flatMap((label, i) => (label === IMAGE_NODE ? [] : [i]));
  const placeOf = new Map(kept.map((i, place) => [i, place]));
  const seen = new Set<string>();
  const relations: IndexedRelation[] = [];
  for (const [r, [subject, predicate, object]] of file.relationships.entries()) {
    const path = joinPath(at, `relationships[${r}]`);
    for (const [end, i] of [
      [0, subject],
      [2, object],
    ] as const) {
      if (i < 0 || i >= file.objects.length) {
        const message = `there is no object ${i}; ${file.objects.length} objects are numbered from 0`;
        throw new GraphFormatError('unknown-object', `${path}[${end}]`, message);
      }
    }
    const [from, to] = [placeOf.get(subject), placeOf.get(object)];
    if (from === undefined || to === undefined) continue;
    const sentence = `"${file.objects[subject]} ${predicate} ${file.objects[object]}"`;
    const key = JSON.stringify([from, predicate, to]);
    if (from === to) warnings.push(`${path}: dropped ${sentence}, which relates an object to itself`);
    else if (seen.has(key)) warnings.push(`${path}: dropped ${sentence}, which is there already`);
    else relations.push({ subject: from, predicate, object: to });
    seen.add(key);
  }
  const objects = kept.map((i) => ({ label: file.objects[i]!, attributes: [] }));
  return { graph: documentOf({ objects, relations }, layOut(objects.length, relations)), warnings };
}

/** Attributes and positions have no place in this format and are left out. */
export function exportSg2im(graph: SceneGraph): Sg2imGraph {
  const indexOf = new Map(graph.objects.map((object, i) => [object.id, i]));
  return {
    objects: graph.objects.map((object) => object.label),
    relationships: graph.relations.map((r) => [indexOf.get(r.subject)!, r.predicate, indexOf.get(r.object)!] as const),
  };
}
