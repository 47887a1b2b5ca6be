/** Matrix products. */
import { floatAttribute } from '#onnx/attributes.ts';
import { elements, GraphError, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { required } from './arithmetic.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';

export const matMul = (g: GraphBuilder, a: Value, b: Value): Value => g.one('MatMul', [a, b]);

/** op(a)·op(b) of two matrices, optionally with a bias row. */
export function gemm(
  g: GraphBuilder,
  a: Value,
  b: Value,
  options: { readonly transA?: boolean; readonly transB?: boolean; readonly bias?: Value } = {},
): Value {
  return g.one('Gemm', options.bias ? [a, b, options.bias] : [a, b], {
    transA: options.transA ? 1 : 0,
    transB: options.transB ? 1 : 0,
  });
}

/** Swaps the last two axes. */
function transposeLast(g: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const permutation = Array.from({ length: rank }, (_, axis) => axis);
  permutation[rank - 1] = rank - 2;
  permutation[rank - 2] = rank - 1;
  return g.one('Transpose', [x], { perm: permutation });
}

function matMulShape(inputs: readonly (Value | undefined)[]): number[] {
  const a = required('MatMul', inputs, 0);
  const b = required('MatMul', inputs, 1);
  if (a.type !== b.type) throw new GraphError('MatMul', 'the types differ', inputs);
  if (a.shape.length < 2 || b.shape.length < 2) throw new GraphError('MatMul', 'needs ranks of at least 2', inputs);
  const [m, k] = a.shape.slice(-2) as [number, number];
  const [inner, n] = b.shape.slice(-2) as [number, number];
  if (k !== inner) throw new GraphError('MatMul', `inner dimensions ${k} and ${inner} differ`, inputs);
  return [...broadcastShape('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
}

/** Flattens all axes but the last. */
function rows(g: GraphBuilder, x: Value): Value {
  const width = x.shape.at(-1)!;
  if (x.shape.length === 2) return x;
  return g.one('Reshape', [x, g.integers([elements(x.shape) / width, width])]);
}

export const matrixOps: readonly OpDefinition[] = [
  {
    op: 'MatMul',
    infer: (inputs) => [{ type: required('MatMul', inputs, 0).type, shape: matMulShape(inputs) }],
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      const [a, b] = node.inputs as [Value, Value];
      if (!dy) return [];
      const da = wants(0) ? unbroadcast(g, matMul(g, dy, transposeLast(g, b)), a.shape) : undefined;
      if (!wants(1)) return [da, undefined];
      // A weight shared by every row: one wide product instead of a batch that is summed afterwards.
      const db =
        b.shape.length === 2
          ? gemm(g, rows(g, a), rows(g, dy), { transA: true })
          : unbroadcast(g, matMul(g, transposeLast(g, a), dy), b.shape);
      return [da, db];
    },
  },
  {
    op: 'Gemm',
    infer(inputs, attributes) {
      const a = required('Gemm', inputs, 0);
      const b = required('Gemm', inputs, 1);
      if (a.type !== b.type) throw new GraphError('Gemm', 'the types differ', inputs);
      if (a.shape.length !== 2 || b.shape.length !== 2) throw new GraphError('Gemm', 'needs two matrices', inputs);
      const [m, k] = (attributes.transA ? [...a.shape].reverse() : a.shape) as [number, number];
      const [inner, n] = (attributes.transB ? [...b.shape].reverse() : b.shape) as [number, number];
      if (k !== inner) throw new GraphError('Gemm', `inner dimensions ${k} and ${inner} differ`, inputs);
      const bias = inputs[2];
      if (bias && broadcastShape('Gemm', [m, n], bias.shape).join() !== [m, n].join()) {
        throw new GraphError('Gemm', `the bias does not fit [${m}, ${n}]`, inputs);
      }
      return [{ type: a.type, shape: [m, n] }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      const [a, b, bias] = node.inputs as [Value, Value, Value | undefined];
      if (!dy) return [];
      const alpha = floatAttribute('Gemm', node.attributes, 'alpha', 1);
      const beta = floatAttribute('Gemm', node.attributes, 'beta', 1);
      const transA = Boolean(node.attributes.transA);
      const transB = Boolean(node.attributes.transB);
      const scaled = alpha === 1 ? dy : g.one('Mul', [dy, g.scalar(alpha)]);
      const da = transA
        ? gemm(g, b, scaled, { transA: transB, transB: true })
        : gemm(g, scaled, b, { transB: !transB });
      const db = transB
        ? gemm(g, scaled, a, { transA: true, transB: transA })
        : gemm(g, a, scaled, { transA: !transA });
      const dBias = bias && wants(2) ? unbroadcast(g, dy, bias.shape) : undefined;
      return [
        wants(0) ? da : undefined,
        wants(1) ? db : undefined,
        dBias && beta !== 1 ? g.one('Mul', [dBias, g.scalar(beta)]) : dBias,
      ];
    },
  },
];
