/** A model package at an address, and the browser's cache for its files. */

import { EngineError } from '#engine/contract/engine-error.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { checkAnswer, download, totalOf } from './download.ts';
import { type FileStore, memoryStore, storeFolder } from './file-store.ts';
import type { FileFacts, ModelSource, PackageCache, ReadOptions } from './package-loader.ts';

const CACHE_NAME = 'sgraffito-models-1';

export interface UrlSourceOptions {
  /** Keeps what is fetched: without one, large files stay in memory. */
  readonly store?: FileStore | undefined;
  /** What a hub says of its files; without it the server is asked for each. */
  readonly list?: (() => Promise<ReadonlyMap<string, Omit<FileFacts, 'kept'>> | undefined>) | undefined;
}

/**
 * With a store the package can be read again without a network, once it is whole.
 * @param base address of the package's folder, absolute
 */
export function urlSource(base: string, { store, list }: UrlSourceOptions = {}): ModelSource {
  const folder = base.endsWith('/') ? base : `${base}/`;
  const place = store ?? memoryStore();
  const keyOf = (path: string) => `${storeFolder(folder)}/${path}`;
  const urlOf = (path: string) => new URL(path.split('/').map(encodeURIComponent).join('/'), folder).href;
  let listing: ReturnType<NonNullable<typeof list>> | undefined;

  const factsOf = async (path: string, kept: number): Promise<FileFacts | undefined> => {
    listing ??= list?.();
    const listed = await listing;
    if (!listed) return askServer(urlOf(path), kept);
    const facts = listed.get(path);
    return facts && { ...facts, kept };
  };
  const stat: ModelSource['stat'] = async (path) => {
    const { bytes, state } = await place.look(keyOf(path));
    try {
      return await factsOf(path, bytes);
    } catch (error) {
      if (!state?.complete || !isUnreachable(error)) throw error;
      return { bytes, kept: bytes, ...(state.sha256 && { sha256: state.sha256 }) };
    }
  };
  return {
    stat,
    async read(path, options) {
      const url = urlOf(path);
      try {
        // An old manifest beside new files, or the reverse, would look like damage: ask the server whether it is still the one.
        const response = await reach(url, { cache: 'no-cache' });
        checkAnswer(url, response);
        const bytes = await readBody(path, response, options);
        if (store && options.keep) await keep(store, keyOf(path), bytes);
        return bytes;
      } catch (error) {
        const kept = isUnreachable(error) ? await place.look(keyOf(path)) : undefined;
        if (!kept?.state?.complete || kept.bytes > options.maxBytes) throw error;
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
      return download(urlOf(path), { ...options, store: place, key: keyOf(path), name: path, bytes, sha256 });
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

async function reach(url: string, options: RequestInit): Promise<Response> {
  return fetch(url, options).catch((error: unknown) => {
    throw new UnreachableError(url, error);
  });
}

/** A small file for days without a network; a store that fails is passed over. */
async function keep(store: FileStore, key: string, bytes: Uint8Array): Promise<void> {
  try {
    const writer = await store.write(key);
    await writer.clear();
    await writer.append(bytes);
    await writer.save({ complete: true, bytes: bytes.length });
    await writer.close();
  } catch {
    // Quota, or another tab: the network has it.
  }
}

/** A server that knows no HEAD is asked for the file and interrupted. */
async function askServer(url: string, kept: number): Promise<FileFacts | undefined> {
  const ask = (method: string) => reach(url, { method, cache: 'no-store' });
  let response = await ask('HEAD');
  if (response.status === 405 || response.status === 501) {
    response = await ask('GET');
    void response.body?.cancel();
  }
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (response.status === 404 || response.status === 410 || (response.ok && isPage)) return undefined;
  checkAnswer(url, response);
  return { bytes: totalOf(response), kept };
}

async function readBody(path: string, response: Response, { maxBytes, onProgress }: ReadOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError('model-damaged', `${path} broke off after ${loaded} bytes: ${reason}.`);
    });
    if (done) break;
    loaded += value.length;
    if (loaded > maxBytes) {
      void reader.cancel();
      throw new EngineError('model-damaged', `${path} is damaged: it has more than the expected ${maxBytes} bytes.`);
    }
    chunks.push(value);
    onProgress?.(loaded);
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
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
