import { EMPTY_SCENE_GRAPH, type SceneGraph } from './scene-graph.ts';

/** A document from labels and triples of their indices; ids are o0, o1, … and r0, r1, … */
export function graphOf(
  labels: readonly string[],
  triples: readonly (readonly [subject: number, predicate: string, object: number])[],
): SceneGraph {
  return {
    ...EMPTY_SCENE_GRAPH,
    objects: labels.map((label, i) => ({ id: `o${i}`, label, attributes: [], position: { x: 0, y: 0 } })),
    relations: triples.map(([s, predicate, o], i) => ({ id: `r${i}`, subject: `o${s}`, predicate, object: `o${o}` })),
  };
}
