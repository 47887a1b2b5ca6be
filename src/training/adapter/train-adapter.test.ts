/** Fine-tuning of a miniature Stable Diffusion on a miniature Visual Genome, on the real runtime: from files to a package that paints. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededNoise } from '#diffusion/noise.ts';
import { loadAnyPackage, notesOf } from '#engine/any-package.ts';
import { Engine } from '#engine/engine.ts';
import { nodeRuntime } from '#engine/ort-node.ts';
import { folderSource } from '#engine/package-folder.ts';
import type { GenerationSettings } from '#engine/protocol.ts';
import { reshape } from '#onnx/ops/layout.ts';
import { averagePool } from '#onnx/ops/pooling.ts';
import { adamW } from '#onnx/optimizer.ts';
import { graphOf } from '../graph-of.fixture.ts';
import { runImport } from '../import/import-command.ts';
import { writeMiniatureVisualGenome } from '../import/visual-genome.fixture.ts';
import { writeNetwork } from '../metrics/onnx-network.fixture.ts';
import { writeTinyStableDiffusion } from '../stable-diffusion.fixture.ts';
import { initializeParameters } from '../trainer/training-step.ts';
import { type AdapterSet, prepareAdapterSet } from './adapter-data.ts';
import { adapterModel, exportAdapterPackage, movedWeights } from './adapter-export.ts';
import {
  type AdapterTraining,
  adapterStepFeeds,
  buildAdapterGraph,
  openAdapterStep,
  updateName,
} from './adapter-step.ts';
import { openClipTower } from './clip-tower.ts';
import { LossScale } from './half-precision.ts';
import { openTextToImage, type TextToImage } from './text-to-image.ts';
import { type AdapterOptions, accumulated, dryRun, trainAdapter } from './train-adapter.ts';
import { trainables } from './trainables.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-adapter-'));
const data = join(folder, 'data');
const quiet = { update: () => undefined, close: () => undefined };
const training: AdapterTraining = {
  train: 'adapter',
  adapter: { width: 16, layers: 2 },
  rank: 2,
  batch: 8,
  precision: 'single',
  checkpoints: 1,
  lambda: 0.7,
  beta: 2 / 3,
  dropout: 0,
};
const graph = graphOf(['sheep', 'tree', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 2, guidanceScale: 5, sampler: 'euler', style: 'any' };

let tiny: string;
let model: TextToImage;
let set: AdapterSet;

beforeAll(async () => {
  for (const stream of [process.stderr, process.stdout]) vi.spyOn(stream, 'write').mockReturnValue(true);
  vi.stubEnv('SGRAFFITO_CACHE', join(folder, 'cache'));
  const source = writeMiniatureVisualGenome({ images: 60 });
  await runImport('visual-genome', source, { out: data, size: 64, minObjects: 1, minPredicates: 1 });
  tiny = writeTinyStableDiffusion();
  model = await openTextToImage(tiny);
  set = await prepareAdapterSet(model, data, join(folder, 'encoded'), quiet);
});
afterAll(async () => {
  await model.release();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function paint(from: string, of = graph) {
  const engine = await Engine.open(await loadAnyPackage(folderSource(from), { title: 'Tiny' }), nodeRuntime);
  const { picture } = await engine.generate(of, settings);
  const notes = notesOf(engine.manifest).join();
  await engine.release();
  return { pixels: picture.pixels, notes };
}

/** Everything that a step on the first eight pictures needs, always with the same noise. */
async function eight(change: Partial<AdapterTraining> = {}) {
  const built = await buildAdapterGraph(model, set, { ...training, ...change });
  const step = await openAdapterStep(built, 'cpu', change.checkpoints ?? 1);
  const parameters = initializeParameters(built.g, 1, new Map(built.weights));
  const empty = await model.encodeText(model.tokenizer.prompt(''));
  const examples = Array.from({ length: 8 }, (_, i) => set.example(i));
  const { sharesTimestep } = built;
  const feeds = adapterStepFeeds(model, examples, seededNoise(3), { empty, dropout: 0, sharesTimestep });
  return { built, step, parameters, feeds };
}

