/** Keeps the document with its steps of undo, and the pictures, in IndexedDB. Effects point outward: the stores know nothing of it. */

import { toast } from 'sonner';
import * as v from 'valibot';
import { examples } from '#editor/examples/examples.ts';
import { isPictureRecord, type PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { storage } from '#editor/history/storage.ts';
import { parseHistory } from '#graph/files/parse-history.ts';
import { createHistory, type History } from '#graph/history.ts';
import { useDocument } from './document-store.ts';

/** Milliseconds of quiet before the document is written. */
const QUIET = 400;
const sessionSchema = v.object({ name: v.pipe(v.string(), v.maxLength(200)), history: v.unknown() });

/** Brings back the last session, or greets a newcomer with the first example. */
export async function restoreSession(): Promise<void> {
  const { restore } = useDocument.getState();
  const [first] = examples;
  try {
    const db = await storage();
    const saved = v.safeParse(sessionSchema, await db.get('session', 'current'));
    if (saved.success) restore(saved.output.name, parseHistory(saved.output.history));
    else if (first) restore(first.title, createHistory(first.graph));
    await restorePictures();
  } catch {
    if (first) restore(first.title, createHistory(first.graph));
    toast.warning('This browser does not let the page keep data: your work is lost when the tab closes.');
  }
}

/** Pictures that cannot be read cost nothing else: neither the document nor the other pictures. */
async function restorePictures(): Promise<void> {
  const found: readonly unknown[] = await (await storage()).getAllFromIndex('pictures', 'byTime').catch(() => []);
  const whole = found.filter(isPictureRecord);
  usePictures.getState().load(whole.reverse());
  const damaged = found.length - whole.length;
  if (damaged > 0) {
    const what = damaged === 1 ? 'One picture' : `${damaged} pictures`;
    toast.warning(`${what} of the history could not be read and ${damaged === 1 ? 'is' : 'are'} not shown.`);
  }
}

/** Writes what changes from now on. @returns the undo of its subscriptions */
export function keepSession(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const { name, history } = useDocument.getState();
    void save(name, history);
  };
  const stopDocument = useDocument.subscribe((state, before) => {
    if (state.history === before.history && state.name === before.name) return;
    clearTimeout(timer);
    timer = setTimeout(write, QUIET);
  });
  const stopPictures = usePictures.subscribe((state, before) => {
    if (state.records !== before.records) void savePictures(before.records, state.records);
  });
  const flush = () => timer !== undefined && write();
  addEventListener('pagehide', flush);
  return () => {
    stopDocument();
    stopPictures();
    removeEventListener('pagehide', flush);
  };
}

async function save(name: string, history: History): Promise<void> {
  const { past, present, future } = history;
  await attempt(async () => {
    const transaction = (await storage()).transaction('session', 'readwrite');
    void transaction.store.put({ name, history: { past, present, future } }, 'current');
    await commit(transaction);
  });
}

async function savePictures(before: readonly PictureRecord[], after: readonly PictureRecord[]): Promise<void> {
  const old = new Set(before);
  const kept = new Set(after.map(({ id }) => id));
  await attempt(async () => {
    const transaction = (await storage()).transaction('pictures', 'readwrite');
    for (const record of after) if (!old.has(record)) void transaction.store.put(record);
    for (const { id } of before) if (!kept.has(id)) void transaction.store.delete(id);
    await commit(transaction);
  });
}

/** A page that is going away lives no longer than this call: the transaction would never commit on its own. */
function commit(transaction: { commit(): void; readonly done: Promise<void> }): Promise<void> {
  transaction.commit();
  return transaction.done;
}

let hasWarned = false;

/** A full or forbidden store is said once; the session goes on without it. */
async function attempt(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
  } catch (error) {
    if (hasWarned) return;
    hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    toast.warning('Your work could not be kept in this browser.', { description: reason });
  }
}
