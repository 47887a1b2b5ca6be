/** Random graphs of element-wise operators, activations and reductions. */
import fc from 'fast-check';
import { apart, between, type Draw, type GradientCase } from '#onnx/gradient-check.fixture.ts';
import type { Attribute, Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu } from '#onnx/ops/activation.ts';
import { clip, sumOf } from '#onnx/ops/arithmetic.ts';

export type Cases = Readonly<Record<string, fc.Arbitrary<GradientCase>>>;

export const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
export const dim = fc.constantFrom(1, 1, 2, 3, 4, 5, 7);
export const shapeOf = (minLength: number, maxLength: number) => fc.array(dim, { minLength, maxLength });

/** A common shape of up to 4 axes, and for each of `count` inputs that shape with some axes 1 or left out in front. */
function broadcasting(count: number): fc.Arbitrary<number[][]> {
  return shapeOf(0, 4).chain((whole) =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(
            fc.nat({ max: whole.length }),
            fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }),
          )
          .map(([dropped, kept]) => whole.map((size, axis) => (kept[axis] ? size : 1)).slice(dropped)),
      ),
    ),
  );
}

const binary = (op: string, draw?: Draw) =>
  fc
    .record({ inputs: broadcasting(2), seed })
    .map(({ inputs, seed }): GradientCase => ({ inputs, seed, draw, build: (g, [a, b]) => g.one(op, [a, b]) }));

export const oneInput = (
  build: (g: GraphBuilder, x: Value) => Value,
  draw?: Draw,
  shape: fc.Arbitrary<number[]> = shapeOf(0, 4),
) =>
  fc
    .record({ shape, seed })
    .map(({ shape, seed }): GradientCase => ({ inputs: [shape], seed, draw, build: (g, [x]) => build(g, x!) }));

const unary = (op: string, draw?: Draw, attributes: Record<string, Attribute> = {}) =>
  oneInput((g, x) => g.one(op, [x], attributes), draw);

const softmaxOf = (op: string) =>
  shapeOf(1, 4).chain((shape) =>
    fc
      .record({ axis: fc.integer({ min: -shape.length, max: shape.length - 1 }), seed })
      .map(({ axis, seed }): GradientCase => ({ inputs: [shape], seed, build: (g, [x]) => g.one(op, [x], { axis }) })),
  );

const reduction = (op: string, draw?: Draw) =>
  shapeOf(0, 4).chain((shape) =>
    fc
      .record({
        axes: fc.subarray(shape.map((_, axis) => axis)),
        negative: fc.boolean(),
        keepdims: fc.constantFrom(0, 1),
        seed,
      })
      .map(
        ({ axes, negative, keepdims, seed }): GradientCase => ({
          inputs: [shape],
          seed,
          draw,
          build: (g, [x]) => {
            const given = axes.map((axis) => (negative ? axis - shape.length : axis));
            return g.one(op, given.length > 0 ? [x, g.integers(given)] : [x], { keepdims });
          },
        }),
      ),
  );

const positive = between(0.4, 2);
const awayFromZero: Draw = (counts, random) =>
  positive(counts, random).map((data) => data.map((value) => (random() < 0.5 ? -value : value)));

export const elementwiseCases: Cases = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div', awayFromZero),
  Pow: binary('Pow', positive),
  Max: binary('Max', apart),
  Neg: unary('Neg'),
  Abs: unary('Abs', apart),
  Exp: unary('Exp'),
  Log: unary('Log', positive),
  Sqrt: unary('Sqrt', positive),
  Reciprocal: unary('Reciprocal', awayFromZero),
  Sin: unary('Sin', between(-4, 4)),
  Cos: unary('Cos', between(-4, 4)),
  Identity: unary('Identity'),
  Relu: unary('Relu', apart),
  LeakyRelu: fc.oneof(unary('LeakyRelu', apart), unary('LeakyRelu', apart, { alpha: { float: 0.2 } })),
  Sigmoid: unary('Sigmoid', between(-6, 6)),
  Tanh: unary('Tanh', between(-3, 3)),
  Softplus: unary('Softplus', between(-6, 6)),
  Erf: unary('Erf', between(-3, 3)),
  Gelu: fc.oneof(
    unary('Gelu', between(-3, 3)),
    oneInput((g, x) => g.one('Gelu', [x], { approximate: 'tanh' }), between(-3, 3)),
  ),
  Clip: fc.oneof(
    oneInput((g, x) => clip(g, x, -0.4, 0.7), apart),
    oneInput((g, x) => g.one('Clip', [x, g.scalar(-0.4)]), apart),
    oneInput((g, x) => g.one('Clip', [x, undefined, g.scalar(0.7)]), apart),
    // Bounds that take gradients themselves.
    fc.record({ shape: shapeOf(1, 3), seed }).map(({ shape, seed }) => ({
      inputs: [shape, [], []],
      seed,
      draw: (counts: readonly number[], random: () => number) => {
        const [data] = apart([counts[0]!], random);
        return [data!, new Float32Array([-0.3]), new Float32Array([0.4])];
      },
      build: (g: GraphBuilder, [x, low, high]: readonly Value[]) => g.one('Clip', [x, low, high]),
    })),
  ),
  Where: fc.record({ inputs: broadcasting(3), seed }).map(({ inputs, seed }) => ({
    inputs,
    seed,
    build: (g: GraphBuilder, [a, b, c]: readonly Value[]) => {
      // A condition that no difference moves: every other number.
      const [, , condition] = inputs as [number[], number[], number[]];
      const count = condition.reduce((product, size) => product * size, 1);
      const data = Uint8Array.from({ length: count }, (_, index) => (index * 7 + seed) % 2);
      const choice = g.constant({ type: 'bool', shape: condition, data });
      return [g.one('Where', [choice, a, b]), c!];
    },
  })),
  Softmax: softmaxOf('Softmax'),
  LogSoftmax: softmaxOf('LogSoftmax'),
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax', apart),
};

export const elementwiseComposites: Cases = {
  silu: oneInput(silu, between(-6, 6)),
  'one value used many times': oneInput((g, x) => sumOf(g, [x, g.one('Mul', [x, x]), g.one('Sin', [x]), x])),
};
