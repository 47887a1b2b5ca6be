/** A model as PyTorch exports it: group norm and attention heads through shapes that are computed, a timestep's sines, a scaled upsampling. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { decodeModel, dimensionsFor, readOnnx } from '#onnx/file/onnx-reader.ts';
import { ModelProto, type NodeMessage, type TensorMessage } from '#onnx/file/proto.ts';
import { gradients } from '#onnx/gradients.ts';
import { GraphError } from '#onnx/graph.ts';
import { square } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { foldShapes } from './fold-shapes.ts';

const [FLOAT, INT64] = [1, 7];
const random = seededNoise(4);
const real = (name: string, dims: number[], values?: number[]): TensorMessage => ({
  name,
  dims,
  dataType: FLOAT,
  floatData: values ?? [...random.normals(dims.reduce((size, dim) => size * dim, 1))],
});
const whole = (name: string, ...values: number[]): TensorMessage => ({
  name,
  dims: [values.length],
  dataType: INT64,
  int64Data: values,
});
const int = (name: string, i: number) => ({ name, i, type: 2 });
const node = (
  opType: string,
  input: string[],
  output: string[],
  attribute: NodeMessage['attribute'] = [],
): NodeMessage => ({
  opType,
  input,
  output,
  attribute,
});
const input = (name: string, dim: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: FLOAT,
      shape: { dim: dim.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
    },
  },
});

/** x (batch, 4, side, side), time (batch) → y (batch, 4, 2·side, 2·side) */
const bytes = ModelProto.encode(
  ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'torch',
      input: [input('x', ['batch', 4, 'side', 'side']), input('time', ['batch'])],
      output: [input('y', ['batch', 4, 'tall', 'wide'])],
      initializer: [
        real('norm.scale', [2], [1, 1]),
        real('norm.shift', [2], [0, 0]),
        real('norm.gain', [4, 1, 1]),
        real('norm.bias', [4, 1, 1]),
        real('conv.weight', [4, 4, 1, 1]),
        real('frequencies', [2]),
        real('time.weight', [4, 4]),
        real('scales', [4], [1, 1, 2, 2]),
        whole('first', 0),
        whole('rest', 2, -1),
        whole('minus_one', -1),
        whole('axis_1', 1),
        whole('axes_23', 2, 3),
        whole('four', 4),
      ],
      node: [
        // Reshape(x, [batch, 2, -1]) → InstanceNormalization → Reshape back → gain and bias: two groups.
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'first'], ['count'], [int('axis', 0)]),
        node('Concat', ['count', 'rest'], ['grouped_shape'], [int('axis', 0)]),
        node('Reshape', ['x', 'grouped_shape'], ['grouped']),
        node('InstanceNormalization', ['grouped', 'norm.scale', 'norm.shift'], ['normal']),
        node('Reshape', ['normal', 'shape'], ['back']),
        node('Mul', ['back', 'norm.gain'], ['gained']),
        node('Add', ['gained', 'norm.bias'], ['normed']),
        // Sines of the time, added to every pixel.
        node('Unsqueeze', ['time', 'axis_1'], ['column']),
        node('Mul', ['column', 'frequencies'], ['angles']),
        node('Sin', ['angles'], ['sines']),
        node('Cos', ['angles'], ['cosines']),
        node('Concat', ['sines', 'cosines'], ['clock'], [int('axis', -1)]),
        node('MatMul', ['clock', 'time.weight'], ['told']),
        node('Unsqueeze', ['told', 'axes_23'], ['everywhere']),
        node('Conv', ['normed', 'conv.weight'], ['mixed']),
        node('Add', ['mixed', 'everywhere'], ['moved']),
        // Pixels as tokens and back, by shapes that are computed.
        node('Concat', ['count', 'four', 'minus_one'], ['token_shape'], [int('axis', 0)]),
        node('Reshape', ['moved', 'token_shape'], ['tokens']),
        node('Softmax', ['tokens'], ['soft'], [int('axis', -1)]),
        node('Reshape', ['soft', 'shape'], ['picture']),
        node('Add', ['picture', 'moved'], ['sum']),
        node('Resize', ['sum', '', 'scales'], ['y']),
      ],
    },
  }),
).finish();

describe('foldShapes', () => {
  it('leaves a graph that reads, gives the same numbers, and can be differentiated', async () => {
    const dimensions = dimensionsFor(bytes, { x: [2, 4, 3, 3], time: [2] });
    expect(dimensions).toEqual({ batch: 2, side: 3 });
    expect(() => readOnnx(bytes, { dimensions })).toThrow(GraphError);
    const model = await foldShapes(decodeModel(bytes), dimensions);
    const { builder: g, parameters, outputs } = readOnnx(model, { dimensions, asParameters: true });
    expect(g.nodes.map(({ op }) => op)).not.toEqual(expect.arrayContaining(['Shape']));
    expect([...parameters.keys()]).toEqual(expect.arrayContaining(['norm.gain', 'conv.weight', 'time.weight']));
    expect(outputs.y?.shape).toEqual([2, 4, 6, 6]);

    const [weight] = [g.parameters.get('conv.weight')!.value];
    const loss = meanAll(g, square(g, outputs.y!));
    g.output('gradient', gradients(g, loss, [weight])[0]!);
    g.output('loss', loss);
    const ours = await ort.InferenceSession.create(writeOnnx(g));
    const theirs = await ort.InferenceSession.create(bytes);
    const x = new ort.Tensor('float32', random.normals(72), [2, 4, 3, 3]);
    const time = new ort.Tensor('float32', [0.3, 0.7], [2]);
    const run = (weights: ReadonlyMap<string, Float32Array>) =>
      ours.run({
        x,
        time,
        ...Object.fromEntries(
          [...g.parameters.values()].map(({ value }) => [
            value.name,
            new ort.Tensor('float32', weights.get(value.name)!, [...value.shape]),
          ]),
        ),
      });
    const { y, gradient } = await run(parameters);
    const expected = (await theirs.run({ x, time })).y!.data as Float32Array;
    (y!.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
    const lossAt = async (change: number) => {
      const moved = parameters.get('conv.weight')!.slice();
      moved[5] = moved[5]! + change;
      return (await run(new Map([...parameters, ['conv.weight', moved]]))).loss!.data[0] as number;
    };
    const difference = ((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2;
    expect((gradient!.data as Float32Array)[5]!).toBeCloseTo(difference, 2);
  });

  it('is the model itself where nothing is to fold', async () => {
    const plain = ModelProto.encode(
      ModelProto.fromObject({
        irVersion: 8,
        opsetImport: [{ domain: '', version: 17 }],
        graph: {
          name: 'plain',
          node: [node('Neg', ['x'], ['y'])],
          input: [input('x', [2])],
          output: [input('y', [2])],
        },
      }),
    ).finish();
    expect(readOnnx(await foldShapes(decodeModel(plain), {})).builder.nodes.map(({ op }) => op)).toEqual(['Neg']);
  });
});
