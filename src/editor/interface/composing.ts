/** Whether a key belongs to an input method. Safari ends a composition before its Enter, and marks that Enter by the code 229 alone. */
export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === 229;
