/** Where a model lies: what the user says, what the worker is told, and where that leads. */
import * as v from 'valibot';
import { EngineError } from './engine-error.ts';

export const DEFAULT_HUB = 'https://huggingface.co/';

/** One file of a folder that was picked with <input webkitdirectory>; `path` is relative to that folder. */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

export type ModelPlace =
  /** A package's folder at an address. */
  | { readonly type: 'url'; readonly url: string }
  /** "owner/name" or "owner/name@revision" on a hub that speaks as Hugging Face does. */
  | { readonly type: 'hub'; readonly name: string; readonly hub: string }
  /** A folder that the user opened in the browser (File System Access). */
  | { readonly type: 'folder'; readonly folder: FileSystemDirectoryHandle }
  /** The files of a folder that was picked with <input webkitdirectory>. */
  | { readonly type: 'files'; readonly name: string; readonly files: readonly PickedFile[] };

const NAME = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}(@[A-Za-z0-9][\w./-]{0,95})?$/;

/** An address is a folder's, not a page's or a script's: http and https alone, without passwords. */
const httpAddress = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(2000),
  v.url('This is no address. It should look like https://example.org/models/sd-turbo/.'),
  v.check((text) => /^https?:\/\//i.test(text), 'Only addresses that begin with http:// or https:// can be fetched.'),
  v.check((text) => {
    if (!URL.canParse(text)) return true; // said above
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'An address must not hold a name and password.'),
);

const hubName = v.pipe(
  v.string(),
  v.trim(),
  v.regex(NAME, 'A hub’s models are named OWNER/NAME, or OWNER/NAME@REVISION.'),
);

/** Of what was remembered or typed; folders cannot be written down. */
export const writtenPlaceSchema = v.variant('type', [
  v.object({ type: v.literal('url'), url: httpAddress }),
  v.object({ type: v.literal('hub'), name: hubName, hub: httpAddress }),
]);

/** @throws EngineError settings-invalid with a sentence for the user */
export function checkPlace(place: ModelPlace): ModelPlace {
  if (place.type === 'folder' || place.type === 'files') return place;
  const result = v.safeParse(writtenPlaceSchema, place);
  if (result.success) return result.output;
  throw new EngineError('settings-invalid', result.issues[0].message);
}

/** Address of the package's folder, with a slash at the end. */
export function addressOf(place: Extract<ModelPlace, { type: 'url' | 'hub' }>): string {
  const withSlash = (text: string) => (text.endsWith('/') ? text : `${text}/`);
  if (place.type === 'url') return withSlash(place.url);
  const { name, revision } = partsOf(place.name);
  return `${withSlash(place.hub)}${name}/resolve/${revision}/`;
}

/** Where the hub lists the files of a model. */
export function listAddressOf({ name: text, hub }: Extract<ModelPlace, { type: 'hub' }>): string {
  const { name, revision } = partsOf(text);
  return `${hub.endsWith('/') ? hub : `${hub}/`}api/models/${name}/tree/${revision}?recursive=true`;
}

/** In the user's words. */
export function describePlace(place: ModelPlace): string {
  switch (place.type) {
    case 'url':
      return place.url;
    case 'hub':
      return place.name;
    case 'folder':
      return place.folder.name;
    case 'files':
      return place.name;
    default:
      return place satisfies never;
  }
}

function partsOf(text: string): { readonly name: string; readonly revision: string } {
  const [name = '', revision = 'main'] = text.split('@');
  return { name, revision: encodeURIComponent(revision) };
}
