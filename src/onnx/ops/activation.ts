/** Activations and softmaxes. */
import { floatAttribute, integerAttribute } from '#onnx/attributes.ts';
import { type Node, positiveAxis, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { add, div, greater, masked, mul, required, scale, square, sub, unary, where } from './arithmetic.ts';

export const relu = (g: GraphBuilder, x: Value): Value => g.one('Relu', [x]);
export const leakyRelu = (g: GraphBuilder, x: Value, alpha: number): Value =>
  g.one('LeakyRelu', [x], { alpha: { float: alpha } });
export const sigmoid = (g: GraphBuilder, x: Value): Value => g.one('Sigmoid', [x]);
export const tanh = (g: GraphBuilder, x: Value): Value => g.one('Tanh', [x]);
const erf = (g: GraphBuilder, x: Value): Value => g.one('Erf', [x]);
export const softplus = (g: GraphBuilder, x: Value): Value => g.one('Softplus', [x]);
/** x · sigmoid(x), Elfwing et al. 2017; ONNX Runtime fuses the two nodes. */
export const silu = (g: GraphBuilder, x: Value): Value => mul(g, x, sigmoid(g, x));
export const softmax = (g: GraphBuilder, x: Value, axis = -1): Value => g.one('Softmax', [x], { axis });
export const logSoftmax = (g: GraphBuilder, x: Value, axis = -1): Value => g.one('LogSoftmax', [x], { axis });

const sumAlong = (g: GraphBuilder, x: Value, axis: number): Value =>
  g.one('ReduceSum', [x, g.integers([axis])], { keepdims: 1 });

type Attributes = Node['attributes'];

const axisOf = (op: string, attributes: Attributes, x: Value): number =>
  positiveAxis(op, integerAttribute(op, attributes, 'axis', -1), x.shape.length);

/** A softmax: like any one-input operator, with its axis checked. */
function alongAxis(op: string, rule: (g: GraphBuilder, dy: Value, y: Value, axis: number) => Value): OpDefinition {
  const definition = unary(op, (g, dy, x, y, attributes) => rule(g, dy, y, axisOf(op, attributes, x)));
  return {
    ...definition,
    infer(inputs, attributes, g) {
      axisOf(op, attributes, required(op, inputs, 0));
      return definition.infer(inputs, attributes, g);
    },
  };
}

export const activationOps: readonly OpDefinition[] = [
  unary('Relu', (g, dy, x) => masked(g, dy, greater(g, x, g.scalar(0)))),
  unary('LeakyRelu', (g, dy, x, _y, attributes) =>
    where(g, greater(g, x, g.scalar(0)), dy, scale(g, dy, floatAttribute('LeakyRelu', attributes, 'alpha', 0.01))),
  ),
  unary('Sigmoid', (g, dy, _x, y) => mul(g, dy, mul(g, y, sub(g, g.scalar(1), y)))),
  unary('Tanh', (g, dy, _x, y) => mul(g, dy, sub(g, g.scalar(1), square(g, y)))),
  unary('Softplus', (g, dy, x) => mul(g, dy, sigmoid(g, x))),
  unary('Erf', (g, dy, x) =>
    mul(g, dy, scale(g, g.one('Exp', [g.one('Neg', [square(g, x)])]), 2 / Math.sqrt(Math.PI))),
  ),
  // x · Φ(x), or its approximation by a hyperbolic tangent (Hendrycks and Gimpel 2016).
  unary('Gelu', (g, dy, x, _y, attributes) => {
    if (attributes.approximate === 'tanh') return mul(g, dy, geluTanhSlope(g, x));
    const density = scale(g, g.one('Exp', [scale(g, square(g, x), -0.5)]), 1 / Math.sqrt(2 * Math.PI));
    const cumulative = scale(g, add(g, erf(g, scale(g, x, Math.SQRT1_2)), g.scalar(1)), 0.5);
    return mul(g, dy, add(g, cumulative, mul(g, x, density)));
  }),
  alongAxis('Softmax', (g, dy, y, axis) => {
    const weighted = mul(g, dy, y);
    return sub(g, weighted, mul(g, y, sumAlong(g, weighted, axis)));
  }),
  alongAxis('LogSoftmax', (g, dy, y, axis) => sub(g, dy, mul(g, g.one('Exp', [y]), sumAlong(g, dy, axis)))),
];

/** d/dx of ½·x·(1 + tanh(u)), u = √(2/π)·(x + 0.044715·x³). */
function geluTanhSlope(g: GraphBuilder, x: Value): Value {
  const c = Math.sqrt(2 / Math.PI);
  const xx = square(g, x);
  const u = mul(g, x, add(g, scale(g, xx, c * 0.044715), g.scalar(c)));
  const t = tanh(g, u);
  const du = add(g, scale(g, xx, 3 * c * 0.044715), g.scalar(c));
  const slope = mul(g, mul(g, x, sub(g, g.scalar(1), square(g, t))), du);
  return div(g, add(g, add(g, t, g.scalar(1)), slope), g.scalar(2));
}
