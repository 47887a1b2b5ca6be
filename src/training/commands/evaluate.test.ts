import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { reduceMax, reduceMean } from '#onnx/ops/reduction.ts';
import type { EvaluationJson } from '#training/evaluation/evaluation-json.ts';
import { writeNetwork } from '#training/evaluation/judges/onnx-network.fixture.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { runImport } from './import-command.ts';
import { inProcess, type Outcome } from './in-process.fixture.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
let model: string;
beforeAll(() => {
  model = writeUntrainedPackage();
  vi.stubEnv('SGRAFFITO_CACHE', join(folder, 'cache'));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

/** The command as a user types it, in its own process. */
async function evaluateAlone(...args: string[]): Promise<Outcome> {
  const command = ['--import', 'tsx', 'src/training/commands/evaluate.ts', ...args];
  try {
    return { code: 0, ...(await run(process.execPath, command)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const evaluate = (...args: string[]): Promise<Outcome> => inProcess(evaluateCommand, args);

const at = (name: string) => join(folder, name);
const jsonOf = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as EvaluationJson;
const write = (name: string, content: unknown) => {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return at(name);
};
const keys = ['oor', 'relationAccuracy', 'edgeFlip', 'isolation', 'ds', 'is', 'fd'] as const;

describe('npm run evaluate', () => {
  it('writes every score with value, ceiling, floor and n, prints them, and says the same again without painting', async () => {
    const args = ['--model', model, '--samples', '8', '--seed', '3'];
    const first = await evaluateAlone(...args, '--json', at('first.json'), '--report', at('report.html'));
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/painting: 0 of \d+/) });
    const scores = jsonOf('first.json');
    for (const key of keys) {
      expect(scores[key]).toMatchObject({ n: expect.any(Number) });
      expect(Object.keys(scores[key])).toEqual(expect.arrayContaining(['value', 'ceiling', 'floor', 'interval']));
      expect(first.stdout).toMatch(new RegExp(`^${key} `, 'm'));
    }
    expect(scores.run).toMatchObject({ model: 'untrained', graphs: 8, seed: 3, steps: 2, pictures: 'painted' });
    expect(scores.fd.value).toBeGreaterThan(scores.fd.ceiling!);
    expect(readFileSync(at('report.html'), 'utf8')).toContain('<title>Untrained: evaluation</title>');

    const [cache] = readdirSync(join(folder, 'cache', 'evaluate'));
    const painted = () => readdirSync(join(folder, 'cache', 'evaluate', cache!));
    const times = painted().map((name) => statSync(join(folder, 'cache', 'evaluate', cache!, name)).mtimeMs);
    const again = await evaluate(...args, '--json', at('again.json'));
    expect(again.stdout).toBe(first.stdout);
    expect(jsonOf('again.json')).toEqual(scores);
    expect(painted().map((name) => statSync(join(folder, 'cache', 'evaluate', cache!, name)).mtimeMs)).toEqual(times);
  }, 120_000);

  it('takes sg2im files and says what it left out; scores that need real pictures say why they are missing', async () => {
    const graphs = write('sg2im.json', [
      {
        objects: ['sky', 'dog', 'cat'],
        relationships: [
          [0, 'above', 1],
          [1, 'left of', 2],
          [0, 'above', 0],
        ],
      },
      { objects: ['tree'], relationships: [] },
    ]);
    const outcome = await evaluate('--model', model, '--graphs', graphs, '--json', at('sg2im-scores.json'));
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toMatch(/sg2im\.json: .*relationships\[2\]/);
    const scores = jsonOf('sg2im-scores.json');
    expect(scores.oor).toMatchObject({ n: 4, ceiling: null, reason: expect.stringContaining('no real pictures') });
    expect(scores.relationAccuracy.n).toBe(2);
    expect(scores.edgeFlip.n).toBe(1);
    expect(scores.fd.value).toBeNull();

    // Told labels alone, the turned edge is painted as the first was: no pair can hold.
    const labels = ['--model', model, '--graphs', graphs, '--painter', 'labels', '--json', at('labels.json')];
    expect((await evaluate(...labels)).code).toBe(0);
    const alone = jsonOf('labels.json');
    expect(alone.run.pictures).toBe('painted from labels');
    expect(alone.edgeFlip).toMatchObject({ value: 0, n: 1 });
    expect(alone.isolation.value).toBe(1);
  }, 120_000);

  it('scores pictures made elsewhere, in the order of their names', async () => {
    const images = at('images');
    mkdirSync(images);
    const [cache] = readdirSync(join(folder, 'cache', 'evaluate'));
    const some = readdirSync(join(folder, 'cache', 'evaluate', cache!)).slice(0, 11);
    for (const [i, name] of some.entries()) {
      writeFileSync(join(images, `${i}.png`), readFileSync(join(folder, 'cache', 'evaluate', cache!, name)));
    }
    const args = ['--model', model, '--images', images, '--json', at('given.json'), '--samples'];
    expect(await evaluate(...args, '11')).toMatchObject({ code: 0 });
    const scores = jsonOf('given.json');
    expect(scores.run.pictures).toBe('given');
    expect(scores.oor.value).not.toBeNull();
    expect(scores.edgeFlip).toMatchObject({ value: null, reason: expect.stringContaining('made elsewhere') });
    const wrong = await evaluate(...args, '12');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/holds 11 pictures for 12 graphs/) });
    const last = join(images, '10.png');
    writeFileSync(last, readFileSync(last).subarray(0, -20));
    const cut = await evaluate(...args, '11');
    expect(cut).toMatchObject({ code: 2, stderr: `evaluate: ${last} cannot be read: it is cut off\n` });
  }, 120_000);

  it.each([
    ['a model that is not there', ['--model', 'nobody'], /manifest\.json cannot be read/],
    ['a graph file that is not there', ['--graphs', 'nowhere.json'], /nowhere\.json cannot be read/],
    ['a number that is none', ['--samples', 'many'], /whole number/],
    ['a folder that is not there', ['--json', '/nowhere/at/all.json'], /no folder/],
    ['a preset without its data', ['--preset', 'coco-stuff'], /coco-stuff lacks the data set: there is no folder/],
    ['a network that is not there', ['--preset', 'coco-stuff', '--lpips', 'x.onnx'], /the file of --lpips, x\.onnx/],
    [
      'a folder that is no model',
      ['--model', import.meta.dirname],
      /neither that nor model_index\.json; --model takes/,
    ],
    ['a size that the model cannot paint', ['--size', '256'], /--size 256: This model paints 64 × 64 alone/],
    ['a folder for a file', ['--report', tmpdir()], /--report: .* is a folder/],
    ['a preset by retrieval', ['--preset', 'coco-stuff', '--painter', 'retrieval'], /leave --painter away/],
    ['a preset and graphs', ['--preset', 'coco-stuff', '--graphs', 'x.json'], /cannot be used with/],
    ['a painter and pictures', ['--painter', 'labels', '--images', 'x'], /cannot be used with/],
    ['a sampler that is none', ['--sampler', 'magic'], /Allowed choices are euler/],
    ['a sampler that needs numbered steps', ['--sampler', 'pndm'], /Allowed choices are euler/],
  ])(
    '%s: exit code 2 and one clear line',
    async (_, args, message) => {
      const outcome = await evaluate('--model', model, '--json', at('never.json'), ...args);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
      expect(outcome.stdout).toBe('');
    },
    120_000,
  );

  it('malformed JSON: exit code 2 and one line with the file', async () => {
    const graphs = write('malformed.json', '{');
    const outcome = await evaluateAlone('--model', model, '--graphs', graphs, '--json', at('never.json'));
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^evaluate: .*malformed\.json: .*not JSON.*\n$/),
    });
  }, 120_000);

  it('a damaged model names the file', async () => {
    const damaged = writeUntrainedPackage();
    const file = join(damaged, 'denoiser.onnx');
    const bytes = readFileSync(file);
    bytes[100]! ^= 1;
    writeFileSync(file, bytes);
    const outcome = await evaluate('--model', damaged, '--json', at('never.json'));
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('denoiser.onnx is damaged') });
  }, 120_000);
});

