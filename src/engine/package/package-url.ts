/** A model package at an address, and the browser's cache for its files. */

import { EngineError } from '#engine/contract/engine-error.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { ask, type FetchPatience, StallError } from './answer.ts';
import { checkAnswer, download, totalOf } from './download.ts';
import { type FileStore, isWhole, memoryStore, storeFolder, USE_NOTE, type UseNote, writing } from './file-store.ts';
import type { FileFacts, ModelSource, PackageCache } from './package-loader.ts';
import { readBody } from './read-body.ts';

const CACHE_NAME = 'sgraffito-models-1';

export interface UrlSourceOptions extends FetchPatience {
  /** In the user's words, noted in the store; the address when absent. */
  readonly title?: string | undefined;
  /** Keeps what is fetched: without one, large files stay in memory. */
  readonly store?: FileStore | undefined;
  /** What a hub says of its files; without it the server is asked for each. */
  readonly list?: (() => Promise<ReadonlyMap<string, Omit<FileFacts, 'kept'>> | undefined>) | undefined;
}

/**
 * With a store the package can be read again without a network, once it is whole. A server that was silent once is not asked again.
 * @param base address of the package's folder, absolute
 */
export function urlSource(
  base: string,
  { store, list, title = base, ...patience }: UrlSourceOptions = {},
): ModelSource {
  const folder = base.endsWith('/') ? base : `${base}/`;
  const place = store ?? memoryStore();
  const keyOf = (path: string) => `${storeFolder(folder)}/${path}`;
  const urlOf = (path: string) => new URL(path.split('/').map(encodeURIComponent).join('/'), folder).href;
  let listing: ReturnType<NonNullable<typeof list>> | undefined;
  let noted: Promise<void> | undefined;
  let silence: UnreachableError | undefined;

  /** @throws UnreachableError where the network or a silent server is in the way, or the signal's reason */
  const reach = async <Result>(url: string, work: () => Promise<Result>): Promise<Result> => {
    if (silence) throw silence;
    try {
      return await work();
    } catch (error) {
      patience.signal?.throwIfAborted();
      if (error instanceof EngineError) throw error;
      const reason = new UnreachableError(url, error);
      if (error instanceof StallError) silence = reason;
      throw reason;
    }
  };
  const factsOf = async (path: string, kept: number): Promise<FileFacts | undefined> => {
    const listed = await reach(folder, async () => {
      listing ??= list?.();
      return listing;
    });
    if (!listed) return reach(urlOf(path), () => askServer(urlOf(path), kept, patience));
    const facts = listed.get(path);
    return facts && { ...facts, kept };
  };
  const stat: ModelSource['stat'] = async (path) => {
    const kept = await place.look(keyOf(path));
    const { bytes, state } = kept;
    try {
      return await factsOf(path, bytes);
    } catch (error) {
      if (!isWhole(kept) || !isUnreachable(error)) throw error;
      return { bytes, kept: bytes, ...(state?.sha256 && { sha256: state.sha256 }) };
    }
  };
  return {
    stat,
    async read(path, options) {
      const url = urlOf(path);
      try {
        // An old manifest beside new files, or the reverse, would look like damage: ask the server whether it is still the one.
        const bytes = await reach(url, async () => {
          const answer = await ask(url, { cache: 'no-cache' }, patience);
          try {
            checkAnswer(url, answer.response);
            return await readBody(path, answer, { ...options, signal: patience.signal });
          } finally {
            answer.drop();
          }
        });
        if (store && options.keep) await keep(store, keyOf(path), bytes);
        return bytes;
      } catch (error) {
        const kept = isUnreachable(error) ? await place.look(keyOf(path)) : undefined;
        if (!kept || !isWhole(kept) || kept.bytes > options.maxBytes) throw error;
        return (await place.open(keyOf(path))).read();
      }
    },
    async open(path, options) {
      const facts = await stat(path);
      const bytes = facts?.bytes;
      if (bytes !== undefined && bytes > options.maxBytes) {
        throw new EngineError(
          'model-damaged',
          `${path} has ${sizeText(bytes)}; at most ${sizeText(options.maxBytes)} are allowed.`,
        );
      }
      const sha256 = options.sha256 ?? facts?.sha256;
      if (store) noted ??= noteUse(store, keyOf(USE_NOTE), { title, usedAt: Date.now() });
      await noted;
      const file = { store: place, key: keyOf(path), name: path, bytes, sha256 };
      return download(urlOf(path), { ...patience, ...options, ...file });
    },
  };
}

/** The network, not the server, said no. */
class UnreachableError extends EngineError {
  constructor(url: string, error: unknown) {
    super('model-not-found', `${url} cannot be fetched: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
const isUnreachable = (error: unknown): boolean => error instanceof UnreachableError;

/** A small file for days without a network; a store that fails is passed over. */
async function keep(store: FileStore, key: string, bytes: Uint8Array): Promise<void> {
  try {
    await writing(store, key, async (writer) => {
      await writer.clear();
      await writer.append(bytes);
      await writer.save({ complete: true, bytes: bytes.length });
    });
  } catch {
    // Quota, or another tab: the network has it.
  }
}

const noteUse = (store: FileStore, key: string, use: UseNote): Promise<void> =>
  keep(store, key, new TextEncoder().encode(JSON.stringify(use)));

/** A server that knows no HEAD is asked for the file and interrupted. */
async function askServer(url: string, kept: number, patience: FetchPatience): Promise<FileFacts | undefined> {
  const answerTo = async (method: string): Promise<Response> => {
    const answer = await ask(url, { method, cache: 'no-store' }, patience);
    answer.drop();
    return answer.response;
  };
  let response = await answerTo('HEAD');
  if (response.status === 405 || response.status === 501) response = await answerTo('GET');
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (response.status === 404 || response.status === 410 || (response.ok && isPage)) return undefined;
  checkAnswer(url, response);
  return { bytes: totalOf(response), kept };
}

/** @returns undefined where there is no Cache API (pages not served over HTTPS) */
export function browserCache(): PackageCache | undefined {
  if (globalThis.caches === undefined) return undefined;
  const folderOf = (model: string) => new URL(`/sgraffito-cache/${model}/`, location.origin).href;
  return {
    async get(model, sha256) {
      const cache = await caches.open(CACHE_NAME);
      const response = await cache.match(folderOf(model) + sha256);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async put(model, sha256, bytes) {
      const cache = await caches.open(CACHE_NAME);
      await cache.put(folderOf(model) + sha256, new Response(bytes as Uint8Array<ArrayBuffer>));
    },
    async keepOnly(model, sha256s) {
      const cache = await caches.open(CACHE_NAME);
      const folder = folderOf(model);
      const stale = (await cache.keys()).filter(
        ({ url }) => url.startsWith(folder) && !sha256s.includes(url.slice(folder.length)),
      );
      await Promise.all(stale.map((request) => cache.delete(request)));
    },
  };
}
