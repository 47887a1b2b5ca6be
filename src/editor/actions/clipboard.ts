/** Copy, cut and paste: through the system's clipboard where the browser allows it, and always through our own. */
import { toast } from 'sonner';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { pasteFragment } from '#editor/document/gestures.ts';
import { openFiles } from '#editor/files/open.ts';
import { copy, remove } from '#graph/edits.ts';
import { formatSceneGraph, parseSceneGraph } from '#graph/files/parse.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

/** Remembers the selected objects with their inner relations. @returns the text for the system's clipboard, if any */
export function copySelection(): string | null {
  const { selection, copy: keep } = useDocument.getState();
  if (selection.objects.length === 0) return null;
  const fragment = copy(currentGraph(), selection.objects);
  keep(fragment);
  return formatSceneGraph(fragment);
}

export function cutSelection(): string | null {
  const text = copySelection();
  if (text !== null) {
    const { selection, apply } = useDocument.getState();
    apply('Cut', (graph) => remove(graph, selection));
  }
  return text;
}

/** Pastes a fragment of ours from the given text, else the one copied last. @returns whether anything was pasted */
function pasteText(text: string): boolean {
  const fragment = asFragment(text) ?? (text === '' ? useDocument.getState().clipboard : null);
  if (!fragment) return false;
  pasteFragment(fragment);
  return true;
}

/** Whatever the clipboard holds: a fragment of ours joins the graph, files and other graphs are opened. @returns whether it was for us */
export function pasteData(files: readonly File[], text: string): boolean {
  if (files.length > 0) void openFiles(files);
  else if (/^\s*[[{]/.test(text) && !asFragment(text)) void openFiles([new File([text], 'pasted.json')]);
  else if (!pasteText(text)) {
    if (text.trim() !== '') toast.info('The clipboard holds no graph.');
    return false;
  }
  return true;
}

/** From a menu there is no clipboard event, and reading the system's clipboard may be refused. */
export async function pasteFromMenu(): Promise<void> {
  const items = await navigator.clipboard.read().catch(() => []);
  const blobs = await Promise.all(
    items.filter(({ types }) => types.includes('image/png')).map((item) => item.getType('image/png')),
  ).catch(() => []);
  const text = await navigator.clipboard.readText().catch(() => '');
  pasteData(text.trim() === '' ? blobs.map((blob) => new File([blob], 'pasted.png')) : [], text);
}

export async function writeText(text: string | null): Promise<void> {
  if (text !== null) await navigator.clipboard.writeText(text).catch(() => undefined);
}

function asFragment(text: string): SceneGraph | null {
  if (!text.includes('sgraffito/scene-graph')) return null;
  try {
    return parseSceneGraph(JSON.parse(text));
  } catch {
    return null;
  }
}
