/** What the keyboard's focus is on: ids are on the elements, so that nothing has to be kept in step. */

export function focusedObject(): string | null {
  const element = document.activeElement;
  return element instanceof HTMLElement && element.classList.contains('react-flow__node')
    ? (element.dataset.id ?? null)
    : null;
}

export function focusedRelation(): string | null {
  const element = document.activeElement;
  return element instanceof HTMLElement ? (element.dataset.relation ?? null) : null;
}
