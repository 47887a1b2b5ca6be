/** Random graphs of convolutions, pooling, upsampling and normalisation. */
import fc from 'fast-check';
import type { Draw, GradientCase } from '#onnx/gradient-check.fixture.ts';
import { batchNormTraining, groupNorm, layerNorm } from '#onnx/ops/normalization.ts';
import { averagePool, upsampleNearest } from '#onnx/ops/pooling.ts';
import { type Cases, oneInput, seed, shapeOf } from './elementwise.fixture.ts';

const size = fc.constantFrom(3, 4, 5, 6, 7, 9);
const kernel = fc.constantFrom(1, 2, 3, 4);
const stride = fc.constantFrom(1, 1, 2, 3);
const padding = fc.constantFrom(0, 0, 1, 2);
const pair = <T>(value: fc.Arbitrary<T>) => fc.tuple(value, value);

const window = fc
  .record({
    batch: fc.constantFrom(1, 2),
    group: fc.constantFrom(1, 1, 2, 3),
    inputs: fc.constantFrom(1, 2),
    outputs: fc.constantFrom(1, 2, 3),
    picture: pair(size),
    kernel: pair(kernel),
    strides: pair(stride),
    dilations: pair(fc.constantFrom(1, 1, 1, 2)),
    pads: fc.tuple(padding, padding, padding, padding),
    extra: pair(fc.nat({ max: 2 })),
    bias: fc.boolean(),
    seed,
  })
  .filter(({ picture, kernel, dilations, pads }) =>
    [0, 1].every((axis) => reachOf(kernel, dilations, axis) <= picture[axis]! + pads[axis]! + pads[axis + 2]!),
  );

function reachOf(kernel: readonly number[], dilations: readonly number[], axis: number): number {
  return (kernel[axis]! - 1) * dilations[axis]! + 1;
}

const poolCase = (op: string, draw?: Draw) =>
  window
    .filter(({ kernel, dilations, pads }) =>
      pads.every((amount, side) => amount < Math.min(reachOf(kernel, dilations, side % 2), kernel[side % 2]!)),
    )
    .map(
      ({ batch, inputs, picture, kernel, strides, dilations, pads, bias, seed }): GradientCase => ({
        inputs: [[batch, inputs, ...picture]],
        seed,
        draw,
        build: (g, [x]) =>
          g.one(op, [x], {
            kernel_shape: kernel,
            strides,
            pads,
            ...(op === 'AveragePool' ? { count_include_pad: bias ? 1 : 0, dilations } : { dilations }),
          }),
      }),
    );

const autoPads = ['VALID', 'SAME_UPPER', 'SAME_LOWER'] as const;
const channels = fc.constantFrom(2, 4, 6);