/** What users point the evaluation to, in miniature; the LPIPS takes pictures of one size. */
function writeNetworks(side: number): string[] {
  const mean = (g: GraphBuilder, x: Value | undefined) => reduceMean(g, x!, [2, 3]);
  const inception = writeNetwork({ image: [1, 3, 299, 299] }, (g, { image }) => ({
    pool3: mean(g, image),
    logits: mean(g, image),
  }));
  const lpips = writeNetwork({ in0: [1, 3, side, side], in1: [1, 3, side, side] }, (g, { in0, in1 }) => ({
    distance: reduceMean(g, square(g, sub(g, in0!, in1!)), [1, 2, 3], { keepdims: true }),
  }));
  return ['--inception', inception, '--lpips', lpips, '--detector', detectorOf([0, 0, 0, 640, 640, 0, 1])];
}

/** Sees the same in every picture, by default class 0, a person, in the whole of it. */
function detectorOf(...rows: number[][]): string {
  return writeNetwork({ images: [1, 3, 640, 640] }, (g, { images }) => ({
    output: mul(
      g,
      g.constant({ type: 'float32', shape: [rows.length, 7], data: Float32Array.from(rows.flat()) }),
      reduceMax(g, g.one('Abs', [shift(g, scale(g, images!, 0), 1)]), [0, 1, 2, 3]),
    ),
  }));
}

