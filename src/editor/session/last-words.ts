/**
 * What a page that goes away could not write any more. Chromium drops the transactions of a page that wait for others when it closes, and a
 * reload may come within their queue; localStorage answers at once.
 */
import * as v from 'valibot';
import type { Database } from '#editor/storage/database.ts';
import { parseSession, type Session, sessionTime, writeSession } from './stored-session.ts';

const KEY = 'sgraffito/last-words/';

const lastWordsSchema = v.object({
  /** When it should have been written, in milliseconds since 1970. */
  at: v.number(),
  session: v.unknown(),
});

/** Leaves a session to the next start, with the time of its own writing. Where localStorage is full or forbidden the store's own answer has to do. */
export function leaveLastWords(id: string, session: Session, at: number): void {
  try {
    localStorage.setItem(KEY + id, JSON.stringify({ at, session }));
  } catch {
    // What was written before is there.
  }
}

/** Writes to the store what earlier pages left, unless it was written after all. */
export async function takeLastWords(db: Database): Promise<void> {
  for (const key of leftKeys()) {
    const id = key.slice(KEY.length);
    const words = parse(localStorage.getItem(key));
    const { session } = parseSession(words?.session);
    if (session && words && words.at > (await sessionTime(db, id))) await writeSession(db, id, session, words.at);
    localStorage.removeItem(key);
  }
}

function leftKeys(): readonly string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(KEY));
  } catch {
    return [];
  }
}

function parse(text: string | null): v.InferOutput<typeof lastWordsSchema> | undefined {
  try {
    return v.parse(lastWordsSchema, JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
