/** Downloads in the browser's own file system (OPFS). Its append-only handles exist in workers alone, which is where the engine lives. */
import { EngineError } from '#engine/contract/engine-error.ts';
import { blobFile, type FileStore, parseState, type StoreWriter } from './file-store.ts';

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
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
    const probe = (await root.getFileHandle('probe', { create: true })) as WritableFileHandle;
    return 'createSyncAccessHandle' in probe ? storeIn(root) : undefined;
  } catch {
    return undefined;
  }
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
    async freeBytes() {
      const { quota, usage = 0 } = await navigator.storage.estimate();
      return quota === undefined ? undefined : quota - usage;
    },
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
