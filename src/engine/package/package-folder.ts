/** A model package in a folder, for Node. */
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { LargeFile, ModelSource } from './package-loader.ts';

export function folderSource(folder: string): ModelSource {
  return {
    async read(path, { maxBytes, onProgress }) {
      const file = join(folder, path);
      const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
        const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
        throw new EngineError('model-not-found', `${file} cannot be read: ${reason}.`);
      });
      try {
        const { size } = await handle.stat();
        if (size > maxBytes) throw tooLong(path, size, maxBytes);
        const bytes = new Uint8Array(await handle.readFile());
        onProgress?.(bytes.length);
        return bytes;
      } finally {
        await handle.close();
      }
    },
    async stat(path) {
      const found = await stat(join(folder, path)).catch(() => undefined);
      return found?.isFile() ? { bytes: found.size, kept: found.size } : undefined;
    },
    async open(path, { maxBytes, onProgress }) {
      const file = join(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) throw new EngineError('model-not-found', `${file} cannot be read: there is no such file.`);
      if (found.size > maxBytes) throw tooLong(path, found.size, maxBytes);
      onProgress?.(found.size);
      return diskFile(file, found.size);
    },
  };
}

export function diskFile(path: string, bytes: number): LargeFile {
  return {
    path,
    bytes,
    read: async () => new Uint8Array(await readFile(path)),
    async slice(start, end) {
      const handle = await open(path);
      try {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}

const tooLong = (path: string, size: number, maxBytes: number): EngineError =>
  new EngineError('model-damaged', `${path} is damaged: it has ${size} bytes, at most ${maxBytes} are expected.`);
