/** The session: what of the work is kept in the browser. Effects point outward: the stores know nothing of it. */
import { useDocument } from '#editor/document/document-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { onStorageLost, storage } from '#editor/storage/database.ts';
import type { History } from '#graph/history.ts';
import { attempt } from './attempt.ts';
import { leaveLastWords } from './last-words.ts';
import { type Session, writeSession } from './stored-session.ts';

/** Milliseconds between two writes. The first one is made at once: a page that crashes has lost at most this much. */
const PAUSE = 100;

/** Writes the document as it changes from now on, and what is being painted. @returns the undo of it */
export function keepSession(id: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  /** What the store has not confirmed yet. */
  let unkept: { readonly session: Session; readonly at: number } | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    lastAt = performance.now();
    const { name, history, documents } = useDocument.getState();
    const { run } = useEngine.getState();
    const session: Session = {
      name,
      history,
      documents: factsIn(history, documents),
      ...(run.type === 'running' && { painting: run.recipe }),
    };
    const written = { session, at: Date.now() };
    unkept = written;
    void attempt(async () => {
      await writeSession(await storage(), id, session, written.at);
      if (unkept === written) unkept = undefined;
    });
  };
  const changed = () => {
    const wait = lastAt + PAUSE - performance.now();
    if (wait <= 0) write();
    else timer ??= setTimeout(write, wait);
  };
  const flush = () => {
    if (timer !== undefined) write();
    if (unkept) leaveLastWords(id, unkept.session, unkept.at);
  };
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.history !== before.history || state.name !== before.name || state.documents !== before.documents)
        changed();
    }),
    useEngine.subscribe(({ run }, before) => {
      if (run.type !== before.run.type) changed();
    }),
    onStorageLost(write),
    () => removeEventListener('pagehide', flush),
  ];
  addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
  };
}

/** Of the documents that undo and redo may lead to. */
function factsIn({ past, document, future }: History, documents: Session['documents']): Session['documents'] {
  const reachable = new Set([document, ...[...past, ...future].map((step) => step.document)]);
  return Object.fromEntries(Object.entries(documents).filter(([id]) => reachable.has(id)));
}
