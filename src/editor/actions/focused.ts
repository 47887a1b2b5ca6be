/** What the keyboard's focus is on: ids are on the elements, so that nothing has to be kept in step. */

/** A node of the canvas, or a chip of the picture. */
const OBJECT = '.react-flow__node, .chip';

export function focusedObject(): string | null {
  const element = document.activeElement;
  return element instanceof HTMLElement && element.matches(OBJECT) ? (element.dataset.id ?? null) : null;
}

export function focusedRelation(): string | null {
  const element = document.activeElement;
  return element instanceof HTMLElement ? (element.dataset.relation ?? null) : null;
}

/** Canvas and picture both hold the graph's elements: of the two the one that is seen. */
export function shownObject(id: string): HTMLElement | undefined {
  return shown(`:is(${OBJECT})[data-id="${CSS.escape(id)}"]`);
}

export function shownRelation(id: string): HTMLElement | undefined {
  return shown(`[data-relation="${CSS.escape(id)}"]`);
}

function shown(selector: string): HTMLElement | undefined {
  const elements = [...document.querySelectorAll<HTMLElement>(selector)];
  return elements.find((element) => element.checkVisibility({ visibilityProperty: true }));
}
