import { useDocument } from '#editor/document/document-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { generate } from './engine.ts';
import { useEngine } from './engine-store.ts';
import { useSettings } from './settings-store.ts';

/** Milliseconds of quiet before Live paints again. */
const QUIET = 300;

/** What a graph means to the model: its triples and labels, not the places on the canvas. */
export function meaningOf(graph: SceneGraph): string {
  const objects = graph.objects.map(({ id, label, attributes }) => [id, label, ...attributes]);
  const relations = graph.relations.map(({ subject, predicate, object }) => [subject, predicate, object]);
  return JSON.stringify([objects, relations]);
}

/** Live: whenever the graph's meaning changes, paints it again with the same seed. @returns the undo of its subscription */
export function keepLive(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useDocument.subscribe((state, before) => {
    const [graph, old] = [state.history.present, before.history.present];
    if (graph === old || !usePreferences.getState().live) return;
    if (graph.objects.length === 0 || meaningOf(graph) === meaningOf(old)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const isWrong = Object.keys(useSettings.getState().wrong).length > 0;
      if (useEngine.getState().status.type === 'ready' && !isWrong) void generate({ keepSeed: true });
    }, QUIET);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
