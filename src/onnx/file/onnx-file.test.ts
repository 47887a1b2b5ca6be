import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { numbersOf, realTensor, runGraph, SESSION_OPTIONS, seededRandom } from '#onnx/gradient-check.fixture.ts';
import { gradients } from '#onnx/gradients.ts';
import { GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { leakyRelu, softmax } from '#onnx/ops/activation.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import { conv2d } from '#onnx/ops/convolution.ts';
import { gather } from '#onnx/ops/indexing.ts';
import { reshape, slice, split } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { groupNorm, layerNorm } from '#onnx/ops/normalization.ts';
import { upsampleNearest } from '#onnx/ops/pooling.ts';
import { sumAll } from '#onnx/ops/reduction.ts';
import { writeOnnx } from './onnx-file.ts';
import { readOnnx } from './onnx-reader.ts';
import { attributeType, ModelProto, type NodeMessage, type TensorMessage } from './proto.ts';

const random = seededRandom(3);
const uniform = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const start = { kind: 'normal', deviation: 1 } as const;

/** A network with every kind of attribute, constants, shared weights, several outputs, an optional input left out and dead ends. */
function network(): { g: GraphBuilder; parameters: Map<string, Float32Array> } {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 3, 4, 4]);
  const ids = g.input('ids', [2], 'int32');
  const weight = g.parameter('weight', [4, 3, 3, 3], start);
  const table = g.parameter('table', [5, 4], start);
  const gain = g.parameter('gain', [4], start);
  g.parameter('unused', [7], start);
  g.one('Exp', [x]);
  const image = groupNorm(g, leakyRelu(g, conv2d(g, x, weight, { padding: 1 }), 0.2), 2, gain, g.filled([4], 0));
  const wide = upsampleNearest(g, image, 2);
  const [left, right] = split(g, wide, 1, [1, 3]) as [Value, Value];
  const words = reshape(g, gather(g, table, ids), [2, 4]);
  const clipped = g.one('Clip', [slice(g, right, [3], [-1], [-(2 ** 31)], [-2]), undefined, g.scalar(0.3)]);
  g.output('left', g.one('Gelu', [left]));
  g.output('clipped', clipped);
  g.output('words', softmax(g, layerNorm(g, matMul(g, words, g.filled([4, 4], 0.5)), gain, gain)));
  const sizes = { weight: 108, table: 20, gain: 4, unused: 7 };
  return { g, parameters: new Map(Object.entries(sizes).map(([name, count]) => [name, uniform(count)])) };
}

const feeds = {
  x: realTensor([2, 3, 4, 4], uniform(96)),
  ids: { type: 'int32', shape: [2], data: Int32Array.of(4, 1) },
} as const;

async function results(model: Uint8Array): Promise<Record<string, number[]>> {
  const found = await runGraph(new GraphBuilder(), feeds, model);
  return Object.fromEntries(['left', 'clipped', 'words'].map((name) => [name, numbersOf(found[name])]));
}

/** A model file with one graph, from its messages. */
function file(node: NodeMessage[], initializer: TensorMessage[], opset = 17, dims: number[] = [2, 3]): Uint8Array {
  const type = { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } };
  const graph = {
    node,
    initializer,
    input: [{ name: 'x', type }],
    output: [{ name: 'y', type: { tensorType: { elemType: 1 } } }],
  };
  return ModelProto.encode({ irVersion: 8, opsetImport: [{ version: opset }], graph }).finish();
}

