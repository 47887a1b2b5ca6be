/** The picture of the graph that greets a newcomer: it comes with the app, so that one is there before the model is. */
import { currentDocument, useDocument } from '#editor/document/document-store.ts';
import { examples } from '#editor/examples/examples.ts';
import { startFiles } from '#editor/examples/start-files.ts';
import { isPaintedBy, parseStartPicture, resultOf, type StartPicture } from '#editor/examples/start-picture.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { currentManifest, useEngine } from '#editor/painting/engine-store.ts';
import { builtIn, expectsBuiltIn } from '#editor/painting/models/built-in.ts';
import { useSettings } from '#editor/painting/settings-store.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import type { Picture } from '#engine/contract/protocol.ts';

/** Puts it on the stage and into the history, unless another model is to paint, or the hand was faster. Without a network the stage stays empty. */
export async function showStartPicture(): Promise<void> {
  const [first] = examples;
  if (!first || !builtIn || !expectsBuiltIn()) return;
  // The model may come sooner than the picture, and brings settings of its own.
  const { defaultsOf, settings: before } = useSettings.getState();
  try {
    const [data, bytes] = await Promise.all([fetched(startFiles.data), fetched(startFiles.picture)]);
    const start = parseStartPicture(await data.json());
    const picture = await pixelsOf(await bytes.blob());
    if (isPaintedBy(start, builtIn)) show(start, picture);
  } catch {
    // It is a greeting; what keeps it from coming is said by what needs the same network.
  }

  function show(start: StartPicture, picture: Picture): void {
    const { past, present } = useDocument.getState().history;
    const { records, add, remove } = usePictures.getState();
    const facts = currentManifest();
    if (past.length > 0 || records.length > 0 || !first || present !== first.graph) return;
    if (facts && !isPaintedBy(start, facts)) return;
    const recipe = { model: start.model, graph: first.graph, settings: start.settings, document: currentDocument() };
    const id = freshId();
    const { settings, recall } = useSettings.getState();
    if (defaultsOf === null && settings.seed === before.seed) recall(recipe);
    add({ ...recipe, id, createdAt: Date.now(), starred: false, parent: null, result: resultOf(start, picture) });
    // The package at the host may be another one than the page was built with.
    const stop = useEngine.subscribe(({ status }) => {
      if (status.type === 'loading') return;
      stop();
      if (status.type !== 'ready' || status.manifest.name !== start.model || isPaintedBy(start, status.manifest))
        return;
      remove(new Set([id]));
    });
  }
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} is not there.`);
  return response;
}

/** Exact: the file has no transparency and no colours of its own. */
async function pixelsOf(png: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(png, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('There is no room for a canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, pixels: context.getImageData(0, 0, width, height).data };
}
