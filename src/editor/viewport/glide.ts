/** Objects glide to their new places, so that the eye can follow; the document takes one step when they are there. */
import { currentGraph } from '#editor/document/document-store.ts';
import { move } from '#editor/document/gestures.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import { isCalm, showObjectsAt } from './canvas-handle.ts';

const MILLISECONDS = 240;
/** More would stutter. */
const MAX_OBJECTS = 120;

/** @param label of the step of undo */
export async function glide(label: string, places: ReadonlyMap<string, Point>): Promise<void> {
  if (!isCalm() && places.size <= MAX_OBJECTS) await show(places);
  move(places, label);
}

/** On the screen alone. Whatever changes the document meanwhile ends it. */
async function show(places: ReadonlyMap<string, Point>): Promise<void> {
  const graph = currentGraph();
  const starts = graph.objects.filter(({ id }) => places.has(id));
  const begun = performance.now();
  for (;;) {
    const now = await new Promise<number>(requestAnimationFrame);
    const time = Math.min(1, (now - begun) / MILLISECONDS);
    if (time === 1 || currentGraph() !== graph || document.hidden) return;
    const eased = 1 - (1 - Math.max(0, time)) ** 3;
    const between = starts.map(({ id, position: from }) => {
      const to = places.get(id) ?? from;
      return [id, { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased }] as const;
    });
    showObjectsAt(new Map(between));
  }
}
