import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { replaceFile, replaceFolder } from './replace-file.ts';

it('replaces a file, and leaves nothing beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-replace-'));
  const file = join(folder, 'a.bin');
  for (const text of ['old', 'new']) replaceFile(file, text);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.bin']);
});

it.each([
  ['replaceFile', './replace-file.ts', 'new Uint8Array(100_000)'],
  ['writeTensorFile', './tensor-file.ts', 'new Map([["a", new Float32Array(25_000)]]), {}'],
])(
  '%s without room: says which file, keeps the old one, leaves nothing beside it',
  (name, module, content) => {
    const folder = mkdtempSync(join(tmpdir(), 'sgraffito-full-'));
    const file = join(folder, 'a.bin');
    writeFileSync(file, 'old');
    const path = JSON.stringify(join(import.meta.dirname, module));
    const program = `const { ${name} } = await import(${path}); ${name}(${JSON.stringify(file)}, ${content});`;
    // The system lets this process write files of 8 kB, and fails in the middle of a larger one, as a full disk does.
    const limited = [
      '-c',
      'ulimit -f 8; exec "$@"',
      'bash',
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
    ];
    const { status, stderr } = spawnSync('bash', [...limited, '-e', program], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${file} cannot be written: the disk is full.`)]);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.bin']);
  },
  60_000,
);

it('replaces a folder as a whole: killed at any moment, it is the old one or the new one', async () => {
  const work = mkdtempSync(join(tmpdir(), 'sgraffito-folder-'));
  const folder = join(work, 'package');
  const path = JSON.stringify(join(import.meta.dirname, 'replace-file.ts'));
  const program = `
    import { writeFileSync } from 'node:fs';
    const { replaceFolder } = await import(${path});
    for (let turn = 0; ; turn++) {
      replaceFolder(${JSON.stringify(folder)}, (fresh) => {
        for (const name of ['a', 'b', 'c']) writeFileSync(fresh + '/' + name, String(turn));
      });
      if (turn === 0) console.log('begun');
    }`;
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await setTimeout(kill * 17);
    child.kill('SIGKILL');
    await ended;
    // What the next run does first.
    const whole = existsSync(folder) ? folder : join(work, '.package.sgraffito-old');
    const turns = ['a', 'b', 'c'].map((name) => readFileSync(join(whole, name), 'utf8'));
    expect(new Set(turns).size).toBe(1);
  }
  rmSync(join(work, '.package.sgraffito-new'), { recursive: true, force: true });
  writeFileSync(join(work, '.package.sgraffito-new'), 'what a kill left');
  expect(() =>
    replaceFolder(folder, (fresh) => {
      writeFileSync(join(fresh, 'a'), 'half');
      throw new Error('no more');
    }),
  ).toThrow('no more');
  expect(readdirSync(folder)).toEqual(['a', 'b', 'c']);
  replaceFolder(folder, (fresh) => writeFileSync(join(fresh, 'd'), 'new'));
  expect([readdirSync(folder), readdirSync(work)]).toEqual([['d'], ['package']]);
}, 60_000);

it('brings back the folder that a kill between the two moves left beside its place', () => {
  const work = mkdtempSync(join(tmpdir(), 'sgraffito-folder-'));
  const folder = join(work, 'package');
  const old = join(work, '.package.sgraffito-old');
  mkdirSync(old);
  writeFileSync(join(old, 'a'), 'old');
  expect(() =>
    replaceFolder(folder, () => {
      throw new Error('no more');
    }),
  ).toThrow();
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
});

it('leaves alone what somebody keeps beside the folder', () => {
  const work = mkdtempSync(join(tmpdir(), 'sgraffito-folder-'));
  const folder = join(work, 'package');
  for (const name of ['package', 'package.old', 'package.new']) {
    mkdirSync(join(work, name));
    writeFileSync(join(work, name, 'a'), name);
  }
  replaceFolder(folder, (fresh) => writeFileSync(join(fresh, 'a'), 'fresh'));
  const inside = readdirSync(work).map((name) => [name, readFileSync(join(work, name, 'a'), 'utf8')]);
  expect(Object.fromEntries(inside)).toEqual({
    package: 'fresh',
    'package.old': 'package.old',
    'package.new': 'package.new',
  });
});
