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

/** Drawn anew only where the answer changes. */
export function useIsContradicted(relation: string): boolean {
  return useDocument(({ history }) => circlesOf(history.present).ids.has(relation));
}

interface Circles {
  readonly graph: SceneGraph;
  readonly circles: readonly (readonly string[])[];
  /** Of the relations in any of them. */
  readonly ids: ReadonlySet<string>;
}

let last: Circles | undefined;

/** Every edge asks whether it is in one, and the panel for all: they are looked for once for each graph. */
function circlesOf(graph: SceneGraph): Circles {
  if (last?.graph !== graph) {
    const circles = contradictions(graph);
    last = { graph, circles, ids: new Set(circles.flat()) };
  }
  return last;
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
  return circlesOf(graph).circles.map(
    (circle) => `Not all of this can be: ${circle.map((id) => sentences.get(id)).join(', ')}.`,
  );
}
