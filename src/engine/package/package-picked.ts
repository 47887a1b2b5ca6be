/** A model package in a folder that the user picked in the browser: read where it lies, never copied. */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { PickedFile } from '#engine/contract/model-place.ts';
import type { ModelSource } from './package-loader.ts';

/** @param name of the folder, for messages */
export function filesSource(name: string, files: readonly PickedFile[]): ModelSource {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  return blobSource(name, async (path) => byPath.get(path));
}

/** A folder of the File System Access API. */
export function handleSource(folder: FileSystemDirectoryHandle): ModelSource {
  return blobSource(folder.name, async (path) => {
    const names = path.split('/');
    let place = folder;
    for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name);
    return (await place.getFileHandle(names.at(-1)!)).getFile();
  });
}

function blobSource(name: string, find: (path: string) => Promise<File | undefined>): ModelSource {
  const look = async (path: string): Promise<File | undefined> => {
    try {
      return await find(path);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === 'NotFoundError' || error.name === 'TypeMismatchError') return undefined;
      const message = `The browser may not read the folder “${name}” any more. Choose it again (${error.message}).`;
      throw new EngineError('model-not-found', message);
    }
  };
  const get = async (path: string, maxBytes: number): Promise<File> => {
    const file = await look(path);
    if (!file) throw new EngineError('model-not-found', `There is no ${path} in the folder “${name}”.`);
    if (file.size <= maxBytes) return file;
    const message = `${path} is damaged: it has ${file.size} bytes, at most ${maxBytes} are expected.`;
    throw new EngineError('model-damaged', message);
  };
  const bytesOf = async (path: string, file: Blob): Promise<Uint8Array> => {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError('model-not-found', `${path} in the folder “${name}” cannot be read: ${reason}.`);
    }
  };
  return {
    async read(path, { maxBytes, onProgress }) {
      const bytes = await bytesOf(path, await get(path, maxBytes));
      onProgress?.(bytes.length);
      return bytes;
    },
    async stat(path) {
      const file = await look(path);
      return file && { bytes: file.size, kept: file.size };
    },
    async open(path, { maxBytes, onProgress }) {
      const file = await get(path, maxBytes);
      onProgress?.(file.size);
      return {
        bytes: file.size,
        read: () => bytesOf(path, file),
        slice: (start, end) => bytesOf(path, file.slice(start, end)),
        blob: async () => file,
      };
    },
  };
}