/** A tenth of the images is the test split. */
async function importData(size: number, images = 60): Promise<string> {
  const data = join(folder, `visual-genome-${size}`);
  const source = writeMiniatureVisualGenome({ images });
  await runImport('visual-genome', source, { out: data, size, minObjects: 1, minPredicates: 1 });
  return data;
}

describe('npm run evaluate -- --preset', () => {
  it('paints the published test split and scores it with the networks of the user', async () => {
    const large = writeUntrainedPackage({ imageSize: 256, words: ['weed'] });
    const args = ['--preset', 'visual-genome', '--data', await importData(256, 20), '--model', large];
    const outcome = await evaluate(...args, ...writeNetworks(256), '--json', at('preset.json'));
    expect(outcome).toMatchObject({ code: 0 });
    const scores = jsonOf('preset.json');
    expect(scores.run).toMatchObject({ graphs: 2, steps: 100, guidanceScale: 7.5, sampler: 'lms', image: '256 × 256' });
    expect(scores.fid?.value).toBeGreaterThan(0);
    expect(scores.isInception?.value).toBeGreaterThanOrEqual(1);
    expect(scores.dsLpips?.value).toBeGreaterThan(0);
    // Of man, horse and weed it is asked for what it knows: all men are found, no horse is.
    expect(scores.oorDetector?.value).toBeCloseTo(0.5);
    for (const name of ['fid', 'isInception', 'dsLpips', 'oorDetector'])
      expect(outcome.stdout).toMatch(new RegExp(`^${name} `, 'm'));
  }, 240_000);
});

