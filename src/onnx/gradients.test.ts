import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { elementwiseCases, elementwiseComposites } from './gradient-cases/elementwise.fixture.ts';
import { layoutCases } from './gradient-cases/layout.fixture.ts';
import { spatialCases, spatialComposites } from './gradient-cases/spatial.fixture.ts';
import {
  between,
  checkGradients,
  type GradientCase,
  numbersOf,
  realTensor,
  runGraph,
  seededRandom,
} from './gradient-check.fixture.ts';
import { gradients } from './gradients.ts';
import { elements, type Value } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { OpDefinition } from './op-definition.ts';
import { silu } from './ops/activation.ts';
import { add, mul, scale, square, sumOf } from './ops/arithmetic.ts';
import { matMul } from './ops/matrix.ts';
import { layerNorm } from './ops/normalization.ts';
import { sumAll } from './ops/reduction.ts';
import { definitionOf, knownOperators } from './registry.ts';

const cases = { ...elementwiseCases, ...layoutCases, ...spatialCases };
const composites = { ...elementwiseComposites, ...spatialComposites };
const RUNS = { numRuns: 15, seed: 2, endOnFailure: true };

describe('the gradient of each operator agrees with central differences, its shape with ONNX Runtime', () => {
  test.each(Object.entries(cases))('%s', async (op, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (drawn) => {
        expect(await checkGradients(drawn)).toContain(op);
      }),
      // A slice has more corners than others: signs of starts, ends, steps and axes.
      op === 'Slice' ? { ...RUNS, numRuns: 60 } : RUNS,
    );
  });

  test('none with a rule is left out', () => {
    const withRule = knownOperators().filter((op) => definitionOf(op)?.gradient);
    expect(Object.keys(cases).toSorted()).toEqual(withRule.toSorted());
  });
});

describe('so does the gradient of what is composed of operators', () => {
  test.each(Object.entries(composites))('%s', async (_, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (drawn) => {
        await checkGradients(drawn);
      }),
      RUNS,
    );
  });
});

describe('the check itself', () => {
  test('notices a gradient that is half of what it should be', async () => {
    const sine = definitionOf('Sin') as Required<OpDefinition>;
    const rule = sine.gradient;
    const halved = vi
      .spyOn(sine, 'gradient')
      .mockImplementation((context) => rule(context).map((dx) => dx && scale(context.builder, dx, 0.5)));
    const drawn: GradientCase = { inputs: [[3, 2]], seed: 1, build: (g, [x]) => g.one('Sin', [x]) };
    await expect(checkGradients(drawn)).rejects.toThrow(/input 0 \[3,2\]/);
    halved.mockRestore();
    await checkGradients(drawn);
  });
});

describe('gradients', () => {
  test('name the operator that has no rule', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const y = g.one('Sin', [x]);
    g.nodes.push({ op: 'Bare', domain: '', inputs: [y], outputs: [{ ...y, name: 'bare' }], attributes: {} });
    const loss = sumAll(g, { ...y, name: 'bare' });
    expect(() => gradients(g, loss, [x])).toThrow(
      /^Bare: no gradient rule for this operator \(inputs Sin_1: float32\[2\]\)/,
    );
  });

  test('name the operator and the input that has no rule', () => {
    const g = new GraphBuilder();
    const value = g.input('value', []);
    const padded = g.one('Pad', [g.filled([2], 1), g.integers([1, 1]), value]);
    expect(() => gradients(g, sumAll(g, padded), [value])).toThrow(/^Pad: no gradient rule for the value to pad with/);
    const statistics = g.apply('LayerNormalization', [g.input('x', [2, 3]), g.filled([3], 1)]);
    const [x] = g.inputs.slice(-1) as [Value];
    expect(() => gradients(g, sumAll(g, statistics[1]!), [x])).toThrow(/^LayerNormalization: no gradient rule/);
  });

  test('ask for a scalar loss', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2, 3]);
    expect(() => gradients(g, x, [x])).toThrow(/the loss must be a single number \(inputs x: float32\[2, 3\]\)/);
  });

  test('are zero where the loss does not depend on a target, and where they are stopped', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const other = g.input('other', [3]);
    const loss = sumAll(g, g.one('Add', [mul(g, x, x), g.one('Sign', [x])]));
    const [dx, dOther] = gradients(g, loss, [x, other]) as [Value, Value];
    g.output('dx', dx);
    g.output('dOther', dOther);
    const feeds = { x: realTensor([2], [1, -3]), other: realTensor([3], [1, 2, 3]) };
    const found = await runGraph(g, feeds);
    expect(numbersOf(found.dx)).toEqual([2, -6]);
    expect(numbersOf(found.dOther)).toEqual([0, 0, 0]);
  });

  test('reach values on the way, not only inputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const middle = g.one('Exp', [x]);
    const loss = sumAll(g, mul(g, middle, middle));
    const [dMiddle] = gradients(g, loss, [middle]) as [Value];
    g.output('dMiddle', dMiddle);
    const found = await runGraph(g, { x: realTensor([2], [0, Math.log(3)]) });
    expect(numbersOf(found.dMiddle).map((value) => value.toFixed(4))).toEqual(['2.0000', '6.0000']);
  });

  test('can be differentiated again', async () => {
    await checkGradients({
      inputs: [
        [2, 3],
        [3, 4],
      ],
      seed: 5,
      // The squared norm of a gradient, as in a gradient penalty.
      build(g, [x, weight]) {
        const score = sumAll(g, g.one('Tanh', [g.one('MatMul', [x, weight])]));
        const [slope] = gradients(g, score, [x!]) as [Value];
        return sumAll(g, mul(g, slope, slope));
      },
    });
  });

  test.each([
    ['Relu', 0, 0],
    ['Abs', 0, 0],
  ])('%s at its kink', async (op, at, slope) => {
    const g = new GraphBuilder();
    const x = g.input('x', []);
    g.output('dx', gradients(g, g.one(op, [x]), [x])[0]!);
    expect((await runGraph(g, { x: realTensor([], [at]) })).dx?.data[0]).toBe(slope);
  });

  test('equal extremes share the gradient', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 1, 2, 2]);
    g.output('dx', gradients(g, sumAll(g, g.one('ReduceMax', [x])), [x])[0]!);
    const found = await runGraph(g, { x: realTensor([1, 1, 2, 2], [4, 1, 4, 2]) });
    expect(numbersOf(found.dx)).toEqual([0.5, 0, 0.5, 0]);
  });
});

