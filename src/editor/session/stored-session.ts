/** Sessions in the browser's store: a document with its steps of undo, one for each tab. */
import * as v from 'valibot';
import type { DocumentFacts } from '#editor/document/document-store.ts';
import { type DocumentRecipe, isRecipe } from '#editor/history/picture-record.ts';
import { commit, type Database } from '#editor/storage/database.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import { parseHistory } from '#graph/files/parse-history.ts';
import { createHistory, type History } from '#graph/history.ts';

export interface Session {
  readonly name: string;
  readonly history: History;
  /** By the ids of its documents. */
  readonly documents: Readonly<Record<string, DocumentFacts>>;
  /** What was being painted when it was written. */
  readonly painting?: DocumentRecipe | undefined;
}

/** Before a tab's id: its session, and when it was written in milliseconds since 1970, apart so that finding the newest reads no session. */
const SESSION = 'tab:';
const TIME = 'time:';
/** The one session that versions without sessions per tab kept. */
const ONLY = 'current';
const ASIDE = 'aside:';
/** Sessions of tabs that were closed long ago go first. */
const MOST = 30;

const documentsSchema = v.record(
  v.string(),
  v.object({ name: v.string(), kept: v.optional(v.object({ entry: v.string(), revision: v.string() })) }),
);
const sessionSchema = v.object({
  name: v.string(),
  history: v.unknown(),
  documents: v.fallback(v.optional(documentsSchema, {}), {}),
  painting: v.fallback(v.optional(v.custom<DocumentRecipe>(isRecipe)), undefined),
});

/** @returns when that session was written, in milliseconds since 1970; 0 for one that never was */
export async function sessionTime(db: Database, id: string): Promise<number> {
  return Number((await db.get('session', TIME + id)) ?? 0);
}

/** Reads nothing: a page that is going away gets no answer any more, and the transaction would be given up. */
export async function writeSession(
  db: Database,
  id: string,
  { name, history, documents, painting }: Session,
  at = Date.now(),
): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  void transaction.store.put({ name, history, documents, painting }, SESSION + id);
  void transaction.store.put(at, TIME + id);
  await commit(transaction);
}

/** @param isOpen whether a tab is open with that session */
export async function forgetOldSessions(db: Database, isOpen: (id: string) => Promise<boolean>): Promise<void> {
  const old = (await newestFirst(db)).slice(MOST);
  for (const id of old) {
    if (await isOpen(id)) continue;
    const transaction = db.transaction('session', 'readwrite');
    void transaction.store.delete(SESSION + id);
    void transaction.store.delete(TIME + id);
    await commit(transaction);
  }
}

/** Ids of the sessions. */
async function newestFirst(db: Database): Promise<readonly string[]> {
  const range = IDBKeyRange.bound(TIME, `${TIME}\uffff`);
  const { store } = db.transaction('session');
  const [keys, times] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
  return keys
    .map((key, i) => ({ id: key.slice(TIME.length), time: Number(times[i]) }))
    .sort((a, b) => b.time - a.time)
    .map(({ id }) => id);
}

/** What a tab begins with, and the id of the session it was. */
export interface Begun {
  readonly id: string;
  readonly session: Session;
}

/**
 * The session that is asked for, else the newest. One that cannot be read is put aside, never written over; of its document as much is brought
 * back as can be read.
 */
export async function readSession(db: Database, wanted: string | undefined): Promise<Begun | undefined> {
  const ids = [...(wanted === undefined ? [] : [wanted]), ...(await newestFirst(db))];
  const places = [...new Set(ids)].map((id) => ({ id, key: SESSION + id }));
  for (const { id, key } of [...places, { id: ONLY, key: ONLY }]) {
    const stored = await db.get('session', key);
    if (stored === undefined) continue;
    const { session, isWhole } = parseSession(stored);
    if (!isWhole) await putAside(db, key, stored, session);
    if (session) return { id, session };
  }
  return undefined;
}

/** @returns whether all of it could be read, and as much as can be */
export function parseSession(stored: unknown): { readonly isWhole: boolean; readonly session?: Session } {
  try {
    const { name, history, documents, painting } = v.parse(sessionSchema, stored);
    return { isWhole: true, session: { name, history: parseHistory(history), documents, painting } };
  } catch {
    const name = v.safeParse(v.object({ name: v.string() }), stored);
    const graph = v.safeParse(v.object({ history: v.object({ present: v.unknown() }) }), stored);
    if (!graph.success) return { isWhole: false };
    try {
      const history = createHistory(parseSceneGraph(graph.output.history.present));
      return {
        isWhole: false,
        session: { name: name.success ? name.output.name : 'Untitled', history, documents: {} },
      };
    } catch {
      return { isWhole: false };
    }
  }
}

/** @param rest what takes its place */
export async function putAside(db: Database, key: string, stored: unknown, rest: Session | undefined): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  void transaction.store.put(stored, `${ASIDE}${new Date().toISOString()} ${key}`);
  void (rest ? transaction.store.put(rest, key) : transaction.store.delete(key));
  await commit(transaction);
}

/** Keys of the sessions and graphs that could not be read. */
export function sessionsAside(db: Database): Promise<readonly string[]> {
  return db.getAllKeys('session', IDBKeyRange.bound(ASIDE, `${ASIDE}\uffff`));
}
