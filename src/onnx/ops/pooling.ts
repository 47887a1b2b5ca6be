/** Pooling and nearest-neighbour upsampling of (N, C, H, W) by whole factors. */
import { GraphError, type Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { OpDefinition } from '../op-definition.ts';
import { mul, required, scale } from './arithmetic.ts';
import { cast, pad, reshape, slice } from './layout.ts';
import { reduceSum } from './reduction.ts';

/** Means of blocks of `size` × `size`. */
export const averagePool = (g: GraphBuilder, x: Value, size: number): Value =>
  g.one('AveragePool', [x], { kernel_shape: [size, size], strides: [size, size] });
/** Maxima of blocks of `size` × `size`. */
export const maxPool = (g: GraphBuilder, x: Value, size: number): Value =>
  g.one('MaxPool', [x], { kernel_shape: [size, size], strides: [size, size] });
export const globalAveragePool = (g: GraphBuilder, x: Value): Value => g.one('GlobalAveragePool', [x]);

/** Repeats each pixel `factor` × `factor` times. */
export function upsampleNearest(g: GraphBuilder, x: Value, factor: number): Value {
  const scales = g.constant({ type: 'float32', shape: [4], data: new Float32Array([1, 1, factor, factor]) });
  return g.one('Resize', [x, undefined, scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

function blockOf(op: string, attributes: Readonly<Record<string, unknown>>): [number, number] {
  const kernel = attributes.kernel_shape as [number, number];
  const strides = (attributes.strides as number[] | undefined) ?? [1, 1];
  const pads = (attributes.pads as number[] | undefined) ?? [];
  if (
    kernel.join() !== strides.join() ||
    pads.some((amount) => amount !== 0) ||
    Number(attributes.ceil_mode ?? 0) !== 0
  ) {
    throw new GraphError(op, 'only blocks that do not overlap and need no padding are supported');
  }
  return kernel;
}

function pooledShape(op: string, x: Value, [bh, bw]: readonly [number, number]): number[] {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  if (x.shape.length !== 4 || h < bh || w < bw) throw new GraphError(op, `does not fit blocks of ${bh} × ${bw}`, [x]);
  return [n, c, Math.floor(h / bh), Math.floor(w / bw)];
}

/** Repeats each pixel over its block and adds zeros where the blocks do not reach. */
function spreadBlocks(g: GraphBuilder, y: Value, [bh, bw]: readonly [number, number], x: Value): Value {
  const [n, c, rows, columns] = y.shape as [number, number, number, number];
  const wide = g.one('Expand', [reshape(g, y, [n, c, rows, 1, columns, 1]), g.integers([n, c, rows, bh, columns, bw])]);
  const whole = g.one('Reshape', [wide, g.integers([n, c, rows * bh, columns * bw])]);
  const [, , h, w] = x.shape as [number, number, number, number];
  const missing = [0, 0, h - rows * bh, w - columns * bw];
  return missing.some((amount) => amount > 0) ? pad(g, whole, [0, 0, 0, 0], missing) : whole;
}

/** Sums over blocks of a picture whose size is a whole multiple of them. */
function sumBlocks(g: GraphBuilder, x: Value, [bh, bw]: readonly [number, number]): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  return reduceSum(g, g.one('Reshape', [x, g.integers([n, c, h / bh, bh, w / bw, bw])]), [3, 5]);
}

function resizeFactors(g: GraphBuilder, inputs: readonly (Value | undefined)[]): [number, number] {
  const scales = g.constantData(inputs[2]);
  const [n, c, fh, fw] = Array.from((scales ?? []) as ArrayLike<number>);
  if (n !== 1 || c !== 1 || !Number.isInteger(fh) || !Number.isInteger(fw) || !fh || !fw) {
    throw new GraphError('Resize', 'only whole factors of height and width are supported', inputs);
  }
  return [fh, fw];
}

export const poolingOps: readonly OpDefinition[] = [
  {
    op: 'AveragePool',
    infer(inputs, attributes) {
      const x = required('AveragePool', inputs, 0);
      return [{ type: x.type, shape: pooledShape('AveragePool', x, blockOf('AveragePool', attributes)) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const block = blockOf('AveragePool', node.attributes);
      return [spreadBlocks(g, scale(g, dy, 1 / (block[0] * block[1])), block, node.inputs[0] as Value)];
    },
  },
  {
    op: 'MaxPool',
    infer(inputs, attributes) {
      const x = required('MaxPool', inputs, 0);
      return [{ type: x.type, shape: pooledShape('MaxPool', x, blockOf('MaxPool', attributes)) }];
    },
    // Equal maxima share the gradient.
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const x = node.inputs[0] as Value;
      const y = node.outputs[0] as Value;
      const block = blockOf('MaxPool', node.attributes);
      const [rows, columns] = y.shape.slice(2) as [number, number];
      const covered = [rows * block[0], columns * block[1]] as const;
      const inside = slice(g, x, [2, 3], [0, 0], [...covered]);
      const hits = cast(g, g.one('Equal', [inside, spreadBlocks(g, y, block, inside)]), 'float32');
      const share = g.one('Div', [dy, sumBlocks(g, hits, block)]);
      const dx = mul(g, hits, spreadBlocks(g, share, block, inside));
      const missing = [0, 0, (x.shape[2] as number) - covered[0], (x.shape[3] as number) - covered[1]];
      return [missing.some((amount) => amount > 0) ? pad(g, dx, [0, 0, 0, 0], missing) : dx];
    },
  },
  {
    op: 'GlobalAveragePool',
    infer(inputs) {
      const x = required('GlobalAveragePool', inputs, 0);
      return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)] }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const x = node.inputs[0] as Value;
      const area = x.shape.slice(2).reduce((product, dim) => product * dim, 1);
      return [g.one('Expand', [scale(g, dy, 1 / area), g.integers(x.shape)])];
    },
  },
  {
    op: 'Resize',
    infer(inputs, attributes, g) {
      const x = required('Resize', inputs, 0);
      if ((attributes.mode ?? 'nearest') !== 'nearest') throw new GraphError('Resize', 'only mode "nearest"', inputs);
      const [fh, fw] = resizeFactors(g, inputs);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      return [{ type: x.type, shape: [n, c, h * fh, w * fw] }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [sumBlocks(g, dy, resizeFactors(g, node.inputs))] : [],
  },
];
