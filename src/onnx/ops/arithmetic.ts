/** Element-wise arithmetic with broadcasting, comparison and choice. */
import { GraphError, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { GradientContext, OpDefinition } from '#onnx/op-definition.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';

export const add = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Add', [a, b]);
export const sub = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Sub', [a, b]);
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Mul', [a, b]);
export const div = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Div', [a, b]);
const pow = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Pow', [a, b]);
export const neg = (g: GraphBuilder, a: Value): Value => g.one('Neg', [a]);
export const exp = (g: GraphBuilder, a: Value): Value => g.one('Exp', [a]);
export const log = (g: GraphBuilder, a: Value): Value => g.one('Log', [a]);
export const sqrt = (g: GraphBuilder, a: Value): Value => g.one('Sqrt', [a]);
export const square = (g: GraphBuilder, a: Value): Value => g.one('Mul', [a, a]);
export const scale = (g: GraphBuilder, a: Value, factor: number): Value => g.one('Mul', [a, g.scalar(factor)]);
export const shift = (g: GraphBuilder, a: Value, term: number): Value => g.one('Add', [a, g.scalar(term)]);
export const where = (g: GraphBuilder, condition: Value, a: Value, b: Value): Value =>
  g.one('Where', [condition, a, b]);
export const greater = (g: GraphBuilder, a: Value, b: Value): Value => g.one('Greater', [a, b]);
/** Clamps to [low, high]; the gradient is 0 outside. */
export const clip = (g: GraphBuilder, a: Value, low: number, high: number): Value =>
  g.one('Clip', [a, g.scalar(low), g.scalar(high)]);
/** Adds a list of values of one shape. */
export const sumOf = (g: GraphBuilder, values: readonly Value[]): Value =>
  values.reduce((total, value) => add(g, total, value));

/** The node's i-th input. @throws GraphError when it is absent. */
export function required(op: string, inputs: readonly (Value | undefined)[], index: number): Value {
  const value = inputs[index];
  if (!value) throw new GraphError(op, `needs input ${index}`, inputs);
  return value;
}

const isReal = (value: Value): boolean => value.type === 'float32' || value.type === 'float16';

type Rule = (
  g: GraphBuilder,
  dy: Value,
  a: Value,
  b: Value,
  y: Value,
  wants: (input: number) => boolean,
) => readonly [Value | undefined, Value | undefined];

function binary(op: string, rule: Rule): OpDefinition {
  return {
    op,
    infer(inputs) {
      const a = required(op, inputs, 0);
      const b = required(op, inputs, 1);
      if (a.type !== b.type) throw new GraphError(op, 'the types differ', inputs);
      if (inputs.length > 2) throw new GraphError(op, 'takes two inputs', inputs);
      return [{ type: a.type, shape: broadcastShape(op, a.shape, b.shape) }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      const [a, b] = node.inputs as [Value, Value];
      if (!dy) return [];
      const [da, db] = rule(g, dy, a, b, node.outputs[0]!, wants);
      return [da && unbroadcast(g, da, a.shape), db && unbroadcast(g, db, b.shape)];
    },
  };
}

/**
 * A one-input operator of unchanged shape. Without a rule no gradient flows, and that is no error.
 * @param accepts what the operator takes: only real numbers, unless it works on anything.
 */
export function unary(
  op: string,
  rule?: (g: GraphBuilder, dy: Value, x: Value, y: Value, attributes: GradientContext['node']['attributes']) => Value,
  accepts: 'real' | 'anything' = 'real',
): OpDefinition {
  const definition: OpDefinition = {
    op,
    infer(inputs) {
      const x = required(op, inputs, 0);
      if (accepts === 'real' && !isReal(x)) throw new GraphError(op, 'needs real numbers', inputs);
      return [{ type: x.type, shape: x.shape }];
    },
  };
  if (!rule) return { ...definition, stopsGradient: true };
  return {
    ...definition,
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [rule(g, dy, node.inputs[0]!, node.outputs[0]!, node.attributes)] : [],
  };
}

function comparison(op: string): OpDefinition {
  return {
    op,
    stopsGradient: true,
    infer(inputs) {
      const a = required(op, inputs, 0);
      const b = required(op, inputs, 1);
      if (a.type !== b.type) throw new GraphError(op, 'the types differ', inputs);
      return [{ type: 'bool', shape: broadcastShape(op, a.shape, b.shape) }];
    },
  };
}

/** Multiplies a gradient by a 0/1 mask made of a comparison. */
export function masked(g: GraphBuilder, gradient: Value, condition: Value): Value {
  return where(g, condition, gradient, g.scalar(0));
}

export const arithmeticOps: readonly OpDefinition[] = [
  binary('Add', (_g, dy, _a, _b, _y, wants) => [wants(0) ? dy : undefined, wants(1) ? dy : undefined]),
  binary('Sub', (g, dy, _a, _b, _y, wants) => [wants(0) ? dy : undefined, wants(1) ? neg(g, dy) : undefined]),
  binary('Mul', (g, dy, a, b, _y, wants) => [
    wants(0) ? mul(g, dy, b) : undefined,
    wants(1) ? mul(g, dy, a) : undefined,
  ]),
  binary('Div', (g, dy, _a, b, y, wants) => {
    const quotient = div(g, dy, b);
    return [quotient, wants(1) ? neg(g, mul(g, quotient, y)) : undefined];
  }),
  binary('Pow', (g, dy, a, b, y, wants) => [
    wants(0) ? mul(g, dy, mul(g, b, pow(g, a, shift(g, b, -1)))) : undefined,
    wants(1) ? mul(g, dy, mul(g, y, log(g, a))) : undefined,
  ]),
  // To the larger of the two, to the first of two equal ones.
  binary('Max', (g, dy, a, b) => {
    const first = g.one('GreaterOrEqual', [a, b]);
    return [masked(g, dy, first), where(g, first, g.scalar(0), dy)];
  }),
  unary('Neg', (g, dy) => neg(g, dy), 'anything'),
  unary('Abs', (g, dy, x) => mul(g, dy, g.one('Sign', [x])), 'anything'),
  unary('Exp', (g, dy, _x, y) => mul(g, dy, y)),
  unary('Log', (g, dy, x) => div(g, dy, x)),
  unary('Sqrt', (g, dy, _x, y) => div(g, scale(g, dy, 0.5), y)),
  unary('Reciprocal', (g, dy, _x, y) => neg(g, mul(g, dy, square(g, y)))),
  unary('Sin', (g, dy, x) => mul(g, dy, g.one('Cos', [x]))),
  unary('Cos', (g, dy, x) => neg(g, mul(g, dy, g.one('Sin', [x])))),
  unary('Identity', (_g, dy) => dy, 'anything'),
  unary('Sign', undefined, 'anything'),
  // Written to the file as Identity: a mark for the differentiator alone.
  unary('Not', undefined, 'anything'),
  comparison('Greater'),
  comparison('GreaterOrEqual'),
  comparison('Less'),
  comparison('LessOrEqual'),
  comparison('Equal'),
  {
    op: 'Clip',
    infer(inputs) {
      const x = required('Clip', inputs, 0);
      for (const bound of inputs.slice(1)) {
        if (bound && (bound.shape.length > 0 || bound.type !== x.type)) {
          throw new GraphError('Clip', `bounds must be ${x.type} scalars`, inputs);
        }
      }
      return [{ type: x.type, shape: x.shape }];
    },
    // min(max(x, low), high): what is cut off moves with the bound that cuts it.
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      const [x, low, high] = node.inputs as [Value, Value | undefined, Value | undefined];
      let dx = dy;
      if (low) dx = masked(g, dx, g.one('GreaterOrEqual', [x, low]));
      if (high) dx = masked(g, dx, g.one('LessOrEqual', [x, high]));
      const cutBy = (bound: Value, comparison: 'Less' | 'Greater') =>
        unbroadcast(g, masked(g, dy, g.one(comparison, [x, bound])), bound.shape);
      return [
        dx,
        low && wants(1) ? cutBy(low, 'Less') : undefined,
        high && wants(2) ? cutBy(high, 'Greater') : undefined,
      ];
    },
  },
  {
    op: 'Where',
    infer(inputs) {
      const condition = required('Where', inputs, 0);
      const a = required('Where', inputs, 1);
      const b = required('Where', inputs, 2);
      if (condition.type !== 'bool') throw new GraphError('Where', 'the condition must be bool', inputs);
      if (a.type !== b.type) throw new GraphError('Where', 'the types differ', inputs);
      const shape = broadcastShape('Where', condition.shape, broadcastShape('Where', a.shape, b.shape));
      return [{ type: a.type, shape }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      const [condition, a, b] = node.inputs as [Value, Value, Value];
      if (!dy) return [];
      return [
        undefined,
        wants(1) ? unbroadcast(g, masked(g, dy, condition), a.shape) : undefined,
        wants(2) ? unbroadcast(g, where(g, condition, g.scalar(0), dy), b.shape) : undefined,
      ];
    },
  },
];
