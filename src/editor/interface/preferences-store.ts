import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { BackendWish } from '#engine/contract/protocol.ts';

export type Theme = 'light' | 'dark' | 'system';

export const VARIATIONS = { least: 2, most: 16 } as const;

/** More than one computer can say. */
const MAX_DISMISSED = 20;

interface Preferences {
  theme: Theme;
  /** What is to paint, where the address says nothing. */
  backend: BackendWish;
  /** Regenerate with the same seed whenever the graph's meaning changes. */
  live: boolean;
  /** Paint only what a change of the graph reaches, the rest from the picture on screen. */
  keepRest: boolean;
  /** 0.1–1: how much of the reached region is painted anew. */
  keepStrength: number;
  /** Above 0 and at most 1: how much of a picture may change that is painted over. */
  overStrength: number;
  /** Generate keeps the seed; unlocked, every Generate draws a new one. */
  seedLocked: boolean;
  /** How many variations are painted to choose from, within `VARIATIONS`. */
  variations: number;
  /** Pixels of the picture's side; null as wide as the screen suggests. */
  panelWidth: number | null;
  /** Sentences of the engine that are not to be said again. */
  dismissedNotices: readonly string[];
  /** How the history is shown: the newest in a row, or all with what they were made from. */
  historyView: 'strip' | 'tree';
  /** Whether the tour was taken or turned down: it is offered once. */
  tourOffered: boolean;
  minimap: boolean;
  snap: boolean;
  set(change: Partial<Omit<Preferences, 'set'>>): void;
}

/** How this person likes the tool: kept in localStorage, no part of any document. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      backend: 'auto',
      live: false,
      keepRest: false,
      // Below it the earlier picture shines through the noise and comes back: of 30 turned edges 13 held at 0.8, 16 at 1.
      keepStrength: 1,
      overStrength: 0.6,
      seedLocked: true,
      variations: 8,
      panelWidth: null,
      dismissedNotices: [],
      historyView: 'strip',
      tourOffered: false,
      minimap: false,
      snap: false,
      set: (change) => set(change),
    }),
    { name: 'sgraffito/preferences', version: 1, storage: createJSONStorage(() => localStorage) },
  ),
);

/** Different reasons are different sentences; the oldest is forgotten first. */
export function dismissNotice(text: string): void {
  const { dismissedNotices, set } = usePreferences.getState();
  set({ dismissedNotices: [...dismissedNotices.filter((each) => each !== text), text].slice(-MAX_DISMISSED) });
}

/** Keeps <html data-theme> in step with the preference and the system's own setting. Returns the undo of its subscriptions. */
export function followTheme(root: HTMLElement, query: MediaQueryList): () => void {
  const apply = () => {
    const { theme } = usePreferences.getState();
    const dark = theme === 'dark' || (theme === 'system' && query.matches);
    root.dataset.theme = dark ? 'dark' : 'light';
  };
  apply();
  query.addEventListener('change', apply);
  const unsubscribe = usePreferences.subscribe(apply);
  return () => {
    query.removeEventListener('change', apply);
    unsubscribe();
  };
}
