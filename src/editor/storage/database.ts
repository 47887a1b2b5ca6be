/** The browser's store of this tool: sessions and pictures in IndexedDB. It may be silent, closed or cleared at any time. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { PictureRecord } from '#editor/history/picture-record.ts';

/** What was stored is validated when it is read, so here it is unknown. */
interface SgraffitoDatabase extends DBSchema {
  session: { key: string; value: unknown };
  pictures: { key: string; value: PictureRecord; indexes: { byTime: number } };
}

export type Database = IDBPDatabase<SgraffitoDatabase>;

let database: Promise<Database> | undefined;
const listeners = new Set<() => void>();

/** Opens it when it is not open. Rejects where IndexedDB is forbidden (some private windows); never settles where it is silent. */
export function storage(): Promise<Database> {
  database ??= open().catch((error: unknown) => {
    database = undefined;
    throw error;
  });
  return database;
}

/** Milliseconds. While a browser clears its store it refuses to open it again; Chromium is done within a tenth of a second. */
const CLEARING = 300;

async function open(tries = 4): Promise<Database> {
  try {
    return await openDB<SgraffitoDatabase>('sgraffito', 1, {
      upgrade(db) {
        db.createObjectStore('session');
        db.createObjectStore('pictures', { keyPath: 'id' }).createIndex('byTime', 'createdAt');
      },
      // Another page wants to delete or to change the store, and would wait for this one for ever.
      blocking: (_current, _wanted, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      // The browser's own "clear site data", or a damaged disk.
      terminated: forget,
    });
  } catch (error) {
    const isBusy = error instanceof DOMException && (error.name === 'AbortError' || error.name === 'UnknownError');
    if (!isBusy || tries === 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, CLEARING));
    return open(tries - 1);
  }
}

function forget(): void {
  database = undefined;
  for (const tell of listeners) tell();
}

/** Tells when the store was closed under the page: what it held may be gone. @returns the undo of it */
export function onStorageLost(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** A page that is going away lives no longer than this call: the transaction would never commit on its own. */
export function commit(transaction: { commit(): void; readonly done: Promise<void> }): Promise<void> {
  transaction.commit();
  return transaction.done;
}

export class StorageSilentError extends Error {
  override readonly name = 'StorageSilentError';
}

/** Milliseconds. A healthy store answers in tens of them; behind a deletion that another page holds up it never does. */
const PATIENCE = 3000;

/** @throws StorageSilentError when nothing came in time; what comes later still settles the promise that was given */
export function withinPatience<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageSilentError("The browser's storage does not answer.")), PATIENCE);
  });
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}
