/** Which model this person chose last. Addresses and names are written down; a folder's handle can only be kept by the browser. */
import * as v from 'valibot';
import { storage } from '#editor/storage/database.ts';
import { type ModelPlace, writtenPlaceSchema } from '#engine/contract/model-place.ts';

const KEY = 'sgraffito/model';

/** What was stored may come from another version or a curious hand: anything off is no choice. */
const choiceSchema = v.union([writtenPlaceSchema, v.object({ type: v.literal('folder') })]);

/** @returns undefined for the built-in model */
export async function rememberedModel(): Promise<ModelPlace | undefined> {
  try {
    const choice = v.parse(choiceSchema, JSON.parse(localStorage.getItem(KEY) ?? ''));
    if (choice.type !== 'folder') return choice;
    const folder: unknown = await (await storage()).get('session', 'model-folder');
    return folder instanceof FileSystemDirectoryHandle ? { type: 'folder', folder } : undefined;
  } catch {
    return undefined;
  }
}

/** @param place undefined for the built-in model; picked files cannot be remembered */
export async function rememberModel(place: ModelPlace | undefined): Promise<void> {
  try {
    if (place?.type === 'folder') await (await storage()).put('session', place.folder, 'model-folder');
    if (place === undefined || place.type === 'files') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(place.type === 'folder' ? { type: 'folder' } : place));
  } catch {
    // Storage is forbidden or full: the choice lasts as long as the page.
  }
}
