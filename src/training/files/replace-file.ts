/** Files that are there whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** There is no room for a file. The message names it; what was in its place is there still. */
export class FullDiskError extends Error {
  override readonly name = 'FullDiskError';
}

/** A kill at any moment, or a full disk, leaves the old file or the new one, whole. @throws FullDiskError */
export function replaceFile(file: string, bytes: Uint8Array, fresh?: string): void {
  replaceWith(file, (path) => writeFileSync(path, bytes), fresh);
}

/**
 * For what is too large for one buffer.
 * @param write is given where to write: beside the file, which is then renamed
 * @throws FullDiskError, or what `write` throws
 */
export function replaceWith(file: string, write: (fresh: string) => void, fresh = `${file}.new`): void {
  try {
    write(fresh);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw isFull(error)
      ? new FullDiskError(`${file} cannot be written: the disk is full. Make room and try again.`)
      : error;
  }
  renameSync(fresh, file);
}

/** No room on the disk, none left of a quota, or a larger file than the system lets a process write. */
const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');

/** For files that several machines may write at the same time: a name for `fresh` that no other process has. */
export const ownCopy = (file: string): string => `${file}.${hostname()}-${process.pid}.new`;
