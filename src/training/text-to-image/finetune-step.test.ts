/** The training step on an imported UNet, on the real runtime. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { adamW } from '#onnx/optimizer.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { trainables } from './choices.ts';
import { averaged } from './finetune.ts';
import { buildFinetuneGraph, type FinetuneSettings, finetuneFeeds, openFinetuneStep } from './finetune-step.ts';
import { LossScale } from './half-precision.ts';
import { openWorkshop, training } from './workshop.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const shop = openWorkshop();

/** Everything that a step on the first eight pictures needs, always with the same noise. */
async function eight(change: Partial<FinetuneSettings> = {}) {
  const built = await buildFinetuneGraph(shop.model, shop.set, { ...training, ...change });
  const step = await openFinetuneStep(built, 'cpu', change.checkpoints ?? 1);
  const parameters = initializeParameters(built.g, 1, new Map(built.weights));
  const examples = Array.from({ length: 8 }, (_, i) => shop.set.example(i));
  const { sharesTimestep } = built;
  const { empty } = shop.set;
  const feeds = finetuneFeeds(shop.model, examples, seededNoise(3), { empty, dropout: 0, sharesTimestep });
  return { built, step, parameters, feeds };
}

describe('the training set', () => {
  it('is encoded once, with the tokens of each object and relation', () => {
    expect(shop.set.count).toBeGreaterThanOrEqual(8);
    const files = ['00000.safetensors', 'empty.safetensors', 'features.json'];
    expect(readdirSync(join(shop.folder, 'encoded')).sort()).toEqual(files);
    const { latent, text, feeds } = shop.set.example(0);
    expect([latent.length, text.length]).toEqual([4 * 8 * 8, shop.set.room.tokens * shop.set.width]);
    const { object_places: places, object_mask: mask } = feeds;
    const objects = mask.data.reduce((sum, value) => sum + value, 0);
    const rows = Array.from({ length: objects }, (_, o) =>
      places.data
        .subarray(o * shop.set.room.tokens, (o + 1) * shop.set.room.tokens)
        .reduce((sum, value) => sum + value, 0),
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

  it('averages its batches', async () => {
    const { step, parameters, feeds } = await eight();
    const once = await step.run(feeds, parameters);
    const twice = await averaged([feeds, feeds], (one) => step.run(one, parameters));
    expect(twice.numbers.loss).toBeCloseTo(once.numbers.loss!, 6);
    for (const [name, gradient] of twice.gradients) {
      gradient.forEach((value, i) => {
        expect(value).toBeCloseTo(once.gradients.get(name)![i]!, 5);
      });
    }
    await step.release();
  });
});
