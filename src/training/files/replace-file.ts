/** Files and folders that are there whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** There is no room for a file. The message names it; what was in its place is there still. */
export class FullDiskError extends Error {
  override readonly name = 'FullDiskError';
}

/** A kill at any moment, or a full disk, leaves the old file or the new one, whole. @throws FullDiskError */
export function replaceFile(file: string, content: Uint8Array | string, fresh?: string): void {
  replaceWith(file, (path) => writeFileSync(path, content), fresh);
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
    rmSync(fresh, { force: true });
    throw told(file, error);
  }
  renameSync(fresh, file);
}

/**
 * A folder, written beside its place and moved there when it is whole. Between the two moves of a folder that was there before, a kill
 * leaves it as .FOLDER.sgraffito-old: the next call brings it back. Both names beside it are ones that nobody else gives, for what lies
 * there is deleted.
 * @throws FullDiskError, or what `write` throws
 */
export function replaceFolder(folder: string, write: (fresh: string) => void): void {
  const place = resolve(folder);
  const beside = (what: 'new' | 'old') => join(dirname(place), `.${basename(place)}.sgraffito-${what}`);
  const [fresh, old] = [beside('new'), beside('old')];
  if (!existsSync(place) && existsSync(old)) renameSync(old, place);
  for (const rest of [fresh, old]) rmSync(rest, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    write(fresh);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw told(folder, error);
  }
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
  rmSync(old, { recursive: true, force: true });
}

const told = (file: string, error: unknown): unknown =>
  isFull(error) ? new FullDiskError(`${file} cannot be written: the disk is full. Make room and try again.`) : error;

/** No room on the disk, none left of a quota, or a larger file than the system lets a process write. */
const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');

/** For files that several machines may write at the same time: a name for `fresh` that no other process has. */
export const ownCopy = (file: string): string => `${file}.${hostname()}-${process.pid}.new`;
