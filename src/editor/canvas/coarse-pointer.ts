import { useSyncExternalStore } from 'react';

const query = matchMedia('(pointer: coarse)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the hand is a finger: it has one button, hides what it points at, and drags the paper rather than a frame. */
export function useCoarsePointer(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
