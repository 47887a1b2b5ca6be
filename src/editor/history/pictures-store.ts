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
  /**
   * The stage keeps what it shows as far as it is still there, and what was made from a removed picture hangs from the one before that.
   * @returns the undo of it: every picture lies where it was
   */
  remove(ids: ReadonlySet<string>): () => void;
  setMode(mode: CompareMode): void;
}

export const usePictures = create<PicturesState>()((set, get) => ({
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
  remove: (ids) => {
    const before = get().records;
    set((state) => without(state, ids));
    return () => set(({ records }) => ({ records: putBack(records, before, ids) }));
  },
  setMode: (mode) => set({ mode }),
}));

function without(
  state: PicturesState,
  ids: ReadonlySet<string>,
): Pick<PicturesState, 'records' | 'currentId' | 'beforeId' | 'mode'> {
  const parents = new Map(state.records.map(({ id, parent }) => [id, parent]));
  const leftOf = (parent: string | null | undefined): string | null => {
    let left = parent;
    // No further than there are pictures: a damaged store may lead round in a circle.
    for (let i = 0; i < ids.size && ids.has(left ?? ''); i++) left = parents.get(left ?? '');
    return left !== undefined && left !== null && !ids.has(left) ? left : null;
  };
  const records = state.records
    .filter(({ id }) => !ids.has(id))
    .map((record) => (ids.has(record.parent ?? '') ? { ...record, parent: leftOf(record.parent) } : record));
  const currentId = state.currentId !== null && ids.has(state.currentId) ? (records[0]?.id ?? null) : state.currentId;
  const isLost = state.beforeId === null || ids.has(state.beforeId) || state.beforeId === currentId;
  const beforeId = isLost ? null : state.beforeId;
  return { records, currentId, beforeId, mode: beforeId === null ? 'single' : state.mode };
}

/** @param before the records as they were when these ids were removed */
function putBack(
  records: readonly PictureRecord[],
  before: readonly PictureRecord[],
  ids: ReadonlySet<string>,
): readonly PictureRecord[] {
  const children = new Map(before.flatMap(({ id, parent }) => (ids.has(parent ?? '') ? [[id, parent] as const] : [])));
  const others = records
    .filter(({ id }) => !ids.has(id))
    .map((record) => (children.has(record.id) ? { ...record, parent: children.get(record.id) } : record));
  return [...before.filter(({ id }) => ids.has(id)), ...others].sort((a, b) => b.createdAt - a.createdAt);
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
