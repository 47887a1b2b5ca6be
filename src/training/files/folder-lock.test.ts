import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { FolderInUseError, lockFolder } from './folder-lock.ts';

/** What the file system says of hard links; nothing where it has them. */
const links = vi.hoisted((): { refusal?: string } => ({}));
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof import('node:fs')>();
  const linkSync: typeof fs.linkSync = (from, to) => {
    if (links.refusal === undefined) return fs.linkSync(from, to);
    throw Object.assign(new Error(`${links.refusal}: no links here`), { code: links.refusal });
  };
  return { ...fs, linkSync };
});

const newFolder = () => mkdtempSync(join(tmpdir(), 'sgraffito-lock-'));
const lockOf = (folder: string) => join(folder, 'in-use.json');

it('is held by one at a time, and free when it is given back', () => {
  const folder = newFolder();
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(FolderInUseError);
  expect(() => lockFolder(folder)).toThrow(`another training of this name runs since 20`);
  expect(() => lockFolder(folder)).toThrow(`(process ${process.pid}): wait for it or stop it`);
  release();
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])('works where files cannot be linked (%s)', (refusal) => {
  links.refusal = refusal;
  try {
    const folder = newFolder();
    writeFileSync(lockOf(folder), '');
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`(process ${process.pid}): wait for it or stop it`);
    release();
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    delete links.refusal;
  }
});

it('is refused while another process holds it, and taken over when that is killed', async () => {
  const folder = newFolder();
  const path = JSON.stringify(join(import.meta.dirname, 'folder-lock.ts'));
  const program = `const { lockFolder } = await import(${path}); lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  const ended = once(holder, 'exit');
  await once(holder.stdout, 'data');
  expect(() => lockFolder(folder)).toThrow(`(process ${holder.pid})`);
  holder.kill('SIGKILL');
  await ended;
  expect(readdirSync(folder)).toEqual(['in-use.json']);
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

it('of a machine that nobody here can ask is not taken over; what is no lock is', () => {
  const folder = newFolder();
  const holder = { host: hostname(), pid: process.pid, start: '1', since: 'then' };
  writeFileSync(lockOf(folder), JSON.stringify({ ...holder, host: 'elsewhere' }));
  expect(() => lockFolder(folder)).toThrow(`(process ${process.pid} on elsewhere): if it is no more, delete`);
  // A process that was given the number of the dead one, on systems that say when it began.
  const others = process.platform === 'linux' ? [JSON.stringify(holder), '', '{'] : ['', '{'];
  for (const content of others) {
    writeFileSync(lockOf(folder), content);
    const release = lockFolder(folder);
    expect(JSON.parse(readFileSync(lockOf(folder), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  }
});
