import { create } from 'zustand';
import { MAX_NAME, overflow, type PictureRecord } from './picture-record.ts';

export type CompareMode = 'single' | 'side' | 'slider' | 'difference';

interface PicturesState {
  /** Newest first. */
  records: readonly PictureRecord[];
  /** The picture on the stage. */
  currentId: string | null;
  /** What "before" means in a comparison. */
  beforeId: string | null;
  mode: CompareMode;
  load(records: readonly PictureRecord[]): void;
  add(record: PictureRecord): void;
  /** Undoes a removal: the picture lies where it was. */
  putBack(record: PictureRecord): void;
  /** Another tab painted or changed these, and deleted those: the stage keeps what it shows. */
  follow(changed: readonly PictureRecord[], deleted: ReadonlySet<string>): void;
  /** Adds a picture to the strip and leaves the stage as it is. */
  keep(record: PictureRecord): void;
  /** Puts a picture on the stage; what stood there becomes "before". */
  show(id: string): void;
  star(id: string): void;
  /** An empty name takes the name away. */
  rename(id: string, name: string): void;
  /** Makes a picture the "before" of the one on the stage. */
  compareWith(id: string): void;
  remove(id: string): void;
  /** Several at once; the stage keeps what it shows as far as it is still there. */
  removeAll(ids: ReadonlySet<string>): void;
  setMode(mode: CompareMode): void;
}

export const usePictures = create<PicturesState>()((set) => ({
  records: [],
  currentId: null,
  beforeId: null,
  mode: 'single',
  load: (records) => {
    const [current, next] = records;
    const parent = records.find(({ id }) => id === current?.parent);
    set({ records, currentId: current?.id ?? null, beforeId: (parent ?? next)?.id ?? null });
  },
  add: (record) =>
    set((state) => {
      const all = [record, ...state.records];
      const gone = new Set(overflow(all));
      return {
        records: all.filter(({ id }) => !gone.has(id)),
        beforeId: state.currentId,
        currentId: record.id,
      };
    }),
  keep: (record) =>
    set(({ records, currentId, beforeId }) => {
      const all = [record, ...records];
      // What is being looked at stays, however old it is.
      const gone = new Set(overflow(all).filter((id) => id !== currentId && id !== beforeId));
      return { records: all.filter(({ id }) => !gone.has(id)) };
    }),
  follow: (changed, deleted) =>
    set((state) => {
      const ids = new Set(changed.map(({ id }) => id));
      const { records, ...stage } = without(state, deleted);
      const all = [...changed, ...records.filter(({ id }) => !ids.has(id))];
      return { ...stage, records: all.sort((a, b) => b.createdAt - a.createdAt) };
    }),
  putBack: (record) =>
    set(({ records }) => {
      const older = records.findIndex(({ createdAt }) => createdAt < record.createdAt);
      const place = older === -1 ? records.length : older;
      return { records: [...records.slice(0, place), record, ...records.slice(place)] };
    }),
  show: (id) => set((state) => (id === state.currentId ? state : { currentId: id, beforeId: state.currentId })),
  star: (id) =>
    set((state) => ({
      records: state.records.map((record) => (record.id === id ? { ...record, starred: !record.starred } : record)),
    })),
  rename: (id, name) =>
    set((state) => ({
      records: state.records.map((record) => {
        if (record.id !== id) return record;
        const { name: _, ...nameless } = record;
        const given = name.trim().slice(0, MAX_NAME);
        return given === '' ? nameless : { ...nameless, name: given };
      }),
    })),
  compareWith: (id) =>
    set(({ currentId, mode }) =>
      id === currentId ? {} : { beforeId: id, mode: mode === 'single' ? ('side' as const) : mode },
    ),
  remove: (id) => set((state) => without(state, new Set([id]))),
  removeAll: (ids) => set((state) => without(state, ids)),
  setMode: (mode) => set({ mode }),
}));

function without(
  state: PicturesState,
  ids: ReadonlySet<string>,
): Pick<PicturesState, 'records' | 'currentId' | 'beforeId' | 'mode'> {
  const records = state.records.filter(({ id }) => !ids.has(id));
  const currentId = state.currentId !== null && ids.has(state.currentId) ? (records[0]?.id ?? null) : state.currentId;
  const isLost = state.beforeId === null || ids.has(state.beforeId) || state.beforeId === currentId;
  const beforeId = isLost ? null : state.beforeId;
  return { records, currentId, beforeId, mode: beforeId === null ? 'single' : state.mode };
}

export function findPicture(id: string | null): PictureRecord | null {
  return usePictures.getState().records.find((record) => record.id === id) ?? null;
}

export function useCurrentPicture(): PictureRecord | null {
  return usePictures((state) => state.records.find((record) => record.id === state.currentId) ?? null);
}

export function useBeforePicture(): PictureRecord | null {
  return usePictures((state) => state.records.find((record) => record.id === state.beforeId) ?? null);
}
