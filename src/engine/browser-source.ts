/** The places a browser can reach, each as a source. */
import type { FileStore } from './file-store.ts';
import { opfsStore } from './file-store-opfs.ts';
import { listHubFiles } from './hub.ts';
import { addressOf, listAddressOf, type ModelPlace } from './model-place.ts';
import type { ModelSource } from './package-loader.ts';
import { filesSource, handleSource } from './package-picked.ts';
import { urlSource } from './package-url.ts';

let kept: Promise<FileStore | undefined> | undefined;

export async function browserSource(place: ModelPlace): Promise<ModelSource> {
  switch (place.type) {
    case 'folder':
      return handleSource(place.folder);
    case 'files':
      return filesSource(place.name, place.files);
    case 'url':
    case 'hub':
      kept ??= opfsStore();
      return farSource(place, await kept);
    default:
      return place satisfies never;
  }
}

/** A package at an address or on a hub. */
export function farSource(
  place: Extract<ModelPlace, { type: 'url' | 'hub' }>,
  store: FileStore | undefined,
): ModelSource {
  const list = place.type === 'hub' ? () => listHubFiles(listAddressOf(place), place.name) : undefined;
  return urlSource(addressOf(place), { store, list });
}
