/** Mistakes are reported where they are made, with the operator and the shapes; what has no gradient still has its right shape. */
import { describe, expect, test } from 'vitest';
import { numbersOf, realTensor, runGraph } from '#onnx/gradient-check.fixture.ts';
import { type Attribute, GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { definitionOf, knownOperators } from '#onnx/registry.ts';
import { add } from './arithmetic.ts';
import { argMax } from './indexing.ts';
import { groupNorm } from './normalization.ts';

const x = (g: GraphBuilder, ...shape: number[]): Value => g.input(`x${g.inputs.length}`, shape);

type Faulty = readonly [string, (g: GraphBuilder) => readonly (Value | undefined)[], Record<string, Attribute>, string];

describe('an operator that is given what it cannot take', () => {
  test.each<Faulty>([
    ['Add', (g) => [x(g, 2, 3), x(g, 4)], {}, 'shapes [2,3] and [4] do not broadcast together'],
    ['Mul', (g) => [x(g, 2), g.integers([1, 2])], {}, 'the types differ (inputs x0: float32[2]; constant_1: int64[2])'],
    ['Max', (g) => [x(g, 2), x(g, 2), x(g, 2)], {}, 'takes two inputs'],
    ['Exp', (g) => [g.integers([1])], {}, 'needs real numbers (inputs constant_1: int64[1])'],
    ['Exp', () => [], {}, 'needs input 0'],
    ['Where', (g) => [x(g, 2), x(g, 2), x(g, 2)], {}, 'the condition must be bool'],
    ['Clip', (g) => [x(g, 2), x(g, 2)], {}, 'bounds must be float32 scalars'],
    [
      'MatMul',
      (g) => [x(g, 2, 3), x(g, 4, 5)],
      {},
      'inner dimensions 3 and 4 differ (inputs x0: float32[2, 3]; x1: float32[4, 5])',
    ],
    ['MatMul', (g) => [x(g, 3), x(g, 3, 5)], {}, 'needs ranks of at least 2'],
    ['Gemm', (g) => [x(g, 2, 3), x(g, 3, 5), x(g, 4)], {}, 'shapes [2,5] and [4] do not broadcast together'],
    ['Gemm', (g) => [x(g, 2, 1), x(g, 1, 1), x(g, 2, 7)], {}, 'the bias does not fit [2, 1]'],
    [
      'Conv',
      (g) => [x(g, 1, 3, 4, 4), x(g, 2, 4, 3, 3)],
      {},
      'weight is for 4 channels (inputs x0: float32[1, 3, 4, 4]; x1: float32[2, 4, 3, 3])',
    ],
    ['Conv', (g) => [x(g, 1, 3, 4, 4), x(g, 2, 3, 5, 3)], {}, 'a window of 5 × 3 is larger than the picture'],
    ['Conv', (g) => [x(g, 1, 3, 4), x(g, 2, 3, 3)], {}, 'needs a weight of rank 4'],
    ['Conv', (g) => [x(g, 1, 4, 4, 4), x(g, 3, 2, 1, 1)], { group: 2 }, '3 channels in 2 groups'],
    ['Conv', (g) => [x(g, 1, 1, 4, 4), x(g, 3, 1, 1, 1), x(g, 2)], {}, 'bias must be [3]'],
    ['Conv', (g) => [x(g, 1, 1, 4, 4), x(g, 3, 1, 1, 1)], { strides: [0, 1] }, 'strides [0,1]'],
    ['Conv', (g) => [x(g, 1, 1, 4, 4), x(g, 3, 1, 1, 1)], { pads: [0, -1, 0, 0] }, 'pads [0,-1,0,0] are negative'],
    [
      'ConvTranspose',
      (g) => [x(g, 1, 1, 4, 4), x(g, 1, 1, 2, 2)],
      { output_padding: [1, 0] },
      'output_padding [1,0] must be smaller than strides [1,1]',
    ],
    ['ConvTranspose', (g) => [x(g, 1, 1, 1, 1), x(g, 1, 1, 2, 2)], { pads: [1, 1, 1, 1] }, 'leave nothing'],
    [
      'ConvTranspose',
      (g) => [x(g, 1, 1, 1, 1), x(g, 1, 1, 2, 2)],
      { auto_pad: 'SAME_UPPER' },
      'auto_pad and output_shape are not supported',
    ],
    ['AveragePool', (g) => [x(g, 1, 1, 4, 4)], { kernel_shape: [2, 2], ceil_mode: 1 }, 'ceil_mode is not supported'],
    [
      'AveragePool',
      (g) => [x(g, 1, 1, 4, 4)],
      { kernel_shape: [2, 2], pads: [2, 0, 0, 0] },
      'are as large as the window',
    ],
    [
      'AveragePool',
      (g) => [x(g, 1, 1, 4, 4)],
      { kernel_shape: [5, 1] },
      'larger than the picture (inputs x0: float32[1, 1, 4, 4])',
    ],
    ['Resize', (g) => [x(g, 1, 1, 2, 2), undefined, g.filled([4], 1.5)], {}, 'only constant whole factors'],
    [
      'Resize',
      (g) => [x(g, 1, 1, 2, 2), undefined, g.filled([4], 1)],
      { mode: 'linear' },
      'attribute mode is "linear"; supported: nearest',
    ],
    [
      'Resize',
      (g) => [x(g, 1, 1, 2, 2), undefined, g.filled([4], 1)],
      { coordinate_transformation_mode: 'align_corners' },
      'align_corners with round_prefer_floor is not supported',
    ],
    ['Reshape', (g) => [x(g, 2, 3), g.integers([4, 2])], {}, '[2,3] does not fit [4,2]'],
    ['Reshape', (g) => [x(g, 2), x(g, 1)], {}, 'argument x1 must be a constant'],
    ['Transpose', (g) => [x(g, 2, 3)], { perm: [0, 2] }, '[0,2] is no permutation of the axes'],
    ['Concat', (g) => [x(g, 2, 3), x(g, 3, 3)], { axis: 1 }, 'inputs differ outside axis 1'],
    ['Concat', (g) => [x(g, 2, 3)], {}, 'attribute axis must be an integer'],
    ['Split', (g) => [x(g, 2, 3), g.integers([1, 1])], { axis: 1 }, 'parts [1,1] do not add up to axis 1'],
    ['Slice', (g) => [x(g, 4), g.integers([0]), g.integers([2]), g.integers([0]), g.integers([0])], {}, 'a step of 0'],
    ['Slice', (g) => [x(g, 4), g.integers([0]), g.integers([2, 3])], {}, 'must be of one length'],
    ['Pad', (g) => [x(g, 4), g.integers([1])], {}, 'needs 2 paddings, got 1'],
    ['Pad', (g) => [x(g, 4), g.integers([-3, -2])], {}, 'cut too much'],
    [
      'Pad',
      (g) => [x(g, 4), g.integers([1, 1])],
      { mode: 'reflect' },
      'attribute mode is "reflect"; supported: constant',
    ],
    ['Squeeze', (g) => [x(g, 2, 1), g.integers([0])], {}, 'an axis is not 1'],
    ['Unsqueeze', (g) => [x(g, 2), g.integers([4])], {}, 'axis 4 is out of range for rank 2'],
    ['Gather', (g) => [x(g, 2), x(g, 2)], {}, 'needs integer indices'],
    ['GatherND', (g) => [x(g, 2), g.integers([0, 0])], {}, 'the last axis of the indices must be from 1 to 1'],
    ['ScatterND', (g) => [x(g, 2), g.integers([0]), x(g, 2)], { reduction: 'add' }, 'updates must be float32[]'],
    ['ScatterND', (g) => [x(g, 2), g.integers([0]), x(g)], {}, 'only reduction "add" is supported'],
    ['Softmax', (g) => [x(g, 2)], { axis: 1 }, 'axis 1 is out of range for rank 1'],
    ['ReduceSum', (g) => [x(g, 2), g.integers([0, -1])], {}, 'axes [0,-1] repeat'],
    ['ReduceMean', (g) => [x(g, 2)], { axes: [0] }, 'axes are an input, not an attribute'],
    [
      'LayerNormalization',
      (g) => [x(g, 2, 3), x(g, 2)],
      {},
      'gain and bias must be [3] (inputs x0: float32[2, 3]; x1: float32[2])',
    ],
    [
      'InstanceNormalization',
      (g) => [x(g, 2, 3, 4), x(g, 4), x(g, 3)],
      {},
      'input 1 must be [3], one number per channel',
    ],
    ['DepthToSpace', (g) => [x(g, 1, 6, 2, 2)], { blocksize: 2 }, '6 channels do not fill blocks of 2'],
    ['SpaceToDepth', (g) => [x(g, 1, 6, 2, 3)], { blocksize: 2 }, '2 × 3 is no multiple of 2'],
    ['Cast', (g) => [x(g, 1)], { to: 11 }, 'element type 11 is not supported'],
    ['Einsum', (g) => [x(g, 1)], {}, 'this operator is not known (inputs x0: float32[1])'],
  ])('%s', (op, inputs, attributes, message) => {
    const g = new GraphBuilder();
    const given = inputs(g);
    expect(() => g.apply(op, given, attributes)).toThrow(GraphError);
    expect(() => g.apply(op, given, attributes)).toThrow(`${op}: `);
    expect(() => g.apply(op, given, attributes)).toThrow(message);
    expect(g.nodes).toEqual([]);
  });

  test('composites name themselves', () => {
    const g = new GraphBuilder();
    const vector = g.filled([6], 1);
    expect(() => groupNorm(g, x(g, 1, 6, 2, 2), 4, vector, vector)).toThrow('GroupNorm: 6 channels in 4 groups');
  });
});

describe('operators without a gradient', () => {
  const comparisons = ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'];

  test('are these, and gradients stop at all of them', () => {
    const without = knownOperators().filter((op) => !definitionOf(op)?.gradient);
    expect(without.toSorted()).toEqual([...comparisons, 'ArgMax', 'Not', 'Sign'].toSorted());
    for (const op of without) expect(definitionOf(op)?.stopsGradient, op).toBe(true);
  });

  test('have the shapes and values that ONNX Runtime gives', async () => {
    const g = new GraphBuilder();
    const [a, b] = [g.input('a', [2, 1]), g.input('b', [3])];
    for (const op of comparisons) g.output(op, g.one(op, [a, b]));
    g.output('Not', g.one('Not', [g.one('Less', [a, b])]));
    g.output('Sign', g.one('Sign', [a]));
    g.output('ArgMax', argMax(g, add(g, a, b)));
    g.output('ArgMax kept', g.one('ArgMax', [b], {}));
    const found = await runGraph(g, { a: realTensor([2, 1], [-1, 2]), b: realTensor([3], [-1, 2, 0]) });
    for (const { name, value } of g.outputs)
      expect([found[name]?.type, found[name]?.dims], name).toEqual([value.type, value.shape]);
    expect(found.ArgMax?.data).toEqual(BigInt64Array.of(1n, 1n));
    expect(found['ArgMax kept']?.data).toEqual(BigInt64Array.of(1n));
    expect(numbersOf(found.Less)).toEqual([0, 1, 1, 0, 0, 0]);
    expect(numbersOf(found.GreaterOrEqual)).toEqual([1, 0, 0, 1, 1, 1]);
    expect(numbersOf(found.Not)).toEqual([1, 0, 0, 1, 1, 1]);
  });
});

describe('the builder', () => {
  test('shares equal scalars and lists, and the weights of one name', () => {
    const g = new GraphBuilder();
    expect(g.scalar(2)).toBe(g.scalar(2));
    expect(g.integers([1, 2])).toBe(g.integers([1, 2]));
    const start = { kind: 'constant', value: 0 } as const;
    expect(g.parameter('w', [2, 3], start)).toBe(g.parameter('w', [2, 3], start));
    expect(() => g.parameter('w', [2, 4], start)).toThrow('Parameter: w was declared as [2,3] and now as [2,4]');
    expect(() => g.parameter('w', [3, 2], start)).toThrow('Parameter: w was declared as [2,3] and now as [3,2]');
  });

  test('refuses constants whose data do not fill them', () => {
    const g = new GraphBuilder();
    expect(() => g.constant(realTensor([2, 2], [1, 2, 3]))).toThrow('Constant: 3 elements do not fill [2,2]');
  });
});
