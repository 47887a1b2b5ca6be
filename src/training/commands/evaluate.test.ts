import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { reduceMax, reduceMean } from '#onnx/ops/reduction.ts';
import type { EvaluationJson } from '#training/evaluation/evaluation-json.ts';
import { writeNetwork } from '#training/evaluation/judges/onnx-network.fixture.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { runImport } from './import-command.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
let model: string;
beforeAll(() => {
  model = writeUntrainedPackage();
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a user types it, in its own process, with a cache of its own. */
async function evaluate(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, SGRAFFITO_CACHE: join(folder, 'cache') };
  const command = ['--import', 'tsx', 'src/training/commands/evaluate.ts', ...args];
  try {
    return { code: 0, ...(await run(process.execPath, command, { env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

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
    const first = await evaluate(...args, '--json', at('first.json'), '--report', at('report.html'));
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
  }, 120_000);

  it.each([
    ['a model that is not there', ['--model', 'nobody'], /manifest\.json cannot be read/],
    ['a graph file that is not there', ['--graphs', 'nowhere.json'], /nowhere\.json cannot be read/],
    ['a number that is none', ['--samples', 'many'], /whole number/],
    ['a folder that is not there', ['--json', '/nowhere/at/all.json'], /no folder/],
    ['a folder for a file', ['--report', tmpdir()], /--report: .* is a folder/],
    ['a preset without its files', ['--preset', 'coco-stuff'], /coco-stuff lacks --inception FILE.*the data set/],
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
    const outcome = await evaluate('--model', model, '--graphs', graphs, '--json', at('never.json'));
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

describe('npm run evaluate -- --preset', () => {
  it('paints the published test split at 256 × 256 and scores it with the networks of the user', async () => {
    const source = writeMiniatureVisualGenome({ images: 60 });
    const data = join(folder, 'visual-genome');
    await runImport('visual-genome', source, { out: data, size: 256, minObjects: 1, minPredicates: 1 });
    const mean = (g: GraphBuilder, x: Value | undefined) => reduceMean(g, x!, [2, 3]);
    const inception = writeNetwork({ image: [1, 3, 299, 299] }, (g, { image }) => ({
      pool3: mean(g, image),
      logits: mean(g, image),
    }));
    const lpips = writeNetwork({ in0: [1, 3, 256, 256], in1: [1, 3, 256, 256] }, (g, { in0, in1 }) => ({
      distance: reduceMean(g, square(g, sub(g, in0!, in1!)), [1, 2, 3], { keepdims: true }),
    }));
    // Sees class 0, a person, in the whole of every picture.
    const detector = writeNetwork({ images: [1, 3, 640, 640] }, (g, { images }) => ({
      output: mul(
        g,
        g.constant({ type: 'float32', shape: [1, 7], data: Float32Array.of(0, 0, 0, 640, 640, 0, 1) }),
        reduceMax(g, g.one('Abs', [shift(g, scale(g, images!, 0), 1)]), [0, 1, 2, 3]),
      ),
    }));
    const networks = ['--inception', inception, '--lpips', lpips, '--detector', detector];
    const large = writeUntrainedPackage({ imageSize: 256, words: ['weed'] });
    const args = ['--preset', 'visual-genome', '--data', data, '--model', large, ...networks];
    const outcome = await evaluate(...args, '--json', at('preset.json'));
    expect(outcome).toMatchObject({ code: 0 });
    const scores = jsonOf('preset.json');
    expect(scores.run).toMatchObject({ graphs: 6, steps: 100, guidanceScale: 7.5, sampler: 'lms' });
    expect(scores.fid?.value).toBeGreaterThan(0);
    expect(scores.isInception?.value).toBeGreaterThanOrEqual(1);
    expect(scores.dsLpips?.value).toBeGreaterThan(0);
    // Of man, horse and weed it is asked for what it knows: all men are found, no horse is.
    expect(scores.oorDetector?.value).toBeCloseTo(0.5);
    for (const name of ['fid', 'isInception', 'dsLpips', 'oorDetector'])
      expect(outcome.stdout).toMatch(new RegExp(`^${name} `, 'm'));
  }, 240_000);
});
