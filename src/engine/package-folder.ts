/** A model package in a folder, for Node. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './engine-error.ts';
import type { ModelSource } from './package-loader.ts';

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
        if (size > maxBytes) {
          throw new EngineError(
            'model-damaged',
            `${path} is damaged: it has ${size} bytes, at most ${maxBytes} are expected.`,
          );
        }
        const bytes = new Uint8Array(await handle.readFile());
        onProgress?.(bytes.length);
        return bytes;
      } finally {
        await handle.close();
      }
    },
  };
}
