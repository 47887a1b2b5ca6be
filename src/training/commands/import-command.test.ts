/** The import as a user runs it: in a process of its own, killed, run again. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRecord, unpackShard } from '#training/files/shard-file.ts';
import { readDataSet, recordsIn, shardFileOf } from '#training/import/data-set.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';

const work = mkdtempSync(join(tmpdir(), 'sgraffito-import-'));
const at = (name: string) => join(work, name);
const command = (...args: string[]) => ['--import', 'tsx', 'src/training/commands/train.ts', 'import', ...args];
const run = (...args: string[]) => spawnSync(process.execPath, command(...args), { encoding: 'utf8' });
const thresholds = ['--min-objects', '5', '--min-predicates', '5', '--size', '32'];

const IMAGES = 700;
let source: string;
beforeAll(() => {
  source = writeMiniatureVisualGenome({ images: IMAGES });
  writeFileSync(join(source, 'VG_100K', '2.png'), 'no picture');
  rmSync(join(source, 'VG_100K', '3.png'));
});

const filesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(safetensors|json|txt)$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

describe('npm run train -- import visual-genome', () => {
  it('writes shards, a manifest and a report; a killed import goes on and ends the same', async () => {
    const whole = run('visual-genome', source, '--out', at('whole'), ...thresholds);
    expect([whole.status, whole.stderr]).toEqual([0, expect.stringMatching(/pictures: 698|pictures: \d+ of \d+/)]);
    const manifest = readDataSet(at('whole'));
    expect(manifest).toMatchObject({
      name: 'visual-genome',
      size: 32,
      grid: 16,
      predicates: ['standing on', 'riding'],
    });
    expect(recordsIn(manifest, 'train')).toBe(IMAGES * 0.8 - 2);
    const report = JSON.parse(readFileSync(join(at('whole'), 'report.json'), 'utf8'));
    expect(report.skipped).toMatchObject({ 'train: photograph is missing': 1, 'train: photograph is damaged': 1 });
    expect(report.predicates.riding).toBe(IMAGES - 2);
    expect(whole.stdout).toMatch(/1 {2}train: photograph is missing/);

    const killed = spawn(process.execPath, command('visual-genome', source, '--out', at('killed'), ...thresholds));
    const ended = new Promise((resolve) => killed.once('exit', (_, signal) => resolve(signal)));
    const first = shardFileOf(at('killed'), 'train', 0);
    while (!existsSync(first)) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(() => readDataSet(at('killed'))).toThrow('no finished data set');
    const before = readFileSync(first);
    writeFileSync(`${shardFileOf(at('killed'), 'train', 1)}.new`, 'half a shard');
    expect(run('visual-genome', source, '--out', at('killed'), ...thresholds).status).toBe(0);
    expect(readFileSync(first)).toEqual(before);
    expect(filesOf(at('killed'))).toEqual(filesOf(at('whole')));
  }, 180_000);

  it('keeps pictures, masks and graphs together', async () => {
    const file = shardFileOf(at('whole'), 'train', 0);
    const [first, second] = unpackShard(readFileSync(file), file, 16);
    expect([first!.imageId, second!.imageId]).toEqual([1, 4]);
    const { rendered, sample } = await openRecord(second!, 32, 16);
    expect(sample.objects.map(({ label }) => label)).toEqual(['man', 'horse', 'weed']);
    const pixel = (x: number, y: number) => [...rendered.rgb.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
    expect([pixel(4, 4), pixel(28, 16), pixel(4, 28)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
      [0, 255, 0],
    ]);
    expect(rendered.masks).toHaveLength(3 * 256);
    expect([rendered.masks[2 * 256 + 15 * 16], rendered.masks[2 * 256]]).toEqual([255, 0]);
  });

  it('refuses a folder that holds another import', () => {
    const other = run('visual-genome', source, '--out', at('whole'), ...thresholds.with(5, '48'));
    expect([other.status, other.stderr.trim().split('\n').at(-1)]).toEqual([
      2,
      expect.stringContaining('of another import'),
    ]);
  }, 60_000);

  it.each([
    ['no folder', ['visual-genome', at('nowhere')], /there is no folder .*nowhere/],
    ['a folder without the files', ['visual-genome', work], /object_alias\.txt is missing/],
    ['an unknown set', ['imagenet', work], /Allowed choices are visual-genome/],
    ['a size that is none', ['visual-genome', work, '--size', '100'], /multiple of 16/],
  ])(
    '%s: exit code 2 and one clear line',
    (_, args, message) => {
      const { status, stderr } = run(...args);
      expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
    60_000,
  );
});