describe('the training set', () => {
  it('is encoded once, with the tokens of each object and relation', () => {
    expect(set.count).toBeGreaterThanOrEqual(8);
    expect(readdirSync(join(folder, 'encoded')).length).toBe(set.count);
    const { latent, text, feeds } = set.example(0);
    expect([latent.length, text.length]).toEqual([4 * 8 * 8, set.room.tokens * set.width]);
    const { object_places: places, object_mask: mask } = feeds;
    const objects = mask.data.reduce((sum, value) => sum + value, 0);
    const rows = Array.from({ length: objects }, (_, o) =>
      places.data.subarray(o * set.room.tokens, (o + 1) * set.room.tokens).reduce((sum, value) => sum + value, 0),
    );
    // An article and a word at least.
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(2);
  });
});

describe('the training step', () => {
  it.each(trainables)('gradients agree with central differences: %s', async (train) => {
    const { built, step, parameters, feeds } = await eight({ train, batch: 8 });
    // Away from the zeros that gates and updates start at, where the weights behind them have no gradient yet.
    const random = seededNoise(11);
    for (const name of step.trained) {
      const values = parameters.get(name)!;
      for (let i = 0; i < values.length; i++) values[i] = values[i]! + 0.1 * random.normal();
    }
    const { gradients } = await step.run(feeds, parameters);
    const lossAt = async () => (await step.run(feeds, parameters)).numbers.loss!;
    let compared = 0;
    for (const name of step.trained) {
      const [values, gradient] = [parameters.get(name)!, gradients.get(name)!];
      const at = gradient.reduce((most, value, i) => (Math.abs(value) > Math.abs(gradient[most]!) ? i : most), 0);
      if (Math.abs(gradient[at]!) < 2e-3) continue; // single precision cannot tell it from rounding
      const kept = values[at]!;
      const width = 1e-2;
      values[at] = kept + width;
      const above = await lossAt();
      values[at] = kept - width;
      const below = await lossAt();
      values[at] = kept;
      const difference = (above - below) / (2 * width);
      expect(Math.abs(difference - gradient[at]!), name).toBeLessThan(0.05 * Math.abs(gradient[at]!) + 1e-3);
      compared++;
    }
    expect(compared).toBeGreaterThan(train === 'everything' ? 15 : 3);
    expect(built.updated.length).toBe(train === 'low-rank' ? 2 : 0);
    await step.release();
  });

  it('overfits eight graphs to less than a tenth of the first loss', async () => {
    const { step, parameters, feeds } = await eight({ train: 'everything' });
    const trained = new Map(step.trained.map((name) => [name, parameters.get(name)!]));
    const optimizer = adamW({ betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0, decays: () => false });
    let state = optimizer.init(trained);
    const losses: number[] = [];
    for (let i = 0; i < 600; i++) {
      const { numbers, gradients } = await step.run(feeds, parameters);
      losses.push(numbers.loss!);
      state = optimizer.update(trained, gradients, state, 1e-2 * Math.min(1, 1.2 - i / 600), 1);
    }
    expect(losses.at(-1)!).toBeLessThan(0.1 * losses[0]!);
    await step.release();
  });

  it('gives the same gradients with activation checkpointing', async () => {
    const [plain, parted] = [
      await eight({ train: 'everything' }),
      await eight({ train: 'everything', checkpoints: 4 }),
    ];
    const [a, b] = [
      await plain.step.run(plain.feeds, plain.parameters),
      await parted.step.run(parted.feeds, parted.parameters),
    ];
    expect(b.numbers.loss).toBeCloseTo(a.numbers.loss!, 5);
    for (const [name, gradient] of a.gradients) {
      const other = b.gradients.get(name)!;
      const worst = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
      expect(worst, name).toBeLessThan(1e-3);
    }
    await Promise.all([plain.step.release(), parted.step.release()]);
  });

  it('comes close in half precision, with the loss scaled', async () => {
    const [single, half] = [
      await eight({ train: 'everything' }),
      await eight({ train: 'everything', precision: 'half' }),
    ];
    expect(
      half.built.g.nodes.filter(({ op, outputs }) => op === 'MatMul' && outputs[0]!.type === 'float16').length,
    ).toBeGreaterThan(3);
    const expected = await single.step.run(single.feeds, single.parameters);
    const found = await new LossScale().run((factor) =>
      half.step.run({ ...half.feeds, loss_scale: Float32Array.of(factor) }, half.parameters),
    );
    expect(found.numbers.loss).toBeCloseTo(expected.numbers.loss!, 2);
    const norm = (values: Iterable<number>) => Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));
    for (const [name, gradient] of expected.gradients) {
      const other = found.gradients.get(name)!;
      expect(norm(gradient.map((value, i) => value - other[i]!)), name).toBeLessThan(0.03 * norm(gradient) + 1e-4);
    }
    await Promise.all([single.step.release(), half.step.release()]);
  });

  it('takes a smaller scale of the loss when a gradient overflows, and gives up at last', async () => {
    const scales: number[] = [];
    const step = (limit: number) => async (factor: number) => {
      scales.push(factor);
      return {
        numbers: { loss: 1 },
        gradients: new Map([['w', Float32Array.of(factor > limit ? Number.POSITIVE_INFINITY : factor)]]),
      };
    };
    const scale = new LossScale();
    expect((await scale.run(step(1000))).gradients.get('w')).toEqual(Float32Array.of(1));
    expect(scales).toEqual([4096, 2048, 1024, 512]);
    await expect(scale.run(step(0))).rejects.toThrow('train in single precision');
  });

  it('aligns G_global with CLIP’s image features where a tower is given', async () => {
    const tower = writeNetwork({ pixel_values: [1, 3, 224, 224] }, (g, { pixel_values }) => ({
      image_embeds: reshape(g, averagePool(g, pixel_values!, 56), [1, 48]),
    }));
    const seen = await prepareAdapterSet(model, data, join(folder, 'encoded-clip'), quiet, await openClipTower(tower));
    expect(seen.features).toBe(48);
    const { feature } = seen.example(0);
    expect(Math.hypot(...feature!)).toBeCloseTo(1, 5);
    const built = await buildAdapterGraph(model, seen, training);
    const step = await openAdapterStep(built, 'cpu', 1);
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    const examples = Array.from({ length: 8 }, (_, i) => seen.example(i));
    const empty = await model.encodeText(model.tokenizer.prompt(''));
    const given = { empty, dropout: 0, sharesTimestep: built.sharesTimestep };
    const feeds = adapterStepFeeds(model, examples, seededNoise(3), given);
    const trained = new Map(step.trained.map((name) => [name, parameters.get(name)!]));
    const optimizer = adamW({ betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0, decays: () => false });
    let state = optimizer.init(trained);
    const clip: number[] = [];
    for (let i = 0; i < 60; i++) {
      const { numbers, gradients } = await step.run(feeds, parameters);
      const { loss, reconstruction, clip: l, mmd } = numbers as Record<string, number>;
      expect(loss!).toBeCloseTo(0.7 * reconstruction! + 0.3 * ((2 / 3) * l! + mmd! / 3), 4);
      clip.push(l!);
      state = optimizer.update(trained, gradients, state, 1e-2, 1);
    }
    expect(clip.at(-1)!).toBeLessThan(0.3 * clip[0]!);
    await step.release();
  });

  it('accumulates the mean of its batches', async () => {
    const { step, parameters, feeds } = await eight();
    const once = await step.run(feeds, parameters);
    const twice = await accumulated(2, () => step.run(feeds, parameters));
    expect(twice.numbers.loss).toBeCloseTo(once.numbers.loss!, 6);
    for (const [name, gradient] of twice.gradients) {
      gradient.forEach((value, i) => {
        expect(value).toBeCloseTo(once.gradients.get(name)![i]!, 5);
      });
    }
    await step.release();
  });
});

