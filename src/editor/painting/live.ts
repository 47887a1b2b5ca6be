/**
 * Live: the picture follows the hand. A change of the graph's meaning is painted as a draft at once, and as a picture when the hand rests; what
 * an open question would make of the graph is painted as a draft before it is answered. Always with the same seed; the newest wish wins.
 */
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { dropDraft, generate, paintDraft } from './engine.ts';
import { currentManifest } from './engine-store.ts';
import { meaningOf } from './meaning.ts';
import { useSettings } from './settings-store.ts';

/** Milliseconds without a change after which the hand rests. */
const REST = 600;

/** Counts wishes: an older one goes no further. */
let turn = 0;
/** The graph on the canvas has no picture yet. */
let isDue = false;
/** What the open question is drafted for. */
let considered: string | undefined;

const canFollow = (): boolean => currentManifest() !== null && Object.keys(useSettings.getState().wrong).length === 0;
const isLive = (): boolean => usePreferences.getState().live && canFollow();
/** On the picture an open question is drafted in any case: what it asks is how the picture should be. */
const considers = (): boolean => isLive() || (useInterface.getState().onPicture && canFollow());

/** Paints what changes from now on, as long as Live is on. @returns the undo of its subscriptions */
export function keepLive(): () => void {
  const stops = [
    useDocument.subscribe(({ history: { present } }, { history: { present: before } }) => {
      if (present === before || meaningOf(present) === meaningOf(before)) return;
      if (present.objects.length > 0 && isLive()) void follow(present);
      else forget();
    }),
    usePreferences.subscribe(({ live }, before) => {
      if (before.live && !live) forget();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    forget();
  };
}

/** Paints a draft of what an answer would make of the graph; @param graph undefined when the question is closed */
export function consider(graph: SceneGraph | undefined): void {
  const meaning = graph && meaningOf(graph);
  if (meaning === considered || !considers()) return;
  considered = meaning;
  turn++;
  if (graph && meaning !== meaningOf(currentGraph())) void paintDraft(graph);
  else dropDraft();
  if (!graph && isDue) void follow(currentGraph());
}

async function follow(graph: SceneGraph): Promise<void> {
  const mine = ++turn;
  isDue = true;
  considered = undefined;
  await Promise.all([paintDraft(graph), new Promise((resolve) => setTimeout(resolve, REST))]);
  if (mine !== turn || !isLive()) return;
  await generate({ keepSeed: true });
  if (mine === turn) isDue = false;
}

function forget(): void {
  turn++;
  isDue = false;
  considered = undefined;
  dropDraft();
}
