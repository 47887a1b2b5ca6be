/** Objects glide to their new places, so that the eye can follow; the document takes one step when they are there. */
import { currentGraph } from '#editor/document/document-store.ts';
import { move } from '#editor/document/gestures.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import { canvasInstance, isCalm } from './canvas-handle.ts';

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
  const canvas = canvasInstance();
  const graph = currentGraph();
  if (!canvas) return;
  const starts = new Map(graph.objects.map(({ id, position }) => [id, position]));
  const begun = performance.now();
  for (;;) {
    const now = await new Promise<number>(requestAnimationFrame);
    const time = Math.min(1, (now - begun) / MILLISECONDS);
    if (time === 1 || currentGraph() !== graph || document.hidden) return;
    const eased = 1 - (1 - Math.max(0, time)) ** 3;
    canvas.setNodes((nodes) =>
      nodes.map((node) => {
        const [from, to] = [starts.get(node.id), places.get(node.id)];
        if (!from || !to) return node;
        return { ...node, position: { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased } };
      }),
    );
  }
}
