import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { PictureRecord } from './picture-record.ts';

/** The saved session is validated when it is read, so here it is unknown. */
interface SgraffitoDatabase extends DBSchema {
  session: { key: 'current' | 'model-folder'; value: unknown };
  pictures: { key: string; value: PictureRecord; indexes: { byTime: number } };
}

let database: Promise<IDBPDatabase<SgraffitoDatabase>> | undefined;

/** The browser's store of this tool. Rejects where IndexedDB is forbidden (some private windows). */
export function storage(): Promise<IDBPDatabase<SgraffitoDatabase>> {
  database ??= openDB<SgraffitoDatabase>('sgraffito', 1, {
    upgrade(db) {
      db.createObjectStore('session');
      db.createObjectStore('pictures', { keyPath: 'id' }).createIndex('byTime', 'createdAt');
    },
  });
  return database;
}
