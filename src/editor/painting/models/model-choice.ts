/** Which models this person chose last: the one that paints graphs, and the one that paints over pictures. Addresses and names are written down; a folder's handle can only be kept by the browser. */
import * as v from 'valibot';
import { storage } from '#editor/storage/database.ts';
import { type ModelPlace, writtenPlaceSchema } from '#engine/contract/model-place.ts';

const MODEL = { key: 'sgraffito/model', folder: 'model-folder' } as const;
const OVER = { key: 'sgraffito/over', folder: 'over-folder' } as const;

/** What was stored may come from another version or a curious hand: anything off is no choice. */
const choiceSchema = v.union([writtenPlaceSchema, v.object({ type: v.literal('folder') })]);

/** @returns undefined for the built-in model */
export const rememberedModel = (): Promise<ModelPlace | undefined> => remembered(MODEL);

/** Whether a model of the user's own choice is to paint, as far as that can be said without opening the store. */
export function isModelChosen(): boolean {
  try {
    return queryOf('model') === '' && localStorage.getItem(MODEL.key) !== null;
  } catch {
    return false;
  }
}

export const DEFAULT_MODEL = 'picturebook';

/** What the page's address says of a thing; empty when nothing. */
export const queryOf = (name: string): string => new URLSearchParams(location.search).get(name) ?? '';

/** The model beside the app that the address names (`?model=NAME`), else the built-in one. */
export function queriedModel(): string {
  const named = queryOf('model');
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(named) ? named : DEFAULT_MODEL;
}

/** @param place undefined for the built-in model; picked files cannot be remembered */
export const rememberModel = (place: ModelPlace | undefined): Promise<void> => remember(MODEL, place);

/** @returns undefined where nothing was painted over yet */
export const rememberedOver = (): Promise<ModelPlace | undefined> => remembered(OVER);

export const rememberOver = (place: ModelPlace): Promise<void> => remember(OVER, place);

async function remembered({ key, folder }: typeof MODEL | typeof OVER): Promise<ModelPlace | undefined> {
  try {
    const choice = v.parse(choiceSchema, JSON.parse(localStorage.getItem(key) ?? ''));
    if (choice.type !== 'folder') return choice;
    const handle: unknown = await (await storage()).get('session', folder);
    return handle instanceof FileSystemDirectoryHandle ? { type: 'folder', folder: handle } : undefined;
  } catch {
    return undefined;
  }
}

async function remember({ key, folder }: typeof MODEL | typeof OVER, place: ModelPlace | undefined): Promise<void> {
  try {
    if (place?.type === 'folder') await (await storage()).put('session', place.folder, folder);
    if (place === undefined || place.type === 'files') localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(place.type === 'folder' ? { type: 'folder' } : place));
  } catch {
    // Storage is forbidden or full: the choice lasts as long as the page.
  }
}
