/** Files on their way out. */

import { toast } from 'sonner';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { scaledPicture } from '#editor/history/pixels.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { sayError } from '#editor/interface/messages.ts';
import { exportDot } from '#graph/files/dot.ts';
import { formatSceneGraph } from '#graph/files/parse.ts';
import { exportSg2im } from '#graph/files/sg2im.ts';

export function saveGraph(): void {
  download(`${fileName(useDocument.getState().name)}.json`, formatSceneGraph(currentGraph()), 'application/json');
}

export function saveSg2im(): void {
  const text = `${JSON.stringify(exportSg2im(currentGraph()), null, 2)}\n`;
  download(`${fileName(useDocument.getState().name)}.sg2im.json`, text, 'application/json');
}

export function saveDot(): void {
  const { name } = useDocument.getState();
  download(`${fileName(name)}.dot`, exportDot(currentGraph(), name), 'text/vnd.graphviz');
}

/** @param scale 1 writes the model's exact pixels; 2 and 4 enlarge smoothly */
export async function savePicture(record: PictureRecord, scale: 1 | 2 | 4): Promise<void> {
  const name = `sgraffito-${fileName(useDocument.getState().name)}-${record.settings.seed}${scale === 1 ? '' : `@${scale}x`}.png`;
  download(name, await pictureBytes(record, scale), 'image/png');
}

export async function copyPicture(record: PictureRecord): Promise<void> {
  const blob = new Blob([await pictureBytes(record, 1)], { type: 'image/png' });
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    toast.success('Picture copied.');
  } catch {
    sayError('The browser did not allow copying the picture. Export it as a PNG instead.');
  }
}

async function pictureBytes(record: PictureRecord, scale: 1 | 2 | 4): Promise<Uint8Array<ArrayBuffer>> {
  const { encodePng } = await loadPart(() => import('./png.ts'));
  return encodePng(scaledPicture(record.result.picture, scale), record);
}

/** Letters and digits only: fit for every file system. */
export function fileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain || 'graph';
}

export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the address after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
