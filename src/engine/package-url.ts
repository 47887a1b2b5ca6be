/** A model package at an address, and the browser's cache for its files. */
import { EngineError } from './engine-error.ts';
import type { ModelSource, PackageCache, ReadOptions } from './package-loader.ts';

const CACHE_NAME = 'sgraffito-models-1';

/** @param base address of the package's folder, absolute */
export function urlSource(base: string): ModelSource {
  const folder = base.endsWith('/') ? base : `${base}/`;
  return {
    async read(path, options) {
      const url = new URL(path, folder).href;
      // An old manifest beside new files, or the reverse, would look like damage: ask the server whether it is still the one.
      const response = await fetch(url, { cache: 'no-cache' }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new EngineError('model-not-found', `${url} cannot be fetched: ${reason}.`);
      });
      // Development servers answer an unknown address with the page itself.
      const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
      if (!response.ok || isPage) {
        const reason = isPage ? 'the server answered with a page' : `the server answered ${response.status}`;
        throw new EngineError('model-not-found', `There is no file at ${url}: ${reason}.`);
      }
      return readBody(path, response, options);
    },
  };
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
