/** Sessions in the browser's store: a document with its steps of undo, one for each tab. */
import * as v from 'valibot';
import { isRecipe, type Recipe } from '#editor/history/picture-record.ts';
import { commit, type Database } from '#editor/storage/database.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import { parseHistory } from '#graph/files/parse-history.ts';
import { createHistory, type History } from '#graph/history.ts';

export interface Session {
  readonly name: string;
  readonly history: History;
  /** What was being painted when it was written. */
  readonly painting?: Recipe | undefined;
}

/** When each tab's session was written, in milliseconds since 1970: what is newest, and what is old enough to go. */
const TIMES = 'times';
/** The one session that versions without sessions per tab kept. */
const ONLY = 'current';
const ASIDE = 'aside:';
/** Sessions of tabs that were closed long ago go first. */
const MOST = 30;

const timesSchema = v.record(v.string(), v.number());
const sessionSchema = v.object({
  name: v.string(),
  history: v.unknown(),
  painting: v.fallback(v.optional(v.custom<Recipe>(isRecipe)), undefined),
});

const keyOf = (id: string): string => `tab:${id}`;

export async function writeSession(db: Database, id: string, { name, history, painting }: Session): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  const { store } = transaction;
  void store.put({ name, history, painting }, keyOf(id));
  const times = { ...(await timesIn(store)), [id]: Date.now() };
  const newestFirst = Object.entries(times).sort(([, a], [, b]) => b - a);
  for (const [old] of newestFirst.slice(MOST)) void store.delete(keyOf(old));
  void store.put(Object.fromEntries(newestFirst.slice(0, MOST)), TIMES);
  await commit(transaction);
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
  const times = await timesIn(db.transaction('session').store);
  const newestFirst = Object.entries(times).sort(([, a], [, b]) => b - a);
  const wantedFirst = [...(wanted === undefined ? [] : [wanted]), ...newestFirst.map(([id]) => id)];
  const places = [...new Set(wantedFirst)].map((id) => ({ id, key: keyOf(id) }));
  for (const { id, key } of [...places, { id: ONLY, key: ONLY }]) {
    const stored = await db.get('session', key);
    if (stored === undefined) continue;
    const { session, isWhole } = parseSession(stored);
    if (!isWhole) await putAside(db, key, stored, session);
    if (session) return { id, session };
  }
  return undefined;
}

function parseSession(stored: unknown): { readonly isWhole: boolean; readonly session?: Session } {
  try {
    const { name, history, painting } = v.parse(sessionSchema, stored);
    return { isWhole: true, session: { name, history: parseHistory(history), painting } };
  } catch {
    const name = v.safeParse(v.object({ name: v.string() }), stored);
    const graph = v.safeParse(v.object({ history: v.object({ present: v.unknown() }) }), stored);
    if (!graph.success) return { isWhole: false };
    try {
      const history = createHistory(parseSceneGraph(graph.output.history.present));
      return { isWhole: false, session: { name: name.success ? name.output.name : 'Untitled', history } };
    } catch {
      return { isWhole: false };
    }
  }
}

/** @param rest what takes its place */
async function putAside(db: Database, key: string, stored: unknown, rest: Session | undefined): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  void transaction.store.put(stored, `${ASIDE}${new Date().toISOString()} ${key}`);
  void (rest ? transaction.store.put(rest, key) : transaction.store.delete(key));
  await commit(transaction);
}

/** Keys of the sessions that could not be read. */
export async function sessionsAside(db: Database): Promise<readonly string[]> {
  return (await db.getAllKeys('session', IDBKeyRange.bound(ASIDE, `${ASIDE}\uffff`))) as string[];
}

type SessionStore = { get(key: string): Promise<unknown> };

async function timesIn(store: SessionStore): Promise<Record<string, number>> {
  const times = v.safeParse(timesSchema, await store.get(TIMES));
  return times.success ? times.output : {};
}
