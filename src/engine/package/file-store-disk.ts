/** Downloads in a folder, for Node. */
import { mkdir, open, readFile, rename, stat, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileStore, parseState } from './file-store.ts';
import { diskFile } from './package-folder.ts';

/** Where this machine keeps what can be fetched again; SGRAFFITO_CACHE names another folder. */
function cacheFolder(): string {
  const { SGRAFFITO_CACHE, XDG_CACHE_HOME } = process.env;
  return SGRAFFITO_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sgraffito', 'models');
}

export function diskStore(folder: string = cacheFolder()): FileStore {
  const fileOf = (key: string): string => join(folder, ...key.split('/'));
  const stateFile = (key: string): string => `${fileOf(key)}.state`;
  const sizeOf = async (key: string): Promise<number> => (await stat(fileOf(key)).catch(() => undefined))?.size ?? 0;
  return {
    async look(key) {
      const state = await readFile(stateFile(key), 'utf8').catch(() => undefined);
      return { bytes: await sizeOf(key), state: state === undefined ? undefined : parseState(state) };
    },
    async write(key) {
      await mkdir(dirname(fileOf(key)), { recursive: true });
      const handle = await open(fileOf(key), 'a');
      return {
        async append(bytes) {
          await handle.appendFile(bytes);
        },
        clear: () => handle.truncate(0),
        async save(state) {
          await handle.datasync();
          await writeFile(`${stateFile(key)}.new`, JSON.stringify(state));
          await rename(`${stateFile(key)}.new`, stateFile(key));
        },
        close: () => handle.close(),
      };
    },
    open: async (key) => diskFile(fileOf(key), await sizeOf(key)),
    async freeBytes() {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}
