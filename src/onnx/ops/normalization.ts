/** Layer, group, instance and batch normalisation. */
import { floatAttribute, integerAttribute } from '#onnx/attributes.ts';
import { elements, GraphError, type Node, positiveAxis, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition, OutputShape } from '#onnx/op-definition.ts';
import { add, div, mul, required, shift, sqrt, square, sub } from './arithmetic.ts';
import { unbroadcast } from './broadcast.ts';
import { reshape } from './layout.ts';
import { reduceMean } from './reduction.ts';

const EPSILON = 1e-5;

/** Normalises the last axis (Ba et al. 2016), then scales and shifts. */
export function layerNorm(g: GraphBuilder, x: Value, gain: Value, bias: Value, epsilon = EPSILON): Value {
  // Mean and inverse deviation are asked for as well: the gradient uses them instead of computing them again.
  return g.apply('LayerNormalization', [x, gain, bias], { axis: -1, epsilon: { float: epsilon } })[0]!;
}

/** Normalises groups of channels of (N, C, …) (Wu and He 2018); gain and bias are (C). */
export function groupNorm(
  g: GraphBuilder,
  x: Value,
  groups: number,
  gain: Value,
  bias: Value,
  epsilon = EPSILON,
): Value {
  const [n, channels] = x.shape as [number, number];
  if (channels % groups !== 0) throw new GraphError('GroupNorm', `${channels} channels in ${groups} groups`, [x]);
  const size = elements(x.shape) / (n * groups);
  const grouped = reshape(g, x, [n, groups, size]);
  const normal = layerNorm(g, grouped, g.filled([size], 1), g.filled([size], 0), epsilon);
  const perChannel = channelShape(x);
  const back = g.one('Reshape', [normal, g.integers([0, ...x.shape.slice(1)])]);
  return add(g, mul(g, back, reshape(g, gain, perChannel)), reshape(g, bias, perChannel));
}

/**
 * Batch normalisation in training mode over all axes of (N, C, …) but the channels (Ioffe and Szegedy 2015): statistics of this very batch.
 * Written out of simpler nodes, so that its gradient needs no rule of its own.
 */
export function batchNormTraining(g: GraphBuilder, x: Value, gain: Value, bias: Value, epsilon = EPSILON): Value {
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const centred = sub(g, x, reduceMean(g, x, axes, { keepdims: true }));
  const variance = reduceMean(g, square(g, centred), axes, { keepdims: true });
  const perChannel = channelShape(x);
  const normal = div(g, centred, sqrt(g, shift(g, variance, epsilon)));
  return add(g, mul(g, normal, reshape(g, gain, perChannel)), reshape(g, bias, perChannel));
}

/** dx = invDeviation·(d − mean(d) − n·mean(d·n)) for n = (x − mean)·invDeviation and d the gradient at n. */
function normalizedGradient(
  g: GraphBuilder,
  d: Value,
  normal: Value,
  invDeviation: Value,
  axes: readonly number[],
): Value {
  const meanD = reduceMean(g, d, axes, { keepdims: true });
  const meanDn = reduceMean(g, mul(g, d, normal), axes, { keepdims: true });
  return mul(g, sub(g, sub(g, d, meanD), mul(g, normal, meanDn)), invDeviation);
}

