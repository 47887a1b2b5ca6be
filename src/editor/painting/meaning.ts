import type { SceneGraph } from '#graph/scene-graph.ts';

/** What a graph means to the model: its triples and labels, not the places on the canvas. */
export function meaningOf(graph: SceneGraph): string {
  const objects = graph.objects.map(({ id, label, attributes }) => [id, label, ...attributes]);
  const relations = graph.relations.map(({ subject, predicate, object }) => [subject, predicate, object]);
  return JSON.stringify([objects, relations]);
}
