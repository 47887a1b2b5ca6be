/** The start: what the browser kept comes back, and whatever is wrong with it is said and lost by nobody. */
import { toast } from 'sonner';
import { useDocument } from '#editor/document/document-store.ts';
import { examples } from '#editor/examples/examples.ts';
import { download } from '#editor/files/save.ts';
import type { DocumentRecipe, PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { paintRecipe } from '#editor/painting/engine.ts';
import { StorageSilentError, storage, withinPatience } from '#editor/storage/database.ts';
import { createHistory } from '#graph/history.ts';
import { attempt } from './attempt.ts';
import { readPictures } from './keep-pictures.ts';
import { takeLastWords } from './last-words.ts';
import { type Begun, forgetOldSessions, readSession, sessionsAside, writeSession } from './stored-session.ts';
import { claimTab, freshTab, isOpen, type Tab } from './tab.ts';

interface Work {
  readonly begun: Begun | undefined;
  readonly pictures: readonly PictureRecord[];
  /** What was being painted when the page closed. */
  readonly interrupted: DocumentRecipe | undefined;
  readonly aside: readonly string[];
}

/** Brings back the tab's session, in a new tab a copy of the newest; a newcomer is greeted with the first example. @returns the session to write */
export async function restoreSession(): Promise<string> {
  const tab = await claimTab();
  const work = readWork(tab);
  try {
    const { begun, pictures, interrupted, aside } = await withinPatience(work);
    usePictures.getState().load(pictures);
    if (begun) {
      const { name, history, documents } = begun.session;
      useDocument.getState().restore(name, history, documents);
      // From here on the copy is this tab's own, and nothing is being painted.
      const isNew = begun.id !== tab.id || interrupted !== undefined;
      if (isNew) await attempt(async () => writeSession(await storage(), tab.id, { name, history, documents }));
    } else {
      greet();
      // A picture that comes with it is kept at once: so is what it is of.
      const { name, history, documents } = useDocument.getState();
      await attempt(async () => writeSession(await storage(), tab.id, { name, history, documents }));
    }
    if (interrupted) offerPainting(interrupted);
    if (aside.length > 0) offerAside(aside);
    return tab.id;
  } catch (error) {
    greet();
    if (!(error instanceof StorageSilentError)) {
      toast.warning('This browser does not let the page keep data: your work is lost when the tab closes.');
      return tab.id;
    }
    toast.warning("The browser's storage does not answer", {
      description:
        'You can work, but nothing is kept until it does. Other tabs of this app may hold it up: close them.',
      duration: 12_000,
    });
    void work.then(offerLate, () => undefined);
    // What is written before the old session could be read must not take its place.
    return freshTab();
  }
}

async function readWork(tab: Tab): Promise<Work> {
  const db = await storage();
  // A store that is full has what it had before.
  await attempt(() => takeLastWords(db));
  const begun = await readSession(db, tab.from);
  const { painting } = begun?.session ?? {};
  const isPaintedElsewhere = begun !== undefined && begun.id !== tab.id && (await isOpen(begun.id));
  const interrupted = isPaintedElsewhere ? undefined : painting;
  await forgetOldSessions(db, isOpen);
  return { begun, interrupted, pictures: await readPictures(db), aside: await sessionsAside(db) };
}

function greet(): void {
  const [first] = examples;
  if (first) useDocument.getState().restore(first.title, createHistory(first.graph));
}

function offerPainting(recipe: DocumentRecipe): void {
  toast.info('A picture was being painted when the page closed.', {
    action: { label: 'Paint it again', onClick: () => void paintRecipe(recipe) },
    duration: Number.POSITIVE_INFINITY,
  });
}

/** The store has answered after all. */
function offerLate({ begun, pictures }: Work): void {
  usePictures.getState().follow(pictures, new Set());
  if (!begun) return;
  const { name, history } = begun.session;
  toast.info('Your stored graph can be read now.', {
    action: { label: 'Bring it back', onClick: () => useDocument.getState().replace(name, history.present) },
    duration: Number.POSITIVE_INFINITY,
  });
}

function offerAside(keys: readonly string[]): void {
  const kind = keys.some((key) => key.includes(' graph:')) ? 'graph' : 'session';
  const what = keys.length === 1 ? `A stored ${kind}` : `${keys.length} stored ${kind}s`;
  toast.warning(`${what} could not be read.`, {
    description: 'It is kept aside as it is, and offered at every start until you delete it.',
    action: { label: 'Download', onClick: () => void downloadAside(keys) },
    cancel: { label: 'Delete', onClick: () => void deleteAside(keys) },
    duration: Number.POSITIVE_INFINITY,
  });
}

async function downloadAside(keys: readonly string[]): Promise<void> {
  const db = await storage();
  const sessions = await Promise.all(keys.map((key) => db.get('session', key)));
  download('sgraffito-kept-aside.json', JSON.stringify(sessions, null, 1), 'application/json');
}

async function deleteAside(keys: readonly string[]): Promise<void> {
  const db = await storage();
  await Promise.all(keys.map((key) => db.delete('session', key)));
}
