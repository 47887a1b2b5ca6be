/** Multidirectional broadcasting (ONNX "Broadcasting"), forwards and backwards. */
import { GraphError, sameShape, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';

/** The common shape of two. @throws GraphError when they do not fit. */
export function broadcastShape(op: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new GraphError(op, `shapes [${a}] and [${b}] do not broadcast together`);
    }
    return left === 1 ? right : left;
  });
}

/** Sums a gradient over the axes along which a value of `shape` was broadcast. */
export function unbroadcast(g: GraphBuilder, gradient: Value, shape: readonly number[]): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((dim, axis) => (axis < extra || (shape[axis - extra] === 1 && dim !== 1) ? axis : -1))
    .filter((axis) => axis >= 0);
  const summed = axes.length > 0 ? g.one('ReduceSum', [gradient, g.integers(axes)], { keepdims: 1 }) : gradient;
  return sameShape(summed.shape, shape) ? summed : g.one('Reshape', [summed, g.integers(shape)]);
}
