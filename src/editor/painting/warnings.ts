/** What can be said of a graph before it is painted. */
import { useMemo } from 'react';
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { contradictions } from '#graph/words/contradictions.ts';
import { namesOf } from '#graph/words/describe.ts';
import { useManifest } from './engine-store.ts';

/** Sentences, the gravest first. */
export function useWarnings(): readonly string[] {
  const graph = useGraph();
  const manifest = useManifest();
  return useMemo(() => [...tooMany(graph, manifest?.limits), ...unpaintable(graph)], [graph, manifest]);
}

/** Every edge asks whether it is one of them: they are looked for once for each graph. */
let last: { readonly graph: SceneGraph; readonly ids: ReadonlySet<string> } | undefined;

/** Drawn anew only where the answer changes. */
export function useIsContradicted(relation: string): boolean {
  return useDocument(({ history }) => contradicted(history.present).has(relation));
}

function contradicted(graph: SceneGraph): ReadonlySet<string> {
  if (last?.graph !== graph) last = { graph, ids: new Set(contradictions(graph).flat()) };
  return last.ids;
}

function tooMany(graph: SceneGraph, limits: ModelFacts['limits'] | undefined): string[] {
  if (!limits) return [];
  return (['objects', 'relations'] as const).flatMap((kind) => {
    const surplus = graph[kind].length - limits[kind];
    return surplus > 0
      ? [`${graph[kind].length} ${kind}: this model paints up to ${limits[kind]}. Take away ${surplus}.`]
      : [];
  });
}

function unpaintable(graph: SceneGraph): string[] {
  const names = namesOf(graph);
  const sentences = new Map(
    graph.relations.map(({ id, subject, predicate, object }) => [
      id,
      `${names.get(subject)} ${predicate} ${names.get(object)}`,
    ]),
  );
  return contradictions(graph).map(
    (circle) => `Not all of this can be: ${circle.map((id) => sentences.get(id)).join(', ')}.`,
  );
}
