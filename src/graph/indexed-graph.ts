/** Graphs as files, sentences and the corpus have them: labels in a row, and relations that name their ends by place in it. */
import { EMPTY_SCENE_GRAPH, type SceneGraph, type SceneObject } from './scene-graph.ts';

export interface IndexedRelation {
  readonly subject: number;
  readonly predicate: string;
  readonly object: number;
}

export interface IndexedGraph {
  readonly objects: readonly Pick<SceneObject, 'label' | 'attributes'>[];
  /** Ends are indices into `objects`. */
  readonly relations: readonly IndexedRelation[];
}

/**
 * The document: its objects are called o1, o2, …, its relations r1, r2, …, in their order.
 * @param positions one for each object; all at the origin when absent
 */
export function documentOf(
  { objects, relations }: IndexedGraph,
  positions: readonly SceneObject['position'][] = objects.map(() => ({ x: 0, y: 0 })),
): SceneGraph {
  const idOf = (index: number) => `o${index + 1}`;
  return {
    ...EMPTY_SCENE_GRAPH,
    objects: objects.map(({ label, attributes }, i) => ({ id: idOf(i), label, attributes, position: positions[i]! })),
    relations: relations.map(({ subject, predicate, object }, i) => ({
      id: `r${i + 1}`,
      subject: idOf(subject),
      predicate,
      object: idOf(object),
    })),
  };
}
