/** How well a graph fits a scene of the corpus, in whatever words. */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { otherNames, wordsFor } from '#training/corpus/world/phrases.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import type { Predicate } from '#training/corpus/world/world.ts';

interface Triple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/** What is drawn, and which kinds of relation hold. */
export interface Drawn {
  readonly labels: readonly string[];
  readonly triples: readonly Triple[];
}

/** What a graph asks for, in its own words. */
export interface Query {
  readonly labels: readonly string[];
  readonly triples: readonly Triple[];
}

export function drawnOf({ objects, relations }: Pick<Scene, 'objects' | 'relations'>): Drawn {
  const label = (i: number) => objects[i]!.label;
  return {
    labels: objects.map((object) => object.label),
    triples: relations.map(({ subject, predicate, object }) => ({
      subject: label(subject),
      predicate,
      object: label(object),
    })),
  };
}

export function queryOf({ objects, relations }: SceneGraph): Query {
  const labelOf = new Map(objects.map(({ id, label }) => [id, label]));
  return {
    labels: objects.map(({ label }) => label),
    triples: relations.map(({ subject, predicate, object }) => ({
      subject: labelOf.get(subject) ?? '',
      predicate,
      object: labelOf.get(object) ?? '',
    })),
  };
}

export const isCalled = (drawn: string, name: string): boolean => drawn === name || otherNames(drawn).includes(name);

const says = (asked: Triple, drawn: Triple): boolean =>
  isCalled(drawn.subject, asked.subject) &&
  isCalled(drawn.object, asked.object) &&
  wordsFor(drawn.predicate as Predicate, drawn.subject, drawn.object).includes(asked.predicate);

/** F1 of the labels, as multisets, plus the share of the graph's triples that are true in the scene, in any words; 0 … 2. */
export function similarity(query: Query, scene: Drawn): number {
  const left = [...scene.labels];
  let common = 0;
  for (const label of query.labels) {
    const at = left.findIndex((drawn) => isCalled(drawn, label));
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  const f1 = (2 * common) / (query.labels.length + scene.labels.length || 1);
  // Words cost the most, and most scenes lack the things: those are looked for first.
  const held = common === 0 ? [] : query.triples.filter((asked) => scene.triples.some((drawn) => says(asked, drawn)));
  return f1 + (query.triples.length === 0 ? 1 : held.length / query.triples.length);
}

/** Does everything hold that a graph asks for? */
export const holdsIn = (query: Query, scene: Drawn): boolean =>
  query.triples.every((asked) => scene.triples.some((drawn) => says(asked, drawn)));