describe('activation checkpointing', () => {
  const [ROWS, WIDTH, LAYERS] = [16, 8, 12];

  /** A residual network, its loss and all gradients. */
  function network(segments: number): { g: GraphBuilder; loss: Value; found: Value[] } {
    const g = new GraphBuilder();
    let x = g.input('x', [ROWS, WIDTH]);
    const weights = Array.from({ length: LAYERS }, (_, i) => g.input(`w${i}`, [WIDTH, WIDTH]));
    for (const w of weights)
      x = add(g, x, silu(g, layerNorm(g, matMul(g, x, w), g.filled([WIDTH], 1), g.filled([WIDTH], 0))));
    const loss = sumOf(g, [sumAll(g, square(g, x))]);
    return { g, loss, found: gradients(g, loss, [g.inputs[0]!, ...weights], { segments }) };
  }

  /** Numbers held at once when the nodes run in their order and each value is dropped after its last use. */
  function peakNumbers({ nodes }: GraphBuilder, kept: readonly Value[]): number {
    const lastUse = new Map(kept.map(({ name }) => [name, nodes.length]));
    for (const [at, { inputs }] of nodes.entries()) {
      for (const input of inputs) if (input) lastUse.set(input.name, Math.max(at, lastUse.get(input.name) ?? 0));
    }
    let [held, peak] = [0, 0];
    const leaving = new Map<number, number>();
    for (const [at, { outputs }] of nodes.entries()) {
      for (const { name, shape } of outputs) {
        const size = elements(shape);
        const end = lastUse.get(name) ?? at;
        held += size;
        leaving.set(end, (leaving.get(end) ?? 0) + size);
      }
      peak = Math.max(peak, held);
      held -= leaving.get(at) ?? 0;
    }
    return peak;
  }

  test.each([2, 3, 5, 40])('in %i parts gives the same gradients', async (segments) => {
    const random = seededRandom(3);
    const shapes = [[ROWS, WIDTH], ...Array.from({ length: LAYERS }, () => [WIDTH, WIDTH])];
    const values = between(-0.7, 0.7)(shapes.map(elements), random);
    const run = async (parts: number) => {
      const { g, found } = network(parts);
      for (const [i, gradient] of found.entries()) g.output(`d${i}`, gradient);
      const feeds = Object.fromEntries(g.inputs.map(({ name, shape }, i) => [name, realTensor(shape, values[i]!)]));
      return runGraph(g, feeds);
    };
    const [plain, parted] = [await run(1), await run(segments)];
    for (const [name, tensor] of Object.entries(plain)) {
      const other = numbersOf(parted[name]);
      for (const [i, value] of numbersOf(tensor).entries()) {
        expect(Math.abs(other[i]! - value)).toBeLessThan(1e-3 * (1 + Math.abs(value)));
      }
    }
  });

  test('holds less at once', () => {
    const [plain, parted] = [network(1), network(4)].map(({ g, found }) => peakNumbers(g, found));
    expect(parted!).toBeLessThan(0.6 * plain!);
  });
});