describe('a written model', () => {
  test('read and written again gives the same results', async () => {
    const { g, parameters } = network();
    const first = writeOnnx(g, { parameters });
    const expected = await results(first);
    const second = writeOnnx(readOnnx(first).builder);
    expect(await results(second)).toEqual(expected);
    const asParameters = readOnnx(second, { asParameters: true });
    expect([...asParameters.parameters.keys()]).toEqual(expect.arrayContaining(['weight', 'table', 'gain']));
    expect(await results(writeOnnx(asParameters.builder, { parameters: asParameters.parameters }))).toEqual(expected);
  });

  test('takes parameters as inputs, in order of declaration, when none are given', async () => {
    const { g, parameters } = network();
    const session = await ort.InferenceSession.create(writeOnnx(g), SESSION_OPTIONS);
    expect(session.inputNames).toEqual(['x', 'ids', 'weight', 'table', 'gain', 'unused']);
    await session.release();
    const given = [...g.parameters].map(([name, { value }]) => [
      name,
      realTensor(value.shape, parameters.get(name) ?? []),
    ]);
    const found = await runGraph(g, { ...feeds, ...Object.fromEntries(given) });
    expect(numbersOf(found.words)).toEqual((await results(writeOnnx(g, { parameters }))).words);
  });

  test('holds neither dead nodes nor constants and parameters that nothing uses', () => {
    const { g, parameters } = network();
    const text = new TextDecoder('latin1').decode(writeOnnx(g, { parameters }));
    expect(g.nodes.some(({ op }) => op === 'Exp')).toBe(true);
    expect(text).toContain('weight');
    expect(text).not.toContain('Exp');
    expect(text).not.toContain('unused');
  });

  test('in half precision is half as large and off by at most 2⁻¹¹ of each weight', async () => {
    const build = (values: Float32Array, half: boolean) => {
      const g = new GraphBuilder();
      g.output('y', add(g, g.input('x', [values.length]), g.parameter('weight', [values.length], start)));
      return writeOnnx(g, { parameters: new Map([['weight', values]]), half });
    };
    const values = uniform(5000);
    const model = build(values, true);
    expect(model.length).toBeLessThan(0.52 * build(values, false).length);
    const found = await runGraph(new GraphBuilder(), { x: realTensor([5000], new Float32Array(5000)) }, model);
    numbersOf(found.y).forEach((value, index) => {
      const exact = values[index] as number;
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(Math.max(Math.abs(exact) * 2 ** -11, 2 ** -25));
    });
    expect(() => build(Float32Array.of(7e4), true)).toThrow('Parameter: weight holds numbers beyond ±65504');
  });

  test('as bytes is a quarter as large and off by at most half of one of 255 steps; equal numbers stay what they are', async () => {
    const build = (values: Float32Array, bytes: boolean) => {
      const g = new GraphBuilder();
      g.output('y', add(g, g.input('x', [values.length]), g.parameter('weight', [values.length], start)));
      return writeOnnx(g, { parameters: new Map([['weight', values]]), half: true, bytes: () => bytes });
    };
    const found = async (values: Float32Array) => {
      const x = realTensor([values.length], new Float32Array(values.length));
      return numbersOf((await runGraph(new GraphBuilder(), { x }, build(values, true))).y);
    };
    const values = uniform(5000);
    expect(build(values, true).length).toBeLessThan(0.55 * build(values, false).length);
    const step = (Math.max(...values) - Math.min(...values)) / 255;
    (await found(values)).forEach((value, index) => {
      expect(Math.abs(value - (values[index] as number))).toBeLessThanOrEqual(0.501 * step);
    });
    expect(await found(Float32Array.of(0.25, 0.25))).toEqual([0.25, 0.25]);
  });

  test('runs with other sizes where dimensions are named, and is read back when they are given', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2, 6]);
    g.output('y', reshape(g, x, [2, 2, 3]));
    const model = writeOnnx(g, { dynamic: { x: { 0: 'batch' }, y: { 0: 'batch' } } });
    const found = await runGraph(g, { x: realTensor([5, 6], new Float32Array(30)) }, model);
    expect(found.y?.dims).toEqual([5, 2, 3]);
    expect(readOnnx(model, { dimensions: { batch: 4 } }).builder.outputs[0]?.value.shape).toEqual([4, 2, 3]);
    expect(() => readOnnx(model)).toThrow('Model: input x needs a size for dimension "batch"');
    expect(() => readOnnx(model, { dimensions: { constructor: 1 } })).toThrow('dimension "batch"');
  });

  test('needs data for each parameter', () => {
    const { g, parameters } = network();
    parameters.delete('gain');
    expect(() => writeOnnx(g, { parameters })).toThrow('Parameter: gain needs 4 values, got none');
    parameters.set('gain', new Float32Array(3));
    expect(() => writeOnnx(g, { parameters })).toThrow('Parameter: gain needs 4 values, got 3');
  });

  test('can be differentiated after it was read, layer norms without their statistics too', async () => {
    const nodes = [
      {
        opType: 'LayerNormalization',
        input: ['x', 'gain'],
        output: ['n'],
        attribute: [{ name: 'axis', i: -1, type: attributeType.int }],
      },
      { opType: 'Mul', input: ['n', 'x'], output: ['y'] },
    ];
    const gain = { name: 'gain', dims: [3], dataType: 1, floatData: [1, 2, 3] };
    const { builder: g } = readOnnx(file(nodes, [gain]));
    const x = g.inputs[0] as Value;
    const loss = sumAll(g, g.outputs[0]?.value as Value);
    g.output('loss', loss);
    g.output('dx', gradients(g, loss, [x])[0] as Value);
    const at = [0.3, -1, 2, 0.5, 0.1, -0.7];
    const lossAt = async (values: number[]) =>
      numbersOf((await runGraph(g, { x: realTensor([2, 3], values) })).loss)[0] as number;
    const slope = numbersOf((await runGraph(g, { x: realTensor([2, 3], at) })).dx);
    const moved = (amount: number) => at.map((value, index) => (index === 4 ? value + amount : value));
    expect(slope[4]).toBeCloseTo(((await lossAt(moved(0.01))) - (await lossAt(moved(-0.01)))) / 0.02, 2);
    const again = readOnnx(writeOnnx(g));
    expect(again.builder.outputs.map(({ name }) => name)).toEqual(['y', 'loss', 'dx']);
  });
});

