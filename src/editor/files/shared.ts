/** Links on their way out and in. */

import { toast } from 'sonner';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { sayError } from '#editor/interface/messages.ts';
import { currentManifest } from '#editor/painting/engine-store.ts';
import { useSettings } from '#editor/painting/settings-store.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import { SHARE_PREFIX } from './share-prefix.ts';

export async function copyShareLink(): Promise<void> {
  const { shareLink } = await loadPart(() => import('./share-link.ts'));
  const model = currentManifest()?.name ?? 'picturebook';
  let link: string;
  try {
    link = shareLink({ model, graph: currentGraph(), settings: useSettings.getState().settings }, location.href);
  } catch (error) {
    sayError('No link was made', reasonOf(error));
    return;
  }
  try {
    await navigator.clipboard.writeText(link);
    toast.success('Link copied.', { description: 'It carries the graph, the seed and the settings.' });
  } catch {
    // The address bar is the next best place to copy it from.
    history.replaceState(null, '', link);
    toast.info('The browser did not allow copying: the link is in the address bar.');
  }
}

/** Opens what the address carries, if anything; the graph that was there is one step of undo away. */
async function openSharedLink(): Promise<void> {
  const { hash } = location;
  if (!hash.startsWith(SHARE_PREFIX)) return;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const { readShareLink } = await loadPart(() => import('./share-link.ts'));
    const { graph, settings } = readShareLink(hash);
    useDocument.getState().replace('Shared graph', graph);
    // A link of before relations had a factor of their own must not take over the present one.
    useSettings.getState().change({ relationFactor: undefined, ...settings });
    fitCanvasSoon();
    toast.success('Graph, seed and settings opened from the link.', { description: 'Undo brings back what was here.' });
  } catch (error) {
    sayError('The link could not be opened', reasonOf(error));
  }
}

/** Also a link that is pasted into the address bar of an open page. @returns the undo of its subscription */
export function followSharedLinks(): () => void {
  const open = () => void openSharedLink();
  open();
  addEventListener('hashchange', open);
  return () => removeEventListener('hashchange', open);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
