import { useDocument } from '#editor/document/document-store.ts';
import { addRelation, type Position, paste } from '#graph/edits.ts';
import { LAYOUT_SPACING } from '#graph/places/layout.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import type { OpenRelation } from '#graph/sentence/spoken-scene.ts';

export type Insertion = 'add' | 'replace';

/** Relations that the text left open, with the predicates that the user chose for them. */
export function withChosen(
  graph: SceneGraph,
  open: readonly OpenRelation[],
  chosen: (words: string) => string | undefined,
): SceneGraph {
  return open.reduce((next, { subject, words, object }) => {
    const predicate = chosen(words);
    return predicate === undefined ? next : addRelation(next, { subject, predicate, object }).graph;
  }, graph);
}

/** One step of undo; what is new is selected when it joins a graph. */
export function insertGraph(inserted: SceneGraph, how: Insertion): void {
  const { apply, select } = useDocument.getState();
  let ids: readonly string[] = [];
  const done = apply('Graph from a sentence', (graph, given) => {
    const ground = how === 'replace' ? EMPTY_SCENE_GRAPH : graph;
    const pasted = paste(ground, inserted, besides(graph, inserted, how), given);
    ids = pasted.objectIds;
    return pasted.graph;
  });
  if (done) select(how === 'add' ? { objects: ids } : {});
}

/** How far to move the new graph so that it stands to the right of the old one, the tops in line. */
function besides(graph: SceneGraph, inserted: SceneGraph, how: Insertion): Position {
  if (how === 'replace' || graph.objects.length === 0) return { x: 0, y: 0 };
  const xs = (each: SceneGraph) => each.objects.map(({ position }) => position.x);
  const ys = (each: SceneGraph) => each.objects.map(({ position }) => position.y);
  const [right, left] = [Math.max(...xs(graph)), Math.min(...xs(inserted))];
  return { x: right - left + LAYOUT_SPACING.x, y: Math.min(...ys(graph)) - Math.min(...ys(inserted)) };
}
