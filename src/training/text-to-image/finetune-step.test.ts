/** The training step on an imported UNet, on the real runtime. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { adamW } from '#onnx/optimizer.ts';
import { type Feeds, initializeParameters } from '#training/trainer/training-step.ts';
import { trainables } from './choices.ts';
import { averaged } from './finetune.ts';
import { buildFinetuneGraph, type FinetuneSettings, finetuneFeeds, openFinetuneStep } from './finetune-step.ts';
import { LossScale } from './unet/half-precision.ts';
import { openWorkshop, training } from './workshop.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const shop = openWorkshop();

const zero = (values: Float32Array): boolean => values.every((value) => value === 0);
const same = (values: Float32Array, others: Float32Array): boolean => values.every((value, i) => value === others[i]);

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
    const files = (name: string) => readdirSync(join(shop.folder, 'encoded', name)).sort();
    expect(files('pictures')).toEqual(['00000.safetensors']);
    expect(files('full')).toEqual(['00000.safetensors', 'empty.safetensors', 'features.json']);
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

describe('what a step is fed', () => {
  const feedsOf = (count: number, dropout: number, sharesTimestep: boolean, seed = 3) => {
    const examples = Array.from({ length: count }, (_, i) => shop.set.example(i % shop.set.count));
    const empty = new Float32Array(shop.set.room.tokens * shop.set.width);
    const feeds = finetuneFeeds(shop.model, examples, seededNoise(seed), { empty, dropout, sharesTimestep });
    return { examples, feeds: feeds as Readonly<Record<string, Float32Array>> };
  };

  it.each([true, false])('latents with noise at the level of a numbered step; one for all: %s', (sharesTimestep) => {
    const { examples, feeds } = feedsOf(6, 0, sharesTimestep);
    expect(feeds.timestep!.length).toBe(sharesTimestep ? 1 : 6);
    expect(new Set(feeds.timestep).size).toBe(sharesTimestep ? 1 : 6);
    const noise = examples.flatMap(({ latent }, index) => {
      const sigma = shop.model.sigmaOf(feeds.timestep![sharesTimestep ? 0 : index]!);
      const { skip, out, in: scale } = shop.model.parametrisation.coefficients(sigma);
      const [sample, target] = [feeds.sample!, feeds.target!].map((data) =>
        data.subarray(index * latent.length, (index + 1) * latent.length),
      ) as [Float32Array, Float32Array];
      const noisy = Array.from(sample, (value) => value / scale);
      // What the network should say brings the clean latent back.
      const missed = noisy.map((x, i) => Math.abs(skip * x + out * target[i]! - latent[i]!));
      expect(Math.max(...missed)).toBeLessThan(1e-3);
      return noisy.map((x, i) => (x - latent[i]!) / sigma);
    });
    const square = noise.reduce((sum, n) => sum + n * n, 0) / noise.length;
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
  });

  it('all steps alike, and so many empty prompts as dropout says', () => {
    const { timestep, keep } = feedsOf(400, 0.3, false).feeds;
    const { trainSteps } = shop.model;
    expect(timestep!.every((step) => Number.isInteger(step) && step >= 0 && step < trainSteps)).toBe(true);
    const mean = timestep!.reduce((sum, step) => sum + step, 0) / 400;
    // Within 4 standard errors.
    expect(Math.abs(mean / trainSteps - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 400));
    expect(new Set(keep)).toEqual(new Set([0, 1]));
    const kept = keep!.reduce((sum, one) => sum + one, 0) / 400;
    expect(Math.abs(kept - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 400));
    expect(new Set(feedsOf(4, 0, false).feeds.keep)).toEqual(new Set([1]));
    expect(new Set(feedsOf(4, 1, false).feeds.keep)).toEqual(new Set([0]));
  });

  it('texts and graphs in the order of the pictures; the same source, the same feeds', () => {
    const { examples, feeds } = feedsOf(3, 0.5, false);
    expect(same(feeds.hidden_states!, joined(examples.map(({ text }) => text)))).toBe(true);
    expect(same(feeds.subjects!, joined(examples.map((example) => example.feeds.subjects.data)))).toBe(true);
    expect(same(feeds.objects!, joined(examples.map((example) => example.feeds.objects.data)))).toBe(true);
    const again = feedsOf(3, 0.5, false).feeds;
    for (const [name, values] of Object.entries(feeds)) expect(same(again[name]!, values), name).toBe(true);
    expect(same(feedsOf(3, 0.5, false, 4).feeds.sample!, feeds.sample!)).toBe(false);
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

  it.each([
    [0, 1],
    [0, 0],
    [1, 0.5],
    [0.3, 0.8],
  ])('L_train = λ·L_recon + (1 − λ)·(β·L_CLIP + (1 − β)·L_MMD) at λ = %d, β = %d', async (lambda, beta) => {
    const { feeds } = await eight();
    const features = 12;
    const built = await buildFinetuneGraph(shop.model, { ...shop.set, features }, { ...training, lambda, beta });
    const step = await openFinetuneStep(built, 'cpu', 1);
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    const raw = Array.from({ length: 8 }, (_, i) => seededNoise(i).normals(features));
    const feature = joined(raw.map((vector) => vector.map((value) => value / Math.hypot(...vector))));
    const { numbers, gradients } = await step.run({ ...feeds, features: feature }, parameters);
    const { loss, reconstruction, clip, mmd } = numbers as Record<string, number>;
    expect(loss).toBeCloseTo(lambda * reconstruction! + (1 - lambda) * (beta * clip! + (1 - beta) * mmd!), 5);
    // Alignment comes by G_global alone; L_recon by it too, and at the start, with closed gates, by these.
    expect(zero(gradients.get('adapter.fromObjects.gate')!)).toBe(lambda === 0);
    expect(zero(gradients.get('adapter.global.weight')!)).toBe(false);
    // Features of length 10: |g − f|² and |g + f|² are 4 · 10² together, for unit vectors g and f.
    const opposite = await step.run({ ...feeds, features: feature.map((value) => -value) }, parameters);
    expect(clip! + opposite.numbers.clip!).toBeCloseTo(400 / features, 3);
    // The mean square of what is missed: moved by c to either side it is larger by c² on the average.
    const moved = async (c: number) => {
      const target = feeds.target!.map((value) => value + c) as Float32Array;
      return (await step.run({ ...feeds, features: feature, target }, parameters)).numbers.reconstruction!;
    };
    expect(((await moved(0.5)) + (await moved(-0.5))) / 2 - reconstruction!).toBeCloseTo(0.25, 4);
    await step.release();
  });

  it('reads the empty prompt, and no graph, where a picture is trained without conditioning', async () => {
    const { step, parameters, feeds } = await eight();
    for (const [name, values] of parameters) if (name.endsWith('.gate')) values.fill(0.7);
    const closed = new Map(
      [...parameters].map(([name, values]) => [
        name,
        name.endsWith('.gate') || name.startsWith('adapter.fromGlobal') ? new Float32Array(values.length) : values,
      ]),
    );
    const lossOf = async (change: Feeds, given = parameters) =>
      (await step.run({ ...feeds, ...change }, given)).numbers.loss!;
    const [kept, dropped] = [new Float32Array(8).fill(1), new Float32Array(8)];
    const others = { hidden_states: (feeds.hidden_states as Float32Array).map((value) => -value) };
    expect(await lossOf({ keep: dropped, ...others })).toBe(await lossOf({ keep: dropped }));
    expect(await lossOf({ keep: kept, ...others })).not.toBe(await lossOf({ keep: kept }));
    const empties = { empty_states: (feeds.empty_states as Float32Array).map((value) => -value) };
    expect(await lossOf({ keep: kept, ...empties })).toBe(await lossOf({ keep: kept }));
    expect(await lossOf({ keep: dropped, ...empties })).not.toBe(await lossOf({ keep: dropped }));
    const empty = joined(Array.from({ length: 8 }, () => feeds.empty_states as Float32Array));
    const asText = await lossOf({ keep: kept, hidden_states: empty }, closed);
    expect(await lossOf({ keep: dropped })).toBeCloseTo(asText, 5);
    // One of them: a graph that only it is told is not heard, one that only the next is told is.
    const one = Float32Array.from(kept, (_, i) => (i === 3 ? 0 : 1));
    const withOther = (index: number) => {
      const hidden = (feeds.hidden_states as Float32Array).slice();
      const size = hidden.length / 8;
      hidden.subarray(index * size, (index + 1) * size).fill(0.5);
      return lossOf({ keep: one, hidden_states: hidden });
    };
    expect(await withOther(3)).toBe(await lossOf({ keep: one }));
    expect(await withOther(4)).not.toBe(await lossOf({ keep: one }));
    await step.release();
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
