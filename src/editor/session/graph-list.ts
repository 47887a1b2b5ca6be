/** What the user does with the browser's list of graphs. */
import { MAX_DOCUMENT_NAME, useDocument } from '#editor/document/document-store.ts';
import { documentOf } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { storage, withinPatience } from '#editor/storage/database.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import { tellGraphs } from './graph-news.ts';
import { keptGraphs } from './keep-graphs.ts';
import { deleteGraph, readGraph, readGraphs, type StoredGraph, writeGraph } from './stored-graphs.ts';

/** The one changed last first; the one on the canvas as it is at this moment. @throws where the browser's store is forbidden or silent */
export function listGraphs(): Promise<readonly StoredGraph[]> {
  const read = async () => {
    await keptGraphs();
    return readGraphs(await storage());
  };
  return withinPatience(read());
}

/** Puts it on the canvas, one step of undo, and its newest picture on the stage. What was there is in the list. */
export async function openStoredGraph({ entry, document, name, graph, revision }: StoredGraph): Promise<void> {
  await keptGraphs();
  const { know, replace } = useDocument.getState();
  know(document, { kept: { entry, revision } });
  replace(name, graph, document);
  fitCanvasSoon();
  const { records, show } = usePictures.getState();
  const newest = records.find((record) => documentOf(record) === document);
  if (newest) show(newest.id);
}

/** A copy that is a document of its own. */
export async function duplicateGraph(stored: StoredGraph): Promise<void> {
  const name = `${stored.name.slice(0, MAX_DOCUMENT_NAME - 5)} copy`;
  const copy = { ...stored, entry: freshId(), document: freshId(), revision: freshId(), changedAt: Date.now() };
  await writeGraph(await storage(), { ...copy, name });
  tellGraphs();
}

/** An empty name changes nothing. */
export async function nameStoredGraph({ entry }: StoredGraph, title: string): Promise<void> {
  const name = title.trim().slice(0, MAX_DOCUMENT_NAME);
  const db = await storage();
  const stored = await readGraph(db, entry);
  if (name === '' || !stored) return;
  await writeGraph(db, { ...stored, name });
  tellGraphs();
}

/** @returns the undo of it */
export async function deleteStoredGraph(stored: StoredGraph): Promise<() => Promise<void>> {
  const db = await storage();
  // As it is at last: another tab may have gone on meanwhile.
  const last = (await readGraph(db, stored.entry)) ?? stored;
  await deleteGraph(db, stored.entry);
  tellGraphs();
  return async () => {
    await writeGraph(await storage(), last);
    tellGraphs();
  };
}