describe('the package', () => {
  it('with an untrained adapter paints what it painted before', async () => {
    const { built, parameters } = await eight();
    const to = join(folder, 'untrained');
    const adapter = adapterModel(training.adapter, { tokens: set.room.tokens, width: set.width }, parameters);
    exportAdapterPackage({ from: tiny, to, adapter, unet: movedWeights(built, parameters) });
    const [before, after] = [await paint(tiny), await paint(to)];
    expect(after.pixels).toEqual(before.pixels);
    expect(before.notes).toMatch(/no graph adapter/);
    expect(after.notes).toMatch(/through its graph adapter/);
  });

  it('is trained, goes on after a stop, and listens to its edges', async () => {
    const out = join(folder, 'trained');
    const said: string[] = [];
    const options: AdapterOptions = {
      ...training,
      train: 'low-rank',
      batch: 2,
      accumulate: 2,
      learningRate: 1e-2,
      seed: 3,
      device: 'cpu',
      package: tiny,
      data,
      out,
      budget: { pictures: 80 },
      say: (line) => said.push(line),
    };
    const run = await dryRun(options);
    expect(run.trained).toBeGreaterThan(1000);
    expect([run.fixed > 0, run.seconds > 0, run.memory > 1e6]).toEqual([true, true, true]);
    await trainAdapter(options);
    expect(said.join('\n')).toMatch(/\d+ pictures.*graph adapter is in/s);
    const once = await paint(out);
    expect(once.pixels).not.toEqual((await paint(tiny)).pixels);
    // The same words, but once one tree is meant and once two: only the adapter can tell.
    const [one, two] = [1, 2].map((tree) =>
      graphOf(
        ['sheep', 'tree', 'tree', 'sheep'],
        [
          [0, 'left of', 1],
          [tree, 'left of', 3],
        ],
      ),
    );
    expect((await paint(tiny, one)).pixels).toEqual((await paint(tiny, two)).pixels);
    expect((await paint(out, one)).pixels).not.toEqual((await paint(out, two)).pixels);

    // Nothing is left to train: the same package.
    await trainAdapter(options);
    expect((await paint(out)).pixels).toEqual(once.pixels);
    await trainAdapter({ ...options, budget: { pictures: 120 } });
    expect((await paint(out)).pixels).not.toEqual(once.pixels);
    await expect(trainAdapter({ ...options, out: tiny })).rejects.toThrow('name another folder with --out');
  });

  it('may keep its weights in another file', async () => {
    const outside = writeTinyStableDiffusion({ external: 'weights.bin' });
    const loaded = await openTextToImage(outside);
    const built = await buildAdapterGraph(loaded, set, { ...training, train: 'low-rank' });
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    for (const name of built.updated) parameters.get(updateName(name, 'up'))!.fill(0.5);
    const to = join(folder, 'outside');
    const adapter = adapterModel(training.adapter, { tokens: set.room.tokens, width: set.width }, parameters);
    exportAdapterPackage({ from: outside, to, adapter, unet: movedWeights(built, parameters) });
    expect((await paint(to)).pixels).not.toEqual((await paint(outside)).pixels);
    await loaded.release();
  });

  it('is asked for on the command line, where its options are its own', async () => {
    const asked = ['src/training/train.ts', 'adapter', tiny, data, '--out', join(folder, 'asked')];
    const options = [
      '--minutes',
      '0.05',
      '--width',
      '16',
      '--batch',
      '2',
      '--train',
      'low-rank',
      '--precision',
      'half',
      '--checkpoints',
      '2',
    ];
    const run = (...more: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', ...asked, ...options, ...more], { encoding: 'utf8' });
    const dry = run('--dry-run');
    expect([dry.status, dry.stderr]).toEqual([
      0,
      expect.stringMatching(/learns: .*million.*\n.*memory: .*\n.* for 16 pictures; \d+ steps in 0\.05 minutes/),
    ]);
    expect(existsSync(join(folder, 'asked'))).toBe(false);
    expect(run().status).toBe(0);
    expect((await paint(join(folder, 'asked'))).notes).toMatch(/through its graph adapter/);
    expect(run('--device', 'abacus')).toMatchObject({ status: 2, stderr: expect.stringMatching(/must be one of cpu/) });
  });

  it('that cannot be trained on is refused with a reason', async () => {
    await expect(openTextToImage('public/models/picturebook')).rejects.toThrow('trained for Stable Diffusion packages');
    const half = await openTextToImage(writeTinyStableDiffusion({ precision: 'float16' }));
    await expect(buildAdapterGraph(half, set, training)).rejects.toThrow(/single precision|float16/);
    await half.release();
    const bare = writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } });
    await expect(openTextToImage(bare)).rejects.toThrow('has no vae_encoder/model.onnx');
    const other = join(folder, 'data-32');
    await runImport('visual-genome', writeMiniatureVisualGenome({ images: 20 }), {
      out: other,
      size: 32,
      minObjects: 1,
      minPredicates: 1,
    });
    await expect(prepareAdapterSet(model, other, join(folder, 'encoded-32'), quiet)).rejects.toThrow(
      'import with --size 64',
    );
    expect(existsSync(join(folder, 'encoded-32'))).toBe(false);
  });
});
