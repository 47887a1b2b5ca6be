/** The training command line as a user runs it; what it trains is tested in stages/. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
const damaged = join(folder, 'damaged.json');
writeFileSync(damaged, '{ "seed": "seven" }');

const ofTrials = ['--base', folder, '--data', folder, '--out', join(folder, 'out')];

const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown stage', ['nonsense'], /nonsense.*one of corpus, autoencoder, clip/],
  ['a damaged configuration', ['clip', '--config', damaged], /damaged\.json: seed: /],
  ['no time', ['clip', '--minutes', '0'], /--minutes.*above 0/],
  ['a base model without data', ['all', '--base', folder], /--base needs --data FOLDER and --out FOLDER/],
  ['data without a base model', ['all', '--data', folder], /--data is for a base model: name it with --base/],
  [
    'a network without a base model',
    ['evaluate', '--lpips', damaged],
    /--lpips is for a base model: name it with --base/,
  ],
  ['a seed that is none', ['all', '--base', folder, '--seed', '5e9'], /--seed.*from 0 to 4294967295/],
  [
    'another fusion of trials',
    ['trials', ...ofTrials, '--fusion', 'labels'],
    /--fusion: each of the trials has its own/,
  ],
  ['trials without alignment', ['trials', ...ofTrials, '--no-gan'], /--no-gan: each of the trials has its own/],
  ['a stage of its own kind', ['corpus', '--base', folder], /with --base.*one of features, .*, not corpus/],
];

test.concurrent.each(cases)(
  '%s: exit code 2, one line, nothing written',
  { timeout: 60_000 },
  (_, options, message) => {
    const cache = join(folder, 'cache');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/training/commands/train.ts', ...options],
      {
        encoding: 'utf8',
        env: { ...process.env, SGRAFFITO_CACHE: cache },
      },
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr.trim().split('\n').length).toBe(1);
    expect(existsSync(cache)).toBe(false);
  },
);
