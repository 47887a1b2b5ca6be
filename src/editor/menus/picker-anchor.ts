/** Where a picker opens: on the words that it changes, wherever they move meanwhile, else where the hand is. */
import { shownObject, shownRelation } from '#editor/actions/focused.ts';
import { overlaps } from '#editor/geometry/box-grid.ts';
import type { Picker } from '#editor/interface/interface-store.ts';
import { canvasCentre } from '#editor/viewport/canvas-handle.ts';

interface Anchor {
  getBoundingClientRect(): DOMRect;
}

/** Client pixels. Words that are out of sight, or drawn nowhere, are asked for in the middle of the canvas. */
export function anchorOf(request: Picker): Anchor {
  if ('at' in request) {
    const { x, y } = request.at;
    return { getBoundingClientRect: () => new DOMRect(x, y) };
  }
  let words: Element | null = null;
  return {
    getBoundingClientRect: () => {
      if (!words?.isConnected) words = wordsOf(request);
      const box = words?.getBoundingClientRect();
      const canvas = document.getElementById('canvas')?.getBoundingClientRect();
      if (box && canvas && overlaps(box, canvas)) return box;
      const { x, y } = canvasCentre().at;
      return new DOMRect(x, y);
    },
  };
}

function wordsOf({ type, id }: Extract<Picker, { readonly type: 'relabel' | 'predicate' }>): Element | null {
  if (type === 'predicate') return shownRelation(id) ?? null;
  return shownObject(id)?.querySelector('.node-label, .chip-name') ?? null;
}

/** The side of the words from where there is room for so many pixels: the field stays on them, whatever its list needs. */
export function alignOn({ left, right }: DOMRect, width: number): 'start' | 'center' | 'end' {
  if (left + width <= innerWidth) return 'start';
  return right >= width ? 'end' : 'center';
}
