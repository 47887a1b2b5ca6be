/** One process at a time works in a folder: a file in it names the holder. What a dead process holds is free. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';

/** Another process works there; the message says which, and what would do. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

const LOCK = 'in-use.json';
const TRIES = 5;

const holderSchema = v.object({
  host: v.string(),
  pid: v.pipe(v.number(), v.integer()),
  /** Of the process, in the system's own count, where it says so: process numbers are given out again. */
  start: v.optional(v.string()),
  since: v.string(),
});
type Holder = v.InferOutput<typeof holderSchema>;

/** Makes the folder where there is none. @returns to be called when the work is done; the end of the process does it as well @throws FolderInUseError */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  const own = `${file}.${process.pid}`;
  const start = startOf(process.pid);
  const me: Holder = { host: hostname(), pid: process.pid, ...(start && { start }), since: new Date().toISOString() };
  const content = JSON.stringify(me);
  mkdirSync(folder, { recursive: true });
  writeFileSync(own, content);
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      if (appeared(own, file)) return releaseOf(file, content);
      freeOrThrow(file, own);
    }
  } finally {
    rmSync(own, { force: true });
  }
  throw new FolderInUseError(`${folder}: other processes take it by turns; try again`);
}

/** What file systems without hard links say, each in its own words: FAT, some shares of a network. */
const NO_LINKS: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** A link appears with its content or not at all, where a file that is opened is empty at first. @returns false where another was first */
function appeared(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (NO_LINKS.includes(codeOf(error))) return written(readFileSync(own, 'utf8'), file);
    throw error;
  }
}

/** Whoever looks while it is empty may take it away as no lock: it counts when it is there with its content. */
function written(content: string, file: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  return textOf(file) === content;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Takes the lock of a dead process away. */
function freeOrThrow(file: string, own: string): void {
  const seen = textOf(file);
  if (seen === undefined) return;
  const holder = parsed(seen);
  if (holder && isWorking(holder)) {
    const { pid, host, since } = holder;
    const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
    const away = host === hostname() ? 'wait for it or stop it' : `if it is no more, delete ${file}`;
    throw new FolderInUseError(`${file}: another training of this name runs since ${since} (${where}): ${away}`);
  }
  const moved = `${own}.stale`;
  try {
    renameSync(file, moved);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  // Between the look and the move a third process may have taken the folder: it gets its lock back.
  if (textOf(moved) !== seen) appeared(moved, file);
  rmSync(moved, { force: true });
}

/** Undefined where there is no file, be it that its holder gave it back this moment. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): Holder | undefined {
  try {
    return v.parse(holderSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Of another machine nobody here can tell. */
function isWorking({ host, pid, start }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const running = startOf(pid);
  return start === undefined || running === undefined || running === start;
}

/** Field 22 of Linux's /proc/PID/stat, which counts from the process's name in brackets on. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function releaseOf(file: string, content: string): () => void {
  const release = () => {
    process.off('exit', release);
    if (textOf(file) === content) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}
