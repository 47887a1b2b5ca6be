/** On the picture the picture follows the graph: what changes the graph is painted with the same seed, and what was painted before is shown again. */
import { currentDocument, currentGraph, useDocument } from '#editor/document/document-store.ts';
import { documentOf } from '#editor/history/picture-record.ts';
import { findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { cancelGeneration, generate } from '#editor/painting/engine.ts';
import { currentManifest } from '#editor/painting/engine-store.ts';
import { isEarlier } from '#editor/painting/findings.ts';
import { makesAgain } from '#editor/painting/inpainting.ts';
import { meaningOf } from '#editor/painting/meaning.ts';
import { useSettings } from '#editor/painting/settings-store.ts';

/** With Live on, that paints. Another document is shown as it comes. @returns the undo of its subscription */
export function keepOnPicture(): () => void {
  return useDocument.subscribe(({ history: { present, document } }, { history: before }) => {
    const isHere = useInterface.getState().onPicture && !usePreferences.getState().live;
    if (!isHere || present === before.present || document !== before.document) return;
    if (present.objects.length === 0 || meaningOf(present) === meaningOf(before.present)) return;
    // Who restores a picture shows it when the graph is there.
    queueMicrotask(() => void showOrPaint());
  });
}

async function showOrPaint(): Promise<void> {
  const { records, currentId, show } = usePictures.getState();
  const [graph, document] = [currentGraph(), currentDocument()];
  const current = findPicture(currentId);
  const wish = { model: currentManifest()?.name ?? '', graph, settings: useSettings.getState().settings };
  const isShown = current !== null && !isEarlier(current, document, graph);
  const known = isShown
    ? current
    : records.find((record) => documentOf(record) === document && makesAgain(record, wish));
  if (!known) return generate({ keepSeed: true });
  cancelGeneration();
  show(known.id);
}
