import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

it('replaces a file, and leaves nothing beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-replace-'));
  const file = join(folder, 'a.bin');
  for (const text of ['old', 'new']) replaceFile(file, Buffer.from(text));
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
