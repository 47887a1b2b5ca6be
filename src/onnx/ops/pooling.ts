/** Pooling of (N, C, H, W), and nearest-neighbour upsampling by whole factors. */
import { choiceAttribute, integerAttribute, integersAttribute } from '#onnx/attributes.ts';
import { GraphError, type Node, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { required, scale } from './arithmetic.ts';
import { pad, reshape } from './layout.ts';
import { slidingMeanGradient } from './pooling-gradient.ts';
import { reduceSum } from './reduction.ts';
import { type Pair, reach, slidShape, type Window, windowOf } from './window.ts';

/** Means of blocks of `size` × `size`. */
export const averagePool = (g: GraphBuilder, x: Value, size: number): Value =>
  g.one('AveragePool', [x], { kernel_shape: [size, size], strides: [size, size] });

/** Repeats each pixel `factor` × `factor` times. */
export function upsampleNearest(g: GraphBuilder, x: Value, factor: number): Value {
  const scales = g.constant({ type: 'float32', shape: [4], data: new Float32Array([1, 1, factor, factor]) });
  return g.one('Resize', [x, undefined, scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** @throws GraphError for ceil_mode and windows that do not fit. */
function poolOf(op: string, inputs: readonly (Value | undefined)[], attributes: Node['attributes']): Window {
  const x = required(op, inputs, 0);
  if (integerAttribute(op, attributes, 'ceil_mode', 0) !== 0)
    throw new GraphError(op, 'ceil_mode is not supported', inputs);
  const window = windowOf(op, attributes, x, integersAttribute(op, attributes, 'kernel_shape', []));
  if (window.pads.some((amount, side) => amount >= reach(window, (side % 2) as 0 | 1))) {
    throw new GraphError(op, `pads [${window.pads}] are as large as the window`, inputs);
  }
  return window;
}

function pooledShape(op: string, x: Value, window: Window): number[] {
  return [x.shape[0]!, x.shape[1]!, ...slidShape(op, x, window)];
}

/** Whether the windows tile the picture without overlap, gap or padding. */
function isBlocks({ kernel, strides, dilations, pads }: Window): boolean {
  return kernel.join() === strides.join() && dilations.every((d) => d === 1) && pads.every((amount) => amount === 0);
}

/** Repeats each pixel over its block and adds zeros where the blocks do not reach. */
function spreadBlocks(g: GraphBuilder, y: Value, [bh, bw]: Pair, x: Value): Value {
  const [n, c, rows, columns] = y.shape as [number, number, number, number];
  const wide = g.one('Expand', [reshape(g, y, [n, c, rows, 1, columns, 1]), g.integers([n, c, rows, bh, columns, bw])]);
  const whole = g.one('Reshape', [wide, g.integers([n, c, rows * bh, columns * bw])]);
  const [, , h, w] = x.shape as [number, number, number, number];
  const missing = [0, 0, h - rows * bh, w - columns * bw];
  return missing.some((amount) => amount > 0) ? pad(g, whole, [0, 0, 0, 0], missing) : whole;
}

/** Sums over blocks of a picture whose size is a whole multiple of them. */
function sumBlocks(g: GraphBuilder, x: Value, [bh, bw]: Pair): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  return reduceSum(g, g.one('Reshape', [x, g.integers([n, c, h / bh, bh, w / bw, bw])]), [3, 5]);
}

/** Which of ONNX's many ways of nearest resizing amount to plain repetition for whole factors. */
const repeats: Readonly<Record<string, readonly string[]>> = {
  asymmetric: ['floor'],
  half_pixel: ['round_prefer_floor', 'round_prefer_ceil'],
};

function resizeFactors(
  g: GraphBuilder,
  inputs: readonly (Value | undefined)[],
  attributes: Node['attributes'],
): [number, number] {
  const x = required('Resize', inputs, 0);
  choiceAttribute('Resize', attributes, 'mode', ['nearest']);
  const coordinates = String(attributes.coordinate_transformation_mode ?? 'half_pixel');
  const rounding = String(attributes.nearest_mode ?? 'round_prefer_floor');
  if (!repeats[coordinates]?.includes(rounding) || attributes.axes) {
    throw new GraphError(
      'Resize',
      `${coordinates} with ${rounding} is not supported: asymmetric with floor is`,
      inputs,
    );
  }
  const sizes = inputs[3] && g.constantIntegers('Resize', inputs[3]);
  const scales = Array.from((g.constantData(inputs[2]) ?? []) as ArrayLike<number>);
  const factors = sizes ? sizes.map((size, axis) => size / (x.shape[axis] ?? 0)) : scales;
  const [n, c, fh, fw] = factors;
  const whole = [fh, fw].every((factor) => Number.isInteger(factor) && factor! >= 1);
  if (x.shape.length !== 4 || factors.length !== 4 || n !== 1 || c !== 1 || !whole) {
    throw new GraphError('Resize', 'only constant whole factors of height and width are supported', inputs);
  }
  return [fh!, fw!];
}

export const poolingOps: readonly OpDefinition[] = [
  {
    op: 'AveragePool',
    infer(inputs, attributes) {
      const x = required('AveragePool', inputs, 0);
      return [{ type: x.type, shape: pooledShape('AveragePool', x, poolOf('AveragePool', inputs, attributes)) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const x = node.inputs[0]!;
      const window = poolOf('AveragePool', node.inputs, node.attributes);
      const area = window.kernel[0] * window.kernel[1];
      if (isBlocks(window)) return [spreadBlocks(g, scale(g, dy, 1 / area), window.kernel, x)];
      const wholeArea = integerAttribute('AveragePool', node.attributes, 'count_include_pad', 0) === 1;
      return [slidingMeanGradient(g, dy, x, window, wholeArea)];
    },
  },
  {
    op: 'Resize',
    infer(inputs, attributes, g) {
      const x = required('Resize', inputs, 0);
      const [fh, fw] = resizeFactors(g, inputs, attributes);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      return [{ type: x.type, shape: [n, c, h * fh, w * fw] }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [sumBlocks(g, dy, resizeFactors(g, node.inputs, node.attributes))] : [],
  },
];
