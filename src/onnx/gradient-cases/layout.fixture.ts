/** Random graphs of the operators that rearrange, cut, join, pad and index, and of matrix products. */
import fc from 'fast-check';
import type { GradientCase } from '#onnx/gradient-check.fixture.ts';
import { elements, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { gather, scatterAdd } from '#onnx/ops/indexing.ts';
import { depthToSpace, expand, pad, reshape, split, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { gemm } from '#onnx/ops/matrix.ts';
import { type Cases, dim, seed, shapeOf } from './elementwise.fixture.ts';

type Build = GradientCase['build'];

/** Cases over a random shape and what is drawn for it. */
function over<Drawn>(
  shape: fc.Arbitrary<number[]>,
  drawn: (shape: readonly number[]) => fc.Arbitrary<Drawn>,
  of: (shape: number[], drawn: Drawn) => { readonly inputs?: readonly (readonly number[])[]; readonly build: Build },
): fc.Arbitrary<GradientCase> {
  return shape.chain((shape) =>
    fc.tuple(drawn(shape), seed).map(([drawn, seed]) => ({ inputs: [shape], seed, ...of(shape, drawn) })),
  );
}

const axisOf = (shape: readonly number[]) => fc.integer({ min: -shape.length, max: shape.length - 1 });
const at = (shape: readonly number[], axis: number) => shape.at(axis)!;
const replaced = (shape: readonly number[], axis: number, size: number) => shape.with(axis, size);
const permutation = (shape: readonly number[]) =>
  fc.shuffledSubarray(
    shape.map((_, axis) => axis),
    { minLength: shape.length },
  );

/** Constant indices into an axis of `size`, some of them negative, some repeated. */
function indicesInto(
  g: GraphBuilder,
  shape: readonly number[],
  size: number,
  seed: number,
  type: 'int32' | 'int64',
): Value {
  const list = Array.from({ length: elements(shape) }, (_, index) => (((index + 1) * 31 + seed) % (2 * size)) - size);
  const data = type === 'int32' ? new Int32Array(list) : new BigInt64Array(list.map(BigInt));
  return g.constant({ type, shape, data });
}

const slices = over(
  fc.array(fc.constantFrom(1, 4, 5, 7), { minLength: 1, maxLength: 3 }),
  (shape) =>
    fc.tuple(
      fc.subarray(
        shape.map((_, axis) => axis),
        { minLength: 1 },
      ),
      fc.array(
        fc.tuple(
          fc.integer({ min: -5, max: 5 }),
          fc.integer({ min: -5, max: 5 }),
          fc.constantFrom(-3, -2, -1, 1, 2, 3),
        ),
        {
          minLength: shape.length,
          maxLength: shape.length,
        },
      ),
      fc.boolean(),
    ),
  (shape, [axes, ranges, negative]) => ({
    build: (g, [x]) => {
      const used = ranges.slice(0, axes.length);
      return g.one('Slice', [
        x,
        g.integers(used.map(([start]) => start)),
        g.integers(used.map(([, end, step], index) => (index === 0 ? 2 ** 31 * Math.sign(step) : end))),
        g.integers(axes.map((axis) => (negative ? axis - shape.length : axis))),
        g.integers(used.map(([, , step]) => step)),
      ]);
    },
  }),
);

const matrixShapes = fc.record({
  m: dim,
  k: dim,
  n: dim,
  batch: shapeOf(0, 2),
  left: fc.tuple(fc.nat({ max: 2 }), fc.boolean()),
  right: fc.tuple(fc.nat({ max: 2 }), fc.boolean()),
  seed,
});

export const layoutCases: Cases = {
  Reshape: over(shapeOf(1, 4), permutation, (shape, order) => ({
    build: (g, [x]) => [
      reshape(g, x!, [elements(shape)]),
      reshape(
        g,
        x!,
        order.map((axis) => at(shape, axis)),
      ),
      g.one('Reshape', [x, g.integers([0, -1])]),
    ],
  })),
  Unsqueeze: over(
    shapeOf(0, 3),
    (shape) => fc.uniqueArray(fc.integer({ min: 0, max: shape.length + 1 }), { minLength: 2, maxLength: 2 }),
    (shape, axes) => ({
      build: (g, [x]) => [unsqueeze(g, x!, axes), unsqueeze(g, x!, [-1 - shape.length])],
    }),
  ),
  Squeeze: over(shapeOf(0, 3), axisOfLonger, (shape, axis) => {
    const wide = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    return {
      inputs: [wide],
      build: (g, [x]) => [
        ...[axis, axis - wide.length].map((at) => g.one('Squeeze', [x, g.integers([at])])),
        g.one('Squeeze', [x]),
      ],
    };
  }),
  Transpose: over(shapeOf(0, 4), permutation, (_, perm) => ({
    build: (g, [x]) => [transpose(g, x!, perm), g.one('Transpose', [x])],
  })),
  Concat: over(
    shapeOf(1, 4),
    (shape) => fc.tuple(axisOf(shape), dim, dim),
    (shape, [axis, second, third]) => ({
      inputs: [shape, replaced(shape, axis, second), replaced(shape, axis, third)],
      build: (g, [a, b, c]) => g.one('Concat', [a, b, c, a], { axis }),
    }),
  ),
  Split: over(
    shapeOf(1, 4),
    (shape) => fc.tuple(axisOf(shape), dim, dim),
    (shape, [axis, second, third]) => {
      const sizes = [at(shape, axis), second, third];
      return {
        inputs: [
          replaced(
            shape,
            axis,
            sizes.reduce((sum, size) => sum + size, 0),
          ),
        ],
        // The middle part is not used: its gradient is absent.
        build: (g, [x]) => split(g, x!, axis, sizes).filter((_, index) => index !== 1),
      };
    },
  ),
  Slice: slices,
  Pad: over(
    shapeOf(1, 4),
    (shape) => fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 2 * shape.length, maxLength: 2 * shape.length }),
    (shape, amounts) => {
      const rank = shape.length;
      // Cuts only where something is left.
      const roomy = shape.map((size) => size + 2);
      return {
        inputs: [roomy],
        build: (g, [x]) => [
          pad(g, x!, amounts.slice(0, rank), amounts.slice(rank)),
          g.one('Pad', [x, g.integers([1, 2]), g.scalar(0.5), g.integers([-1])]),
        ],
      };
    },
  ),
  Expand: over(
    shapeOf(0, 3),
    (shape) => fc.tuple(dim, fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })),
    (shape, [front, kept]) => ({
      inputs: [shape.map((size, axis) => (kept[axis] ? size : 1))],
      build: (g, [x]) => expand(g, x!, [front, ...shape]),
    }),
  ),
  DepthToSpace: over(
    shapeOf(4, 4),
    () => fc.tuple(fc.constantFrom(1, 2, 3), fc.boolean()),
    ([n, c, h, w], [b, crd]) => ({
      inputs: [[n!, Math.min(c!, 3) * b * b, h!, w!]],
      build: (g, [x]) => (crd ? g.one('DepthToSpace', [x], { blocksize: b, mode: 'CRD' }) : depthToSpace(g, x!, b)),
    }),
  ),
  SpaceToDepth: over(
    shapeOf(4, 4),
    () => fc.constantFrom(1, 2, 3),
    ([n, c, h, w], b) => ({
      inputs: [[n!, c!, Math.min(h!, 3) * b, Math.min(w!, 3) * b]],
      build: (g, [x]) => g.one('SpaceToDepth', [x], { blocksize: b }),
    }),
  ),
  Cast: over(
    shapeOf(0, 3),
    () => fc.constant(0),
    () => ({
      // There and back through int32, whose gradient is zero by definition, beside a plain cast.
      build: (g, [x]) => [
        g.one('Cast', [x], { to: 1 }),
        g.one('Mul', [x!, g.one('Cast', [g.one('Cast', [g.filled([], 2.7)], { to: 6 })], { to: 1 })]),
      ],
    }),
  ),
  Gather: over(
    shapeOf(1, 4),
    (shape) => fc.tuple(axisOf(shape), shapeOf(0, 2), seed, fc.boolean()),
    (shape, [axis, indices, seed, wide]) => ({
      build: (g, [x]) => gather(g, x!, indicesInto(g, indices, at(shape, axis), seed, wide ? 'int64' : 'int32'), axis),
    }),
  ),
  CumSum: over(
    shapeOf(1, 4),
    (shape) => fc.tuple(axisOf(shape), fc.constantFrom(0, 1), fc.constantFrom(0, 1)),
    (_, [axis, exclusive, reverse]) => ({
      build: (g, [x]) => g.one('CumSum', [x, g.integers([axis])], { exclusive, reverse }),
    }),
  ),
  GatherND: over(
    shapeOf(1, 3),
    (shape) => fc.tuple(shapeOf(0, 2), fc.integer({ min: 1, max: shape.length }), seed),
    (shape, [front, depth, seed]) => ({
      build: (g, [x]) => g.one('GatherND', [x, indicesInto(g, [...front, depth], Math.min(...shape), seed, 'int64')]),
    }),
  ),
  ScatterND: over(
    shapeOf(1, 3),
    (shape) => fc.tuple(shapeOf(1, 2), fc.integer({ min: 1, max: shape.length }), seed),
    (shape, [front, depth, seed]) => ({
      inputs: [shape, [...front, ...shape.slice(depth)]],
      build: (g, [x, updates]) =>
        scatterAdd(g, x!, indicesInto(g, [...front, depth], Math.min(...shape), seed, 'int64'), updates!),
    }),
  ),
  MatMul: matrixShapes.map(({ m, k, n, batch, left, right, seed }) => {
    const front = ([dropped, flat]: readonly [number, boolean]) =>
      batch.map((size) => (flat ? 1 : size)).slice(dropped);
    return {
      inputs: [
        [...front(left), m, k],
        [...front(right), k, n],
      ],
      seed,
      build: (g, [a, b]) => g.one('MatMul', [a, b]),
    };
  }),
  Gemm: fc
    .record({
      m: dim,
      k: dim,
      n: dim,
      transA: fc.boolean(),
      transB: fc.boolean(),
      bias: fc.constantFrom(0, 1, 2, 3, 4),
      scaled: fc.boolean(),
      seed,
    })
    .map(({ m, k, n, transA, transB, bias, scaled, seed }) => {
      const biasShape = [[], [n], [1, n], [m, 1]][bias - 1];
      const inputs = [transA ? [k, m] : [m, k], transB ? [n, k] : [k, n], ...(biasShape ? [biasShape] : [])];
      return {
        inputs,
        seed,
        build: (g, [a, b, c]) =>
          scaled
            ? g.one('Gemm', c ? [a, b, c] : [a, b], {
                alpha: { float: 0.5 },
                beta: { float: -2 },
                transA: transA ? 1 : 0,
                transB: transB ? 1 : 0,
              })
            : gemm(g, a!, b!, { transA, transB, ...(c ? { bias: c } : {}) }),
      };
    }),
};

function axisOfLonger(shape: readonly number[]): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: shape.length });
}
