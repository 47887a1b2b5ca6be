/** The places a browser can reach, each as a source. */

import { addressOf, describePlace, listAddressOf, type ModelPlace } from '#engine/contract/model-place.ts';
import type { FetchPatience } from '#engine/package/answer.ts';
import type { FileStore } from '#engine/package/file-store.ts';
import { opfsStore } from '#engine/package/file-store-opfs.ts';
import { listHubFiles } from '#engine/package/hub.ts';
import type { ModelSource } from '#engine/package/package-loader.ts';
import { filesSource, handleSource } from '#engine/package/package-picked.ts';
import { urlSource } from '#engine/package/package-url.ts';

let kept: Promise<FileStore | undefined> | undefined;

export async function browserSource(place: ModelPlace, patience: FetchPatience): Promise<ModelSource> {
  switch (place.type) {
    case 'folder':
      return handleSource(place.folder);
    case 'files':
      return filesSource(place.name, place.files);
    case 'url':
    case 'hub':
      kept ??= opfsStore();
      return farSource(place, await kept, patience);
    default:
      return place satisfies never;
  }
}

/** A package at an address or on a hub. */
export function farSource(
  place: Extract<ModelPlace, { type: 'url' | 'hub' }>,
  store: FileStore | undefined,
  patience: FetchPatience = {},
): ModelSource {
  const list = place.type === 'hub' ? () => listHubFiles(listAddressOf(place), place.name, patience) : undefined;
  return urlSource(addressOf(place), { store, list, title: describePlace(place), ...patience });
}
