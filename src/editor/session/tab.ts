/** Which session is this tab's own: two tabs never write over each other. */
import { freshId } from '#editor/storage/fresh-id.ts';

const KEY = 'sgraffito/tab';
/** Milliseconds: a page that is reloading lets go of its session when the new one is already here. */
const LETTING_GO = 500;

export interface Tab {
  /** The session that this tab writes. */
  readonly id: string;
  /** The one that it begins with: its own after a reload, the other's in a duplicated tab, undefined in a new one. */
  readonly from: string | undefined;
}

/** Takes hold of the session that this tab had before, or of a new one when there was none or another tab holds it. */
export async function claimTab(): Promise<Tab> {
  const before = remembered();
  if (before !== undefined && (await hold(before))) return { id: before, from: before };
  return { id: await freshTab(), from: before };
}

/** A session that nobody has written. */
export async function freshTab(): Promise<string> {
  const id = freshId();
  await hold(id);
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Forbidden: a reload is then a new tab, and begins as a copy of the newest session.
  }
  return id;
}

/** Whether some tab is open with that session. Without locks nobody knows. */
export async function isOpen(id: string): Promise<boolean> {
  const { held } = (await navigator.locks?.query()) ?? {};
  return held?.some(({ name }) => name === lockOf(id)) ?? false;
}

function remembered(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

const lockOf = (id: string): string => `sgraffito/tab/${id}`;

/** Until the page goes away. A browser duplicates a tab with all that it remembers, so only a lock tells two of them apart. */
function hold(id: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = () => {
      resolve(true);
      return new Promise<void>(() => undefined);
    };
    navigator.locks.request(lockOf(id), { signal: AbortSignal.timeout(LETTING_GO) }, held).catch(() => resolve(false));
  });
}
