import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { nodeBox } from '#editor/geometry/element-sizes.ts';
import { type Alignment, align, distribute, type PlacedBox } from '#graph/places/align.ts';
import { canvasInstance } from './canvas-handle.ts';
import { glide } from './glide.ts';

/** The selected objects as they are drawn. */
function selectedBoxes(): PlacedBox[] {
  const chosen = new Set(useDocument.getState().selection.objects);
  return currentGraph()
    .objects.filter(({ id }) => chosen.has(id))
    .map((object) => {
      const { width, height } = canvasInstance()?.getNode(object.id)?.measured ?? {};
      const measured = width !== undefined && height !== undefined ? { width, height } : undefined;
      return { id: object.id, ...nodeBox(object, measured) };
    });
}

export function alignSelection(to: Alignment): Promise<void> {
  return glide('Align', align(selectedBoxes(), to));
}

export function distributeSelection(direction: 'across' | 'down'): Promise<void> {
  return glide('Distribute', distribute(selectedBoxes(), direction));
}
