/** The focus never falls to the body, from where Tab would begin anew: when what had it is gone or closed, it goes to the canvas. */

import { useState } from 'react';

/** @returns the undo of its subscriptions */
export function keepFocus(): () => void {
  let hasBegun = false;
  let frame = 0;
  const check = () => {
    frame = 0;
    // A dialog or menu brings the focus back itself.
    if (
      !hasBegun ||
      document.activeElement !== document.body ||
      document.querySelector('[role="dialog"], [role="menu"]')
    )
      return;
    focusCanvas();
  };
  const soon = () => {
    frame ||= requestAnimationFrame(check);
  };
  const begin = () => {
    hasBegun = true;
  };
  // No event tells that an element with the focus was removed.
  const removals = new MutationObserver(soon);
  removals.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', begin);
  document.addEventListener('focusout', soon);
  return () => {
    removals.disconnect();
    cancelAnimationFrame(frame);
    document.removeEventListener('focusin', begin);
    document.removeEventListener('focusout', soon);
  };
}

/** Where there is room for one side, the picture's may have taken the canvas's place: then it goes there. */
export function focusCanvas(): void {
  const sides = [document.getElementById('canvas'), document.getElementById('panel')];
  const shown = sides.find((side) => side?.checkVisibility({ visibilityProperty: true }));
  shown?.focus({ preventScroll: true });
}

/** Radix hands the focus back in a later task: what a quick key has opened by then has the focus, and would close without it. */
export const hasDialog = (): boolean => document.querySelector('[role="dialog"]') !== null;

/** For a dialog: when it closes, the focus goes back to where it was before. Radix knows of that place only by a button of its own. */
export function useFocusBack(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    // What the dialog opened in its place has the focus already.
    const next = document.querySelector('[role="dialog"]');
    if (next && !next.contains(before)) return;
    if (before instanceof HTMLElement && before.isConnected && before !== document.body)
      before.focus({ preventScroll: true });
    else focusCanvas();
  };
}
