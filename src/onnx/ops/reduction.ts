/** Sums, means and extremes along axes. */
import { integerAttribute } from '#onnx/attributes.ts';
import { GraphError, type Node, positiveAxis, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { GradientContext, OpDefinition } from '#onnx/op-definition.ts';
import { div, mul, required, scale } from './arithmetic.ts';
import { cast } from './layout.ts';

interface Options {
  readonly keepdims?: boolean;
}

const reduce = (op: string) =>
  function reduction(g: GraphBuilder, x: Value, axes: readonly number[], { keepdims = false }: Options = {}): Value {
    return g.one(op, [x, g.integers(axes)], { keepdims: keepdims ? 1 : 0 });
  };

export const reduceSum = reduce('ReduceSum');
export const reduceMean = reduce('ReduceMean');
export const reduceMax = reduce('ReduceMax');
/** Mean over everything: a scalar. */
export const meanAll = (g: GraphBuilder, x: Value): Value => g.one('ReduceMean', [x], { keepdims: 0 });
/** Sum over everything: a scalar. */
export const sumAll = (g: GraphBuilder, x: Value): Value => g.one('ReduceSum', [x], { keepdims: 0 });

/** Running sum along an axis; `exclusive`: of what is before each place, without the place itself. */
export const cumSum = (g: GraphBuilder, x: Value, axis: number, { exclusive = false } = {}): Value =>
  g.one('CumSum', [x, g.constant({ type: 'int64', shape: [], data: BigInt64Array.of(BigInt(axis)) })], {
    exclusive: exclusive ? 1 : 0,
  });

function reducedAxes(
  g: GraphBuilder,
  op: string,
  inputs: readonly (Value | undefined)[],
  attributes: Node['attributes'],
): number[] {
  const x = required(op, inputs, 0);
  if (attributes.axes !== undefined) throw new GraphError(op, 'axes are an input, not an attribute', inputs);
  const axes = inputs[1] ? g.constantIntegers(op, inputs[1]) : [];
  if (axes.length === 0) {
    if (integerAttribute(op, attributes, 'noop_with_empty_axes', 0) !== 0) {
      throw new GraphError(op, 'noop_with_empty_axes is not supported', inputs);
    }
    return x.shape.map((_, axis) => axis);
  }
  const positive = axes.map((axis) => positiveAxis(op, axis, x.shape.length));
  if (new Set(positive).size !== axes.length) throw new GraphError(op, `axes [${axes}] repeat`, inputs);
  return positive;
}

/** Shape of the result as if the reduced axes had been kept, so that it broadcasts against the input. */
function keptShape(x: Value, axes: readonly number[]): number[] {
  return x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}

type Rule = (context: { g: GraphBuilder; dy: Value; y: Value; x: Value; count: number; axes: number[] }) => Value;

function reduction(op: string, rule: Rule): OpDefinition {
  return {
    op,
    infer(inputs, attributes, g) {
      const x = required(op, inputs, 0);
      const axes = reducedAxes(g, op, inputs, attributes);
      const keep = integerAttribute(op, attributes, 'keepdims', 1) === 1;
      return [{ type: x.type, shape: keep ? keptShape(x, axes) : x.shape.filter((_, axis) => !axes.includes(axis)) }];
    },
    gradient({ builder: g, node, outputGradients: [dyGiven] }: GradientContext) {
      if (!dyGiven) return [];
      const x = node.inputs[0]!;
      const axes = reducedAxes(g, op, node.inputs, node.attributes);
      const kept = g.integers(keptShape(x, axes));
      const dy = g.one('Reshape', [dyGiven, kept]);
      const y = g.one('Reshape', [node.outputs[0]!, kept]);
      const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
      return [rule({ g, dy, y, x, count, axes })];
    },
  };
}

const spread = (g: GraphBuilder, dy: Value, x: Value): Value => g.one('Expand', [dy, g.integers(x.shape)]);

/** The gradient of an extreme is shared equally by all places that reach it. */
const toExtremes: Rule = ({ g, dy, y, x, axes }) => {
  if (axes.length === 0) return dy;
  const hits = cast(g, g.one('Equal', [x, y]), 'float32');
  return mul(g, hits, div(g, dy, reduceSum(g, hits, axes, { keepdims: true })));
};

const runningSum: OpDefinition = {
  op: 'CumSum',
  infer(inputs, _, g) {
    const x = required('CumSum', inputs, 0);
    const [axis, ...others] = g.constantIntegers('CumSum', inputs[1]);
    if (axis === undefined || others.length > 0) throw new GraphError('CumSum', 'needs one axis', inputs);
    positiveAxis('CumSum', axis, x.shape.length);
    return [{ type: x.type, shape: x.shape }];
  },
  // What a place adds to those after it comes back from them: the sum of the gradients the other way round.
  gradient({ builder: g, node, outputGradients: [dy] }) {
    if (!dy) return [];
    const reverse = 1 - integerAttribute('CumSum', node.attributes, 'reverse', 0);
    return [g.one('CumSum', [dy, node.inputs[1]], { ...node.attributes, reverse }), undefined];
  },
};

export const reductionOps: readonly OpDefinition[] = [
  runningSum,
  reduction('ReduceSum', ({ g, dy, x }) => spread(g, dy, x)),
  reduction('ReduceMean', ({ g, dy, x, count }) => spread(g, scale(g, dy, 1 / count), x)),
  reduction('ReduceMax', toExtremes),
];
