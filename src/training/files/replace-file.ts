/** Files that are there whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Writes beside the file and renames: a kill at any moment, or a full disk, leaves the old file or the new one, whole. */
export function replaceFile(file: string, bytes: Uint8Array, fresh = `${file}.new`): void {
  try {
    writeFileSync(fresh, bytes);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  renameSync(fresh, file);
}

/** For files that several machines may write at the same time: a name for `fresh` that no other process has. */
export const ownCopy = (file: string): string => `${file}.${hostname()}-${process.pid}.new`;
