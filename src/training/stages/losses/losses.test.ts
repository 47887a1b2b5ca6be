import { expect, test } from 'vitest';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';
import { binaryCrossEntropy, edgeLoss, infoNce, l1, l2, mmd } from './losses.ts';
import golden from './mmd.fixture.json';

interface Given {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What ONNX Runtime computes for a loss of the given tensors. */
async function computed(loss: (g: GraphBuilder, ...inputs: Value[]) => Value, ...given: Given[]): Promise<number[]> {
  const g = new GraphBuilder();
  const inputs = given.map(({ shape }, i) => g.input(`input${i}`, [...shape]));
  g.output('loss', loss(g, ...inputs));
  const forward = await ForwardPass.create(g, 'cpu');
  const feeds = Object.fromEntries(given.map(({ data }, i) => [`input${i}`, Float32Array.from(data)]));
  const { loss: result } = await forward.run(feeds, new Map());
  await forward.release();
  return [...result!];
}

const rows = (...data: number[][]): Given => ({ shape: [data.length, data[0]!.length], data: data.flat() });

test('L1 and L2 are means over all numbers', async () => {
  const [a, b] = [rows([1, 2], [3, 4]), rows([1, 0], [6, 3])] as const;
  expect(await computed(l1, a, b)).toEqual([1.5]);
  expect(await computed(l2, a, b)).toEqual([3.5]);
});

test('the edge loss sees differences of neighbours and no common shift', async () => {
  const picture = (data: number[]): Given => ({ shape: [1, 1, 2, 3], data });
  const flat = picture([0, 0, 0, 0, 0, 0]);
  expect(await computed(edgeLoss, picture([5, 5, 5, 5, 5, 5]), flat)).toEqual([0]);
  // Across: |1−0|, |3−1|, 0, 0: mean 3/4. Down: 0, |0−1|, |0−3|: mean 4/3.
  const [value] = await computed(edgeLoss, picture([0, 1, 3, 0, 0, 0]), flat);
  expect(value).toBeCloseTo(3 / 4 + 4 / 3, 6);
});

test('binary cross-entropy with logits, element by element, large logits included', async () => {
  const result = await computed(binaryCrossEntropy, rows([0, 2, -3, 80, -80]), rows([1, 0, 0.25, 1, 1]));
  const p = (x: number) => 1 / (1 + Math.exp(-x));
  expect(result[0]).toBeCloseTo(Math.log(2), 6);
  expect(result[1]).toBeCloseTo(-Math.log(1 - p(2)), 5);
  expect(result[2]).toBeCloseTo(-0.25 * Math.log(p(-3)) - 0.75 * Math.log(1 - p(-3)), 5);
  expect(result[3]).toBeCloseTo(0, 6);
  expect(result[4]).toBeCloseTo(80, 4);
});

test('InfoNCE: ln(batch) when all features are the same, −ln softmax of the scale when orthogonal, more when crossed', async () => {
  const scale: Given = { shape: [1], data: [Math.log(10)] };
  const same = rows([1, 0], [1, 0], [1, 0]);
  expect((await computed(infoNce, same, same, scale))[0]).toBeCloseTo(Math.log(3), 5);
  const [a, b] = [rows([1, 0], [0, 1]), rows([0, 1], [1, 0])] as const;
  expect((await computed(infoNce, a, a, scale))[0]).toBeCloseTo(Math.log(1 + Math.exp(-10)), 5);
  expect((await computed(infoNce, a, b, scale))[0]).toBeCloseTo(10 + Math.log(1 + Math.exp(-10)), 4);
});

test('MMD²: zero of equal samples, Σ 2 − 2·exp(−d²/2a) of two points, batches of different sizes', async () => {
  const sample = rows([1, 2], [-3, 0.5], [0, 4]);
  expect((await computed(mmd, sample, sample))[0]).toBeCloseTo(0, 5);
  const expected = [10, 15, 20, 50].reduce((sum, a) => sum + 2 - 2 * Math.exp(-25 / (2 * a)), 0);
  expect((await computed(mmd, rows([0, 0]), rows([3, 4])))[0]).toBeCloseTo(expected, 5);
  expect((await computed(mmd, rows([0, 0], [0, 0]), rows([3, 4])))[0]).toBeCloseTo(expected, 5);
});

test('MMD² of two batches is PyTorch’s', async () => {
  const { shape, x, y } = golden;
  const [value] = await computed(mmd, { shape, data: x }, { shape, data: y });
  expect(value).toBeCloseTo(golden.mmd, 5);
});
