/** The whole history as one ZIP: every picture as PNG with its recipe inside, and an index. */

import type { PictureRecord } from '#editor/history/picture-record.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { sayError } from '#editor/interface/messages.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { download, fileName } from './save.ts';

const HISTORY_FORMAT = 'sgraffito/history';
const HISTORY_VERSION = 1;

export async function saveHistory(records: readonly PictureRecord[]): Promise<void> {
  try {
    download(`sgraffito-history-${records.length}.zip`, await packHistory(records), 'application/zip');
  } catch (error) {
    sayError(`The history could not be packed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param records newest first; in the archive they are numbered from the oldest on. */
export async function packHistory(records: readonly PictureRecord[]): Promise<Uint8Array<ArrayBuffer>> {
  const [{ encodePng }, { zip, strToU8 }] = await loadPart(() => Promise.all([import('./png.ts'), import('fflate')]));
  const ordered = records.toReversed();
  const digits = String(ordered.length).length;
  const fileOf = new Map(
    ordered.map((record, i) => {
      const title = record.name === undefined ? '' : `-${fileName(record.name)}`;
      return [record.id, `${String(i + 1).padStart(digits, '0')}-seed-${record.settings.seed}${title}.png`] as const;
    }),
  );
  const files: Record<string, Uint8Array> = {};
  for (const record of ordered) {
    files[fileOf.get(record.id)!] = encodePng(record.result.picture, record);
    // Two hundred pictures at once would hold up the page.
    await nextTask();
  }
  const pictures = ordered.map((record) => ({
    file: fileOf.get(record.id),
    name: record.name ?? null,
    graph: inWords(record.graph),
    settings: record.settings,
    model: record.model,
    createdAt: new Date(record.createdAt).toISOString(),
    starred: record.starred,
    /** The picture on screen when this one was made; null where it is not in the archive. */
    parent: fileOf.get(record.parent ?? '') ?? null,
  }));
  const index = { format: HISTORY_FORMAT, version: HISTORY_VERSION, pictures };
  files['index.json'] = strToU8(`${JSON.stringify(index, null, 2)}\n`);
  return new Promise((resolve, reject) => {
    // PNGs are compressed already.
    zip(files, { level: 0 }, (error, bytes) => (error ? reject(error) : resolve(new Uint8Array(bytes))));
  });
}

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
