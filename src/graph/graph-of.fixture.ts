import { documentOf } from './indexed-graph.ts';
import type { SceneGraph } from './scene-graph.ts';

/** A document from labels without attributes and triples of their indices. */
export const graphOf = (
  labels: readonly string[],
  triples: readonly (readonly [subject: number, predicate: string, object: number])[],
): SceneGraph =>
  documentOf({
    objects: labels.map((label) => ({ label, attributes: [] })),
    relations: triples.map(([subject, predicate, object]) => ({ subject, predicate, object })),
  });
