/** Saving over the file that a graph was opened from or saved as, where the browser lets a page write files. */
import { toast } from 'sonner';
import { currentDocument, currentGraph, useDocument } from '#editor/document/document-store.ts';
import { sayError } from '#editor/interface/messages.ts';
import { FILE_BOUNDS } from '#graph/files/checks/file-schema.ts';
import { formatSceneGraph, parseSceneGraph } from '#graph/files/parse.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { fileName, saveGraph } from './save.ts';

const JSON_FILES = [{ description: 'Scene graph', accept: { 'application/json': ['.json'] as const } }];

/** By document, as long as the page lives: at the next visit the browser would ask for permission anew. */
const files = new Map<string, FileSystemFileHandle>();

/**
 * From now on the document on the canvas is saved over a file that it was opened from. Only over one of our own format, which holds just this
 * graph: of any other something would be lost.
 */
export async function rememberFile(handle: FileSystemFileHandle): Promise<void> {
  const file = await handle.getFile();
  if (file.size > FILE_BOUNDS.bytes) return;
  if (holds(await file.text(), currentGraph())) files.set(currentDocument(), handle);
}

function holds(text: string, graph: SceneGraph): boolean {
  try {
    return formatSceneGraph(parseSceneGraph(JSON.parse(text))) === formatSceneGraph(graph);
  } catch {
    return false;
  }
}

/** Over its own file; without one the user is asked where, or it becomes a download. */
export async function saveToFile(): Promise<void> {
  const handle = files.get(currentDocument());
  await (handle ? saveTo(handle) : saveAsFile());
}

/** As another file, which is its own from then on. */
export async function saveAsFile(): Promise<void> {
  const handle = await askForFile();
  if (handle === 'cancelled') return;
  await (handle ? saveTo(handle) : saveGraph());
}

async function saveTo(handle: FileSystemFileHandle): Promise<void> {
  try {
    await write(handle);
    files.set(currentDocument(), handle);
    toast.success(`Saved to ${handle.name}.`, { id: 'saved' });
  } catch (error) {
    files.delete(currentDocument());
    const reason = error instanceof Error ? error.message : String(error);
    sayError(
      `${handle.name} could not be written`,
      `${reason} The graph was downloaded instead; save again to choose a file.`,
    );
    saveGraph();
  }
}

async function askForFile(): Promise<FileSystemFileHandle | 'cancelled' | undefined> {
  if (!window.showSaveFilePicker) return undefined;
  const suggestedName = `${fileName(useDocument.getState().name)}.json`;
  try {
    const handle = await window.showSaveFilePicker({ suggestedName, types: JSON_FILES });
    useDocument.getState().rename(handle.name.replace(/\.json$/i, ''));
    return handle;
  } catch (error) {
    // A browser that has the picker and forbids it here, as in a frame, still downloads.
    return error instanceof DOMException && error.name === 'AbortError' ? 'cancelled' : undefined;
  }
}

/** What is written takes the old content's place only when all of it is there. */
async function write(handle: FileSystemFileHandle): Promise<void> {
  const stream = await handle.createWritable();
  await stream.write(formatSceneGraph(currentGraph()));
  await stream.close();
}