describe('npm run evaluate of a Stable Diffusion', () => {
  // 64 × 64; of the pictures of diffusers (reference-pictures.test.ts).
  const sd = join(import.meta.dirname, 'reference-pictures.fixture/package');
  let data: string;
  beforeAll(async () => {
    data = await importData(64);
  }, 60_000);

  it('by the preset: every score that has its network, the same on a second run', async () => {
    const clip = join(import.meta.dirname, '../text-to-image/golden/clip.onnx');
    const args = ['--model', sd, '--preset', 'visual-genome', '--data', data, '--samples', '2', '--clip', clip];
    const first = await evaluate(...args, ...writeNetworks(64), '--json', at('sd.json'), '--report', at('sd.html'));
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/painting: 0 of 10/) });
    const scores = jsonOf('sd.json');
    expect(scores.run).toMatchObject({ graphs: 2, steps: 100, guidanceScale: 7.5, sampler: 'lms', image: '64 × 64' });
    for (const name of ['fid', 'isInception', 'ds', 'dsLpips', 'fd', 'clipCosine', 'clipRecallAt1'] as const)
      expect(scores[name]?.value, name).toEqual(expect.any(Number));
    for (const name of ['oor', 'oorDetector'] as const) expect(scores[name]).toMatchObject({ value: 0.5, n: 4 });
    // The horse stands on weed, which COCO has no class for and nobody asks after; the man rides a horse that the detector never sees.
    for (const name of ['relationAccuracy', 'relationAccuracyDetector'] as const)
      expect(scores[name]).toMatchObject({ value: 0, n: 2 });
    expect(readFileSync(at('sd.html'), 'utf8')).toContain('FD in Inception');
    const again = await evaluate(...args, ...writeNetworks(64), '--json', at('sd-again.json'));
    expect(again).toMatchObject({ code: 0, stdout: first.stdout, stderr: expect.stringMatching(/painting: 10 of 10/) });
    expect(jsonOf('sd-again.json')).toEqual(scores);
  }, 120_000);

  it('says which option would give a score, and turns edges round that a detector can see', async () => {
    const args = ['--model', sd, '--data', data, '--samples', '2', '--steps', '2', '--json', at('sd-own.json')];
    const bare = await evaluate(...args);
    expect(bare.code).toBe(0);
    for (const line of [
      /^oor +– +the model has no verifier; --detector FILE gives it/m,
      /^edgeFlip +– +the model has no verifier; --detector FILE gives it/m,
      /^fd +– .*--clip FILE/m,
      /^fid +– +--inception FILE gives it/m,
      /^dsLpips +– +--lpips FILE gives it/m,
      /^oorDetector +– +--detector FILE gives it/m,
      /^turnedMoves +[0-9.]+ .*2 graphs$/m,
    ])
      expect(bare.stdout).toMatch(line);
    expect(jsonOf('sd-own.json').run).toMatchObject({ sampler: 'pndm', steps: 2 });

    const graphs = write('sides.json', [{ objects: ['man', 'horse'], relationships: [[0, 'left of', 1]] }]);
    const seen = detectorOf([0, 0, 0, 200, 640, 0, 1], [0, 300, 0, 640, 640, 17, 1]);
    const sides = ['--model', sd, '--graphs', graphs, '--steps', '1', '--detector', seen, '--size', '128'];
    expect((await evaluate(...sides, '--json', at('sides-scores.json'))).code).toBe(0);
    const scores = jsonOf('sides-scores.json');
    // It always sees the man on the left: right before the edge is turned, wrong after it.
    expect(scores).toMatchObject({
      run: { image: '128 × 128' },
      oor: { value: 1, n: 2 },
      relationAccuracy: { value: 1, n: 1 },
      edgeFlip: { value: 0, n: 1, single: 0.5 },
    });
  }, 120_000);

  it.each([
    ['no graphs', () => [], /is a Stable Diffusion, which has no test graphs of its own: give --graphs FILE.*--data/],
    [
      'a data set of another size',
      () => ['--data', join(folder, 'visual-genome-256')],
      /visual-genome-256 holds pictures of 256 × 256, the model paints 64 × 64: import with --size 64/,
    ],
    ['another data set than the preset’s', () => ['--preset', 'coco-stuff', '--data', data], /holds visual-genome/],
    [
      'a detector of other classes',
      () => ['--data', data, '--detector', detectorOf([0, 0, 0, 640, 640, 99, 1])],
      /network\.onnx found something of class 99, and there are names for 80: .*--classes FILE/,
    ],
    [
      'a detector that is none',
      () => ['--data', data, '--detector', writeNetworks(64)[1]!],
      /network\.onnx cannot be run on image \(1, 3, 299, 299\)|network\.onnx: a detector's output must be \(N, 7\)/,
    ],
    ['a CLIP that is not there', () => ['--data', data, '--clip', 'gone.onnx'], /there is no file gone\.onnx: --clip/],
    ['retrieval', () => ['--data', data, '--painter', 'retrieval'], /leave --painter away/],
  ])(
    '%s: exit code 2 and one clear line',
    async (_, args, message) => {
      const outcome = await evaluate('--model', sd, '--json', at('never.json'), ...args());
      expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
      expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    },
    60_000,
  );
});