/** (C, 1, …): a per-channel vector in this shape broadcasts against (N, C, …). */
function channelShape(x: Value): number[] {
  return [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
}

/** Sums (N, C, …) over all axes but the channels. */
function perChannelSum(g: GraphBuilder, x: Value, like: Value): Value {
  return reshape(g, unbroadcast(g, x, [1, ...channelShape(x)]), like.shape);
}

/** @throws GraphError unless every per-channel input of (N, C, …) is (C). */
function checkChannels(op: string, inputs: readonly (Value | undefined)[], count: number): OutputShape[] {
  const x = required(op, inputs, 0);
  for (let index = 1; index < count; index++) {
    if (x.shape.length < 2 || required(op, inputs, index).shape.join() !== String(x.shape[1])) {
      throw new GraphError(op, `input ${index} must be [${x.shape[1]}], one number per channel`, inputs);
    }
  }
  return [{ type: x.type, shape: x.shape }];
}

/** The axes that LayerNormalization normalises: from `axis` to the last. */
function normalizedAxes(x: Value, attributes: Node['attributes']): number[] {
  const first = positiveAxis(
    'LayerNormalization',
    integerAttribute('LayerNormalization', attributes, 'axis', -1),
    x.shape.length,
  );
  return x.shape.flatMap((_, axis) => (axis < first ? [] : [axis]));
}

interface Normalized {
  readonly normal: Value;
  readonly invDeviation: Value;
}

/** (x − mean)/√(variance + ε) over axes that stay as 1, and the factor. */
function normalize(g: GraphBuilder, x: Value, axes: readonly number[], epsilon: number): Normalized {
  const centred = sub(g, x, reduceMean(g, x, axes, { keepdims: true }));
  const variance = reduceMean(g, square(g, centred), axes, { keepdims: true });
  const invDeviation = div(g, g.scalar(1), sqrt(g, shift(g, variance, epsilon)));
  return { normal: mul(g, centred, invDeviation), invDeviation };
}

export const normalizationOps: readonly OpDefinition[] = [
  {
    op: 'LayerNormalization',
    infer(inputs, attributes) {
      const x = required('LayerNormalization', inputs, 0);
      const axes = normalizedAxes(x, attributes);
      const expected = axes.map((axis) => x.shape[axis]!);
      for (const value of [required('LayerNormalization', inputs, 1), inputs[2]]) {
        if (value && value.shape.join() !== expected.join()) {
          throw new GraphError('LayerNormalization', `gain and bias must be [${expected}]`, inputs);
        }
      }
      const statistics = { type: x.type, shape: x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)) };
      return [{ type: x.type, shape: x.shape }, statistics, statistics];
    },
    gradient({ builder: g, node, outputGradients: [dy, ...ofStatistics], wants }) {
      if (ofStatistics.some(Boolean)) {
        throw new GraphError('LayerNormalization', 'no gradient rule for its mean and deviation', node.inputs);
      }
      if (!dy) return [];
      const [x, gain, bias] = node.inputs as [Value, Value, Value | undefined];
      const [, mean, given] = node.outputs;
      const axes = normalizedAxes(x, node.attributes);
      // A file that was read in may not ask for the statistics.
      const { normal, invDeviation } =
        mean && given
          ? { normal: mul(g, sub(g, x, mean), given), invDeviation: given }
          : normalize(g, x, axes, floatAttribute('LayerNormalization', node.attributes, 'epsilon', EPSILON));
      return [
        wants(0) ? normalizedGradient(g, mul(g, dy, gain), normal, invDeviation, axes) : undefined,
        wants(1) ? unbroadcast(g, mul(g, dy, normal), gain.shape) : undefined,
        bias && wants(2) ? unbroadcast(g, dy, bias.shape) : undefined,
      ];
    },
  },
  {
    op: 'InstanceNormalization',
    infer: (inputs) => checkChannels('InstanceNormalization', inputs, 3),
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      const [x, gain, bias] = node.inputs as [Value, Value, Value];
      const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
      const epsilon = floatAttribute('InstanceNormalization', node.attributes, 'epsilon', EPSILON);
      const { normal, invDeviation } = normalize(g, x, axes, epsilon);
      const scaled = mul(g, dy, reshape(g, gain, channelShape(x)));
      return [
        wants(0) ? normalizedGradient(g, scaled, normal, invDeviation, axes) : undefined,
        wants(1) ? perChannelSum(g, mul(g, dy, normal), gain) : undefined,
        wants(2) ? perChannelSum(g, dy, bias) : undefined,
      ];
    },
  },
];
