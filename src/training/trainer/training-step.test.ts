import { expect, test } from 'vitest';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { mul, square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll, sumAll } from '#onnx/ops/reduction.ts';
import { ForwardPass, initializeParameters, TrainingStep } from './training-step.ts';

const constant = { kind: 'constant', value: 2 } as const;
const normal = { kind: 'normal', deviation: 0.5 } as const;

test('gives the numbers and the gradients of a loss', async () => {
  const g = new GraphBuilder();
  const loss = meanAll(g, square(g, sub(g, g.parameter('w', [2], constant), g.input('x', [2]))));
  const step = await TrainingStep.create({ builder: g, objectives: [{ loss }], numbers: { loss }, device: 'cpu' });
  const { numbers, gradients } = await step.run({ x: Float32Array.of(1, 5) }, initializeParameters(g, 1));
  expect(step.trained).toEqual(['w']);
  expect(numbers).toEqual({ loss: 5 });
  expect(gradients).toEqual(new Map([['w', Float32Array.of(1, -3)]]));
  await step.release();
});

test('two objectives: each player goes downhill on its own loss, though both are in both', async () => {
  const g = new GraphBuilder();
  const product = mul(g, g.parameter('generator', [1], constant), g.parameter('judge', [1], normal));
  const step = await TrainingStep.create({
    builder: g,
    objectives: [
      { loss: sumAll(g, product), trains: (name) => name === 'generator' },
      { loss: sumAll(g, square(g, product)), trains: (name) => name === 'judge' },
    ],
    numbers: {},
    device: 'cpu',
  });
  const parameters = new Map([
    ['generator', Float32Array.of(2)],
    ['judge', Float32Array.of(3)],
  ]);
  const { gradients } = await step.run({}, parameters);
  // d(gj)/dg = j = 3; d(gj)²/dj = 2g²j = 24.
  expect(gradients).toEqual(
    new Map([
      ['generator', Float32Array.of(3)],
      ['judge', Float32Array.of(24)],
    ]),
  );
  await step.release();
});

test('says which feed is missing and which has the wrong size', async () => {
  const g = new GraphBuilder();
  g.output('y', mul(g, g.input('x', [2]), g.parameter('w', [2], constant)));
  const forward = await ForwardPass.create(g, 'cpu');
  const parameters = initializeParameters(g, 1);
  await expect(forward.run({}, parameters)).rejects.toThrow('training step: nothing was given for x');
  await expect(forward.run({ x: Float32Array.of(1, 1) }, new Map())).rejects.toThrow('nothing was given for w');
  await expect(forward.run({ x: new Float32Array(3) }, parameters)).rejects.toThrow('x needs [2], got 3 numbers');
  expect(await forward.run({ x: Float32Array.of(1, 3) }, parameters)).toEqual({ y: Float32Array.of(2, 6) });
  await forward.release();
});

test('a parameter starts from its name and the seed, not from its place; known values stay', () => {
  const start = (names: readonly string[], seed: number, known?: Map<string, Float32Array>) => {
    const g = new GraphBuilder();
    for (const name of names) g.parameter(name, [400], normal);
    return initializeParameters(g, seed, known);
  };
  const forth = start(['a', 'b'], 1);
  expect(start(['b', 'other', 'a'], 1).get('a')).toEqual(forth.get('a'));
  expect(forth.get('b')).not.toEqual(forth.get('a'));
  expect(start(['a'], 2).get('a')).not.toEqual(forth.get('a'));
  const known = new Float32Array(400).fill(4);
  expect(start(['a'], 1, new Map([['a', known]])).get('a')).toBe(known);
  const deviation = Math.sqrt(forth.get('a')!.reduce((sum, value) => sum + value * value, 0) / 400);
  // Within 4 standard errors of the deviation.
  expect(Math.abs(deviation - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(800));
});
