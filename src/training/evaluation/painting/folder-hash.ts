/** Which Stable Diffusion lies in a folder: a hash of every file that decides its pictures. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ADAPTER_FOLDER, NETWORKS } from '#engine/stable-diffusion/layout.ts';

/** The encoder of pictures, reports and scores lie beside them and decide nothing. */
const { textEncoder, unet, vaeDecoder } = NETWORKS;
const folders = [textEncoder, unet, vaeDecoder, ADAPTER_FOLDER, 'scheduler', 'tokenizer'];
const PIECE = 2 ** 24;

/** @param facts that a manifest may change. @returns 16 hexadecimal digits */
export function folderHash(folder: string, facts: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  const piece = Buffer.alloc(PIECE);
  for (const name of folders.filter((each) => existsSync(join(folder, each)))) {
    const files = readdirSync(join(folder, name), { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    for (const file of files.map((entry) => `${name}/${entry.name}`).sort()) {
      hash.update(`\n${file}\n`);
      const handle = openSync(join(folder, file), 'r');
      try {
        // In pieces: a file may be larger than a buffer can be.
        for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece))
          hash.update(piece.subarray(0, read));
      } finally {
        closeSync(handle);
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
