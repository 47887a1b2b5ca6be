/** Downloads in the browser's own file system (OPFS). Its append-only handles exist in workers alone, which is where the engine lives. */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { StoredModel } from '#engine/contract/protocol.ts';
import {
  blobFile,
  type FileStore,
  type ModelShelf,
  parseState,
  parseUse,
  type StoreWriter,
  USE_NOTE,
  type UseNote,
} from './file-store.ts';

const ROOT = 'sgraffito-models';
/** Written bytes are made safe this often. */
const FLUSH_EVERY = 16_000_000;

/** The page's type library does not know what only workers have. */
interface SyncAccessHandle {
  getSize(): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type WritableFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncAccessHandle> };

/** @returns undefined where the browser has no such file system, or forbids it (some private windows) */
export async function opfsStore(): Promise<FileStore | undefined> {
  const root = await openRoot();
  return root && storeIn(root);
}

/** The models in it; none where there is no such file system. */
export const opfsShelf: ModelShelf = {
  async list() {
    const models: StoredModel[] = [];
    const root = await openRoot();
    for await (const folder of root?.values() ?? []) {
      if (folder.kind !== 'directory') continue;
      const use = await readUse(folder);
      const title = use?.title ?? folder.name.replace(/-[0-9a-f]{12}$/, '');
      models.push({ folder: folder.name, title, bytes: await bytesIn(folder), usedAt: use?.usedAt });
    }
    return models.sort((a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0));
  },
  async remove(folder) {
    try {
      await (await openRoot())?.removeEntry(folder, { recursive: true });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return;
      const reason = error instanceof Error ? error.message : String(error);
      const isInUse = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      const why = isInUse ? ' while it is being downloaded' : '';
      throw new EngineError('internal', `The model cannot be deleted${why} (${reason}).`);
    }
  },
};

async function openRoot(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
    const probe = (await root.getFileHandle('probe', { create: true })) as WritableFileHandle;
    return 'createSyncAccessHandle' in probe ? root : undefined;
  } catch {
    return undefined;
  }
}

/** Of the browser's storage; undefined when nobody knows, as on a page not served over HTTPS. */
export async function freeBytes(): Promise<number | undefined> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
  return quota === undefined ? undefined : quota - usage;
}

async function bytesIn(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const entry of folder.values()) {
    bytes += entry.kind === 'directory' ? await bytesIn(entry) : (await entry.getFile()).size;
  }
  return bytes;
}

async function readUse(folder: FileSystemDirectoryHandle): Promise<UseNote | undefined> {
  const note = await folder.getFileHandle(USE_NOTE).catch(() => undefined);
  return note && parseUse(await (await note.getFile()).text());
}

function storeIn(root: FileSystemDirectoryHandle): FileStore {
  const handleOf = async (key: string, create: boolean): Promise<WritableFileHandle> => {
    const names = key.split('/');
    let place = root;
    for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create });
    return (await place.getFileHandle(names.at(-1)!, { create })) as WritableFileHandle;
  };
  const fileOf = async (key: string): Promise<File | undefined> => {
    try {
      return await (await handleOf(key, false)).getFile();
    } catch {
      return undefined;
    }
  };
  return {
    async look(key) {
      const file = await fileOf(key);
      const state = await fileOf(stateKey(key));
      return { bytes: file?.size ?? 0, state: state && parseState(await state.text()) };
    },
    async write(key) {
      return writerOf(await lock(key, await handleOf(key, true)), await handleOf(stateKey(key), true));
    },
    async open(key) {
      const file = await (await handleOf(key, false)).getFile();
      return blobFile(file);
    },
    freeBytes,
  };
}

async function lock(key: string, handle: WritableFileHandle): Promise<SyncAccessHandle> {
  try {
    return await handle.createSyncAccessHandle();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${key.split('/').slice(1).join('/')} cannot be stored; another tab may be downloading it (${reason}).`;
    throw new EngineError('internal', message);
  }
}

function writerOf(handle: SyncAccessHandle, stateFile: WritableFileHandle): StoreWriter {
  let size = handle.getSize();
  let unsafe = 0;
  return {
    async append(bytes) {
      const written = handle.write(bytes, { at: size });
      size += written;
      unsafe += written;
      if (written < bytes.length) throw new EngineError('out-of-memory', 'The browser has no room left for the model.');
      if (unsafe < FLUSH_EVERY) return;
      handle.flush();
      unsafe = 0;
    },
    async clear() {
      handle.truncate(0);
      size = 0;
    },
    async save(state) {
      handle.flush();
      unsafe = 0;
      const target = await stateFile.createSyncAccessHandle();
      target.truncate(0);
      target.write(new TextEncoder().encode(JSON.stringify(state)), { at: 0 });
      target.flush();
      target.close();
    },
    async close() {
      handle.close();
    },
  };
}

const stateKey = (key: string): string => `${key}.state`;
