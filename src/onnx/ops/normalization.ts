/** Layer, group, instance and batch normalisation. */
import { elements, GraphError, type Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { OpDefinition } from '../op-definition.ts';
import { add, div, mul, required, shift, sqrt, square, sub } from './arithmetic.ts';
import { unbroadcast } from './broadcast.ts';
import { reshape } from './layout.ts';
import { reduceMean } from './reduction.ts';

const EPSILON = 1e-5;

/** Normalises the last axis (Ba et al. 2016), then scales and shifts. */
export function layerNorm(g: GraphBuilder, x: Value, gain: Value, bias: Value, epsilon = EPSILON): Value {
  // Mean and inverse deviation are asked for as well: the gradient uses them instead of computing them again.
  return g.apply('LayerNormalization', [x, gain, bias], { axis: -1, epsilon: { float: epsilon } })[0] as Value;
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
  const perChannel = [channels, ...x.shape.slice(2).map(() => 1)];
  const back = g.one('Reshape', [normal, g.integers([0, ...x.shape.slice(1)])]);
  return add(g, mul(g, back, reshape(g, gain, perChannel)), reshape(g, bias, perChannel));
}

/**
 * Batch normalisation in training mode over axis 0 of (N, C) (Ioffe and Szegedy 2015): statistics of this very batch.
 * Written out of simpler nodes, so that its gradient needs no rule of its own.
 */
export function batchNormTraining(g: GraphBuilder, x: Value, gain: Value, bias: Value, epsilon = EPSILON): Value {
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const centred = sub(g, x, reduceMean(g, x, axes, { keepdims: true }));
  const variance = reduceMean(g, square(g, centred), axes, { keepdims: true });
  const perChannel = [x.shape[1] as number, ...x.shape.slice(2).map(() => 1)];
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

function channelShape(x: Value): number[] {
  return [x.shape[1] as number, ...x.shape.slice(2).map(() => 1)];
}

const attributeFloat = (value: unknown, fallback: number): number =>
  typeof value === 'object' && value !== null && 'float' in value
    ? Number(value.float)
    : typeof value === 'number'
      ? value
      : fallback;

export const normalizationOps: readonly OpDefinition[] = [
  {
    op: 'LayerNormalization',
    infer(inputs, attributes) {
      const x = required('LayerNormalization', inputs, 0);
      const gain = required('LayerNormalization', inputs, 1);
      if (Number(attributes.axis ?? -1) !== -1)
        throw new GraphError('LayerNormalization', 'only the last axis', inputs);
      const width = x.shape.at(-1);
      if (gain.shape.join() !== String(width))
        throw new GraphError('LayerNormalization', `gain must be [${width}]`, inputs);
      const statistics = { type: x.type, shape: [...x.shape.slice(0, -1), 1] };
      return [{ type: x.type, shape: x.shape }, statistics, statistics];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      const [x, gain, bias] = node.inputs as [Value, Value, Value | undefined];
      const [, mean, invDeviation] = node.outputs as [Value, Value, Value];
      const normal = mul(g, sub(g, x, mean), invDeviation);
      const dx = wants(0) ? normalizedGradient(g, mul(g, dy, gain), normal, invDeviation, [-1]) : undefined;
      return [
        dx,
        wants(1) ? unbroadcast(g, mul(g, dy, normal), gain.shape) : undefined,
        bias && wants(2) ? unbroadcast(g, dy, bias.shape) : undefined,
      ];
    },
  },
  {
    op: 'InstanceNormalization',
    infer: (inputs) => [{ type: 'float32', shape: required('InstanceNormalization', inputs, 0).shape }],
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const [x, gain, bias] = node.inputs as [Value, Value, Value];
      const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
      const centred = sub(g, x, reduceMean(g, x, axes, { keepdims: true }));
      const variance = reduceMean(g, square(g, centred), axes, { keepdims: true });
      const deviation = sqrt(g, shift(g, variance, attributeFloat(node.attributes.epsilon, EPSILON)));
      const invDeviation = div(g, g.scalar(1), deviation);
      const normal = mul(g, centred, invDeviation);
      const scaled = mul(g, dy, reshape(g, gain, channelShape(x)));
      return [
        normalizedGradient(g, scaled, normal, invDeviation, axes),
        reshape(g, unbroadcast(g, mul(g, dy, normal), [1, ...channelShape(x)]), gain.shape),
        reshape(g, unbroadcast(g, dy, [1, ...channelShape(x)]), bias.shape),
      ];
    },
  },
  {
    // Inference mode: running statistics are constants of the network.
    op: 'BatchNormalization',
    infer: (inputs) => [{ type: 'float32', shape: required('BatchNormalization', inputs, 0).shape }],
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const [x, gain, bias, mean, variance] = node.inputs as [Value, Value, Value, Value, Value];
      const shape = channelShape(x);
      const epsilon = attributeFloat(node.attributes.epsilon, EPSILON);
      const deviation = reshape(g, sqrt(g, shift(g, variance, epsilon)), shape);
      const normal = div(g, sub(g, x, reshape(g, mean, shape)), deviation);
      return [
        mul(g, dy, div(g, reshape(g, gain, shape), deviation)),
        reshape(g, unbroadcast(g, mul(g, dy, normal), [1, ...shape]), gain.shape),
        reshape(g, unbroadcast(g, dy, [1, ...shape]), bias.shape),
      ];
    },
  },
];
