/** The loop on a problem small enough to know: y = x·w by least squares, as a real training graph on ONNX Runtime. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { square, sub } from '#onnx/ops/arithmetic.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { CheckpointStore } from './checkpoint.ts';
import { defaultLoop, type LoopOptions, StoppedError, trainStage } from './train-loop.ts';
import { initializeParameters, TrainingStep } from './training-step.ts';

const TRUE_WEIGHTS = [1, -2, 0.5];
/** No decay by the clock, so that two runs of the same steps are the same run. */
const options = { ...defaultLoop, learningRate: 0.05, warmUpSteps: 5, weightDecay: 0, finalRate: 1, emaDecay: 0.9 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const newStore = () => new CheckpointStore(mkdtempSync(join(tmpdir(), 'sgraffito-')), {});
const reopened = (store: CheckpointStore) => new CheckpointStore(store.folder, {});

interface Toy {
  readonly store: CheckpointStore;
  readonly minutes?: number;
  readonly pictures?: number;
  readonly secondsPerStep?: number;
  /** Called before each step. */
  readonly before?: (step: number, parameters: ReadonlyMap<string, Float32Array>) => void;
  readonly spoil?: (step: number) => boolean;
  readonly sample?: (ema: Map<string, Float32Array>, step: number) => Promise<void>;
  readonly decay?: number;
}

/** Trains; returns the weights and the loss of each step. */
async function trainToy({ store, minutes = 1, pictures, secondsPerStep = 1, before, spoil, sample, decay }: Toy) {
  const g = new GraphBuilder();
  const w = g.parameter('w.weight', [3, 1], { kind: 'normal', deviation: 0.1 });
  const loss = meanAll(g, square(g, sub(g, matMul(g, g.input('x', [8, 3]), w), g.input('y', [8, 1]))));
  const step = await TrainingStep.create({ builder: g, objectives: [{ loss }], numbers: { loss }, device: 'cpu' });
  const losses: number[] = [];
  try {
    const weights = await trainStage({
      name: 'toy',
      budget: pictures === undefined ? { minutes } : { pictures },
      store,
      initial: initializeParameters(g, 1),
      trained: step.trained,
      options: { ...options, ...(decay !== undefined && { emaDecay: decay }) },
      picturesPerStep: 8,
      async step(parameters, position) {
        before?.(position.step, parameters);
        const x = seededNoise(position.step).normals(24);
        const y = Float32Array.from({ length: 8 }, (_, row) =>
          TRUE_WEIGHTS.reduce((sum, weight, i) => sum + weight * x[row * 3 + i]!, 0),
        );
        if (spoil?.(position.step)) x[0] = Number.NaN;
        const result = await step.run({ x, y }, parameters);
        vi.advanceTimersByTime(secondsPerStep * 1000);
        losses.push(result.numbers.loss!);
        return result;
      },
      ...(sample && { sample }),
    });
    return { weights, losses };
  } finally {
    await step.release();
  }
}

test('the loss falls, the weights are found, the time is kept', async () => {
  const store = newStore();
  const samples: number[] = [];
  const { weights, losses } = await trainToy({
    store,
    minutes: 5,
    sample: async (_, step) => {
      samples.push(step);
    },
  });
  expect(losses.length).toBe(300);
  expect(losses[0]).toBeGreaterThan(1);
  expect(losses.at(-1)).toBeLessThan(1e-2);
  weights.get('w.weight')!.forEach((weight, i) => {
    expect(Math.abs(weight - TRUE_WEIGHTS[i]!)).toBeLessThan(0.05);
  });
  expect(await store.secondsTrained('toy')).toBe(300);
  // After four minutes and at the end.
  expect(samples).toEqual([240, 300]);
});

test('a stage whose time is used up runs no further step and gives its averages', async () => {
  const store = newStore();
  const first = await trainToy({ store, minutes: 0.25 });
  expect(first.losses.length).toBe(15);
  const again = await trainToy({ store: reopened(store), minutes: 0.25 });
  expect(again.losses).toEqual([]);
  expect(again.weights).toEqual(first.weights);
  const longer = await trainToy({ store: reopened(store), minutes: 0.5 });
  expect(longer.losses.length).toBe(15);
});

test('a budget of pictures counts pictures, however long they take and however often the run stops', async () => {
  const store = newStore();
  const first = await trainToy({ store, pictures: 80, secondsPerStep: 60 });
  expect(first.losses.length).toBe(10);
  const longer = await trainToy({ store: reopened(store), pictures: 104, secondsPerStep: 1 });
  expect(longer.losses.length).toBe(3);
});

test('the averages are those of every fourth step, each decayed as four steps, and forget the start', async () => {
  const store = newStore();
  const after: number[][] = [];
  await trainToy({
    store,
    pictures: 8 * 60,
    before: (_, parameters) => after.push([...parameters.get('w.weight')!]),
  });
  const saved = await store.load('toy');
  after.push([...saved!.parameters.get('w.weight')!]);
  expect(after.length).toBe(61);
  let average = after[0]!;
  for (let step = 4; step <= 60; step += 4) {
    // Below the 0.9 of the options until step 80.
    const decay = ((1 + step) / (10 + step)) ** 4;
    average = average.map((value, i) => decay * value + (1 - decay) * after[step]![i]!);
  }
  saved!.ema.get('w.weight')!.forEach((value, i) => {
    expect(value).toBeCloseTo(average[i]!, 5);
  });
});

test('without averages the last weights come out, and a stopped run goes on with them', async () => {
  const store = newStore();
  const { weights } = await trainToy({ store, pictures: 80, decay: 0 });
  const saved = await store.load('toy');
  expect(saved!.ema.size).toBe(0);
  expect(weights).toEqual(saved!.parameters);
  expect(await reopened(store).weights('toy')).toEqual(saved!.parameters);
  const longer = await trainToy({ store: reopened(store), pictures: 104, decay: 0 });
  expect(longer.losses.length).toBe(3);
  expect(longer.weights).not.toEqual(weights);
});

test('SIGTERM writes the checkpoint and ends the stage; going on gives what an uninterrupted run gives', async () => {
  const stopAt = (last: number) => (step: number) => {
    if (step === last) process.emit('SIGTERM', 'SIGTERM');
  };
  const listeners = process.listenerCount('SIGTERM');
  const whole = newStore();
  await expect(trainToy({ store: whole, before: stopAt(19) })).rejects.toThrow(StoppedError);
  const parts = newStore();
  await expect(trainToy({ store: parts, before: stopAt(9) })).rejects.toMatchObject({
    message: expect.stringMatching(/^toy: stopped; the checkpoint is written/),
    exitCode: 143,
  });
  expect((await parts.load('toy'))?.optimizer.step).toBe(10);
  await expect(trainToy({ store: reopened(parts), before: stopAt(19) })).rejects.toThrow(StoppedError);
  const saved = await parts.load('toy');
  expect(saved?.optimizer.step).toBe(20);
  expect(saved).toEqual(await whole.load('toy'));
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
});

test('a parameter that a checkpoint lacks, as the code got it later, joins the run', async () => {
  const store = newStore();
  const none = new Map<string, Float32Array>();
  await store.save('toy', {
    parameters: none,
    ema: none,
    optimizer: { step: 40, first: none, second: none },
    seconds: 40,
  });
  const { weights, losses } = await trainToy({ store: reopened(store), minutes: 5 });
  expect(losses.length).toBe(260);
  expect(weights.get('w.weight')![0]).toBeCloseTo(TRUE_WEIGHTS[0]!, 1);
});

test('a kill without warning loses less than a minute of training', async () => {
  const store = newStore();
  const dies = (step: number) => {
    if (step === 38) throw new Error('power cut');
  };
  await expect(trainToy({ store, minutes: 10, secondsPerStep: 7, before: dies })).rejects.toThrow('power cut');
  const lost = 38 * 7 - (await store.secondsTrained('toy'));
  expect(lost).toBeGreaterThanOrEqual(0);
  expect(lost).toBeLessThanOrEqual(60);
  const steps: number[] = [];
  await trainToy({ store: reopened(store), minutes: 10, secondsPerStep: 7, before: (step) => steps.push(step) });
  expect(steps[0]).toBe((await store.secondsTrained('toy')) / 7 - steps.length);
});

test('a gradient that is not finite ends the stage with its name and the step, and never reaches a checkpoint', async () => {
  const store = newStore();
  await expect(trainToy({ store, minutes: 10, secondsPerStep: 10, spoil: (step) => step === 8 })).rejects.toThrow(
    'toy: the gradient is not finite at step 8',
  );
  const saved = await store.load('toy');
  expect(saved?.optimizer.step).toBe(6);
  expect([...saved!.parameters.get('w.weight')!].every(Number.isFinite)).toBe(true);
});

test('a pause in the middle of a step does not count as training', async () => {
  const store = newStore();
  const slept = new Set<number>();
  const { losses } = await trainToy({
    store,
    minutes: 0.5,
    before: (step) => {
      if (step === 10 && !slept.has(step)) vi.advanceTimersByTime(3_600_000);
      slept.add(step);
    },
  });
  expect(losses.length).toBe(30);
});

/** Gradients of three parameters at a step: some of them above the limit of their norm, together. */
const gradientsAt = (step: number): Map<string, Float32Array> =>
  new Map([
    ['a.weight', Float32Array.of(0.4 * Math.cos(step), step === 2 ? -6 : 0.3)],
    ['a.bias', Float32Array.of(0.2 + 0.05 * step)],
  ]);

/** What a stage starts from in `parametersBefore`. */
const start = { 'a.weight': [1, -0.5], 'a.bias': [0.25] } as const;

/** The parameters that each of ten steps is given. */
async function parametersBefore(change: Partial<LoopOptions>): Promise<Map<string, number[]>[]> {
  const given: Map<string, number[]>[] = [];
  const weights = await trainStage({
    name: 'path',
    budget: { pictures: 20 },
    store: newStore(),
    initial: new Map(Object.entries(start).map(([name, values]) => [name, Float32Array.from(values)])),
    trained: Object.keys(start),
    options: { ...defaultLoop, ...change },
    picturesPerStep: 2,
    step: async (parameters, { step }) => {
      given.push(new Map([...parameters].map(([name, values]) => [name, [...values]])));
      return { numbers: {}, gradients: gradientsAt(step) };
    },
  });
  expect([...weights.keys()]).toEqual(Object.keys(start));
  return given;
}

test('ten steps: warm-up, cosine, the norm of all gradients held to its limit, AdamW with decay of weights alone', async () => {
  const rates = { learningRate: 0.1, warmUpSteps: 4, finalRate: 0.2 };
  const options = { ...rates, betas: [0.8, 0.95] as const, weightDecay: 0.3, clip: 1.5 };
  const given = await parametersBefore(options);
  expect(given.length).toBe(10);
  const expected = new Map<string, number[]>(Object.entries(start).map(([name, values]) => [name, [...values]]));
  const moments = new Map([...expected].map(([name, values]) => [name, values.map(() => ({ first: 0, second: 0 }))]));
  given.forEach((parameters, step) => {
    for (const [name, values] of expected) {
      expect(parameters.get(name), `${name} before step ${step}`).toEqual(
        values.map((value) => expect.closeTo(value, 6)),
      );
    }
    const gradients = gradientsAt(step);
    const norm = Math.hypot(...[...gradients.values()].flatMap((gradient) => [...gradient]));
    const progress = (2 * step) / 20;
    const cosine = 0.2 + 0.8 * (0.5 + 0.5 * Math.cos(Math.PI * progress));
    const rate = 0.1 * Math.min(1, (step + 1) / 4) * cosine;
    for (const [name, values] of expected) {
      values.forEach((value, i) => {
        const gradient = gradients.get(name)![i]! * Math.min(1, 1.5 / norm);
        const moment = moments.get(name)![i]!;
        moment.first = 0.8 * moment.first + 0.2 * gradient;
        moment.second = 0.95 * moment.second + 0.05 * gradient ** 2;
        const first = moment.first / (1 - 0.8 ** (step + 1));
        const second = moment.second / (1 - 0.95 ** (step + 1));
        const decayed = name.endsWith('.weight') ? value - rate * 0.3 * value : value;
        values[i] = decayed - (rate * first) / (Math.sqrt(second) + 1e-8);
      });
    }
  });
});