export const spatialCases: Cases = {
  Conv: fc.oneof(
    {
      weight: 4,
      arbitrary: window.map(
        ({ batch, group, inputs, outputs, picture, kernel, strides, dilations, pads, bias, seed }): GradientCase => ({
          inputs: [
            [batch, inputs * group, ...picture],
            [outputs * group, inputs, ...kernel],
            ...(bias ? [[outputs * group]] : []),
          ],
          seed,
          build: (g, [x, w, b]) => g.one('Conv', b ? [x, w, b] : [x, w], { strides, pads, dilations, group }),
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ auto_pad: fc.constantFrom(...autoPads), picture: pair(size), strides: pair(stride), seed })
        .map(
          ({ auto_pad, picture, strides, seed }): GradientCase => ({
            inputs: [
              [1, 2, ...picture],
              [2, 2, 3, 2],
            ],
            seed,
            build: (g, [x, w]) => g.one('Conv', [x, w], { strides, auto_pad }),
          }),
        ),
    },
  ),
  ConvTranspose: window
    .map((drawn) => ({
      ...drawn,
      output_padding: drawn.extra.map((amount, axis) => Math.min(amount, drawn.strides[axis]! - 1)),
    }))
    .filter(({ picture, kernel, strides, dilations, pads }) =>
      [0, 1].every(
        (axis) =>
          (picture[axis]! - 1) * strides[axis]! + reachOf(kernel, dilations, axis) > pads[axis]! + pads[axis + 2]!,
      ),
    )
    .map(
      ({
        batch,
        group,
        inputs,
        outputs,
        picture,
        kernel,
        strides,
        dilations,
        pads,
        bias,
        output_padding,
        seed,
      }): GradientCase => ({
        inputs: [
          [batch, inputs * group, ...picture],
          [inputs * group, outputs, ...kernel],
          ...(bias ? [[outputs * group]] : []),
        ],
        seed,
        build: (g, [x, w, b]) =>
          g.one('ConvTranspose', b ? [x, w, b] : [x, w], { strides, pads, dilations, group, output_padding }),
      }),
    ),
  AveragePool: fc.oneof(
    poolCase('AveragePool'),
    oneInput((g, x) => averagePool(g, x, 2), undefined, pictures(2)),
  ),
  Resize: fc.constantFrom(1, 2, 3).chain((factor) =>
    fc.oneof(
      oneInput((g, x) => upsampleNearest(g, x, factor), undefined, pictures(1)),
      oneInput(
        (g, x) =>
          g.one(
            'Resize',
            [x, undefined, undefined, g.integers([x.shape[0]!, x.shape[1]!, x.shape[2]! * factor, x.shape[3]! * 3])],
            { mode: 'nearest' },
          ),
        undefined,
        pictures(1),
      ),
    ),
  ),
  LayerNormalization: shapeOf(1, 4)
    .filter((shape) => shape.at(-1)! > 1)
    .chain((shape) =>
      fc
        .record({ axis: fc.integer({ min: -shape.length, max: shape.length - 1 }), bias: fc.boolean(), seed })
        .map(({ axis, bias, seed }): GradientCase => {
          const inner = shape.slice(axis);
          return {
            inputs: [shape, inner, ...(bias ? [inner] : [])],
            seed,
            build: (g, [x, gain, b]) =>
              g.one('LayerNormalization', b ? [x, gain, b] : [x, gain], { axis, epsilon: { float: 0.01 } }),
          };
        }),
    ),
  InstanceNormalization: perChannel(2, (g, [x, gain, bias]) =>
    g.one('InstanceNormalization', [x, gain, bias], { epsilon: { float: 0.05 } }),
  ),
};

export const spatialComposites: Cases = {
  layerNorm: fc.record({ shape: shapeOf(1, 4).filter((shape) => shape.at(-1)! > 1), seed }).map(({ shape, seed }) => ({
    inputs: [shape, shape.slice(-1), shape.slice(-1)],
    seed,
    build: (g, [x, gain, bias]) => layerNorm(g, x!, gain!, bias!, 0.01),
  })),
  groupNorm: fc
    .tuple(fc.constantFrom(1, 2), channels, shapeOf(0, 2), fc.constantFrom(1, 2), seed)
    .map(([n, c, rest, groups, seed]) => ({
      inputs: [[n, c, ...rest], [c], [c]],
      seed,
      build: (g, [x, gain, bias]) => groupNorm(g, x!, groups, gain!, bias!, 0.05),
    })),
  batchNormTraining: perChannel(2, (g, [x, gain, bias]) => batchNormTraining(g, x!, gain!, bias!, 0.05)),
};

function pictures(least: number): fc.Arbitrary<number[]> {
  const side = fc.integer({ min: least, max: 7 });
  return fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2, 3), side, side).map((shape) => [...shape]);
}

/** (N, C, …) and `count` vectors of C numbers. */
function perChannel(count: number, build: GradientCase['build'], draw?: Draw): fc.Arbitrary<GradientCase> {
  return fc
    .tuple(
      fc.constantFrom(2, 3),
      fc.constantFrom(1, 2, 3),
      fc.array(fc.constantFrom(2, 3, 5), { minLength: 1, maxLength: 2 }),
      seed,
    )
    .map(([n, c, rest, seed]) => ({
      inputs: [[n, c, ...rest], ...Array.from({ length: count }, () => [c])],
      seed,
      draw,
      build,
    }));
}