describe('models of other writers', () => {
  const ints = (name: string, values: number[]) => ({ name, ints: values, type: attributeType.ints });
  const int = (name: string, i: number) => ({ name, i, type: attributeType.int });
  const shapes = (model: Uint8Array) => readOnnx(model).builder.outputs.map(({ value }) => value.shape);

  test('axes and split sizes as attributes are translated', async () => {
    const nodes = [
      { opType: 'Split', input: ['x'], output: ['a', 'b'], attribute: [int('axis', 1), ints('split', [1, 2])] },
      { opType: 'ReduceMean', input: ['b'], output: ['m'], attribute: [ints('axes', [1]), int('keepdims', 1)] },
      { opType: 'Add', input: ['a', 'm'], output: ['y'] },
    ];
    const [model, x] = [file(nodes, [], 13), realTensor([2, 3], [1, 2, 4, 3, 5, 7])];
    const { builder } = readOnnx(model);
    expect(numbersOf((await runGraph(builder, { x })).y)).toEqual([4, 9]);
    expect(
      shapes(file([{ opType: 'Split', input: ['x'], output: ['a', 'y'], attribute: [int('axis', 1)] }], [], 18)),
    ).toEqual([[2, 1]]);
  });

  test.each([
    ['per channel', 4, 21],
    ['per group', 2, 18],
  ])('GroupNormalization with gain and bias %s', async (_, count, opset) => {
    const attribute = [int('num_groups', 2), { name: 'epsilon', f: 0.01, type: attributeType.float }];
    const vector = (name: string) => ({ name, dims: [count], dataType: 1, floatData: [...uniform(count)] });
    const nodes = [{ opType: 'GroupNormalization', input: ['x', 'gain', 'bias'], output: ['y'], attribute }];
    const model = file(nodes, [vector('gain'), vector('bias')], opset, [2, 4, 3, 1]);
    const x = realTensor([2, 4, 3, 1], uniform(24));
    const expected = numbersOf((await runGraph(new GraphBuilder(), { x }, model)).y);
    numbersOf((await runGraph(readOnnx(model).builder, { x })).y).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] as number, 4);
    });
  });

  test('constants in every form, and a slice to the largest integer', () => {
    const constant = (output: string, attribute: object) =>
      ({ opType: 'Constant', output: [output], attribute: [attribute] }) as NodeMessage;
    const nodes = [
      constant('starts', { name: 'value_ints', ints: [1], type: attributeType.ints }),
      constant('factor', { name: 'value_float', f: 2, type: attributeType.float }),
      constant('axes', { name: 'value', t: { dims: [1], dataType: 7, int64Data: [1] }, type: attributeType.tensor }),
      { opType: 'Slice', input: ['x', 'starts', 'ends', 'axes'], output: ['s'] },
      { opType: 'Mul', input: ['s', 'factor'], output: ['y'] },
    ];
    const ends: TensorMessage = {
      name: 'ends',
      dims: [1],
      dataType: 7,
      rawData: new Uint8Array([255, 255, 255, 255, 255, 255, 255, 127]),
    };
    expect(shapes(file(nodes, [ends]))).toEqual([[2, 2]]);
  });

  test.each<[string, Uint8Array, string]>([
    [
      'an unknown operator',
      file([{ opType: 'Einsum', input: ['x'], output: ['y'] }], []),
      'Einsum: this operator is not known (inputs x: float32[2, 3])',
    ],
    [
      'a missing value',
      file([{ opType: 'Exp', input: ['z'], output: ['y'] }], []),
      'Exp: input z is made by no earlier node',
    ],
    [
      'a missing output',
      file([{ opType: 'Exp', input: ['x'], output: ['z'] }], []),
      'Model: output y is made by no node',
    ],
    ['a value made twice', file([{ opType: 'Exp', input: ['x'], output: ['x'] }], []), 'Exp: output x is made twice'],
    ['an old operator set', file([], [], 9), 'Model: operator set 9 is not supported: from 13 to 22 is'],
    [
      'a subgraph',
      file([{ opType: 'If', input: ['x'], output: ['y'], attribute: [{ name: 'then_branch', type: 5 }] }], []),
      'If: attribute then_branch is of kind 5',
    ],
    [
      'weights in another file',
      file(
        [],
        [{ name: 'w', dims: [1], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'w.bin' }] }],
      ),
      'Tensor: w is stored outside the file, in w.bin',
    ],
    ['an empty file', new Uint8Array(0), 'Model: the file holds no graph'],
    ['a text', new TextEncoder().encode('{"format": "something else"}'), 'are no ONNX model, or a damaged one'],
  ])('%s is refused with one clear message', (_, model, message) => {
    expect(() => readOnnx(model)).toThrow(GraphError);
    expect(() => readOnnx(model)).toThrow(message);
  });

  test('any damage ends in a GraphError or does not matter, never in another error', () => {
    const { g, parameters } = network();
    const whole = writeOnnx(g, { parameters });
    const readable = (bytes: Uint8Array) => {
      try {
        readOnnx(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(GraphError);
      }
    };
    const byte = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => readable(whole.subarray(0, length))),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readable), { numRuns: 300 });
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = whole.slice();
        for (const [at, value] of changes) damaged[at] = value;
        readable(damaged);
      }),
      { numRuns: 600 },
    );
  });
});
