/** Convolutions over (N, C, H, W). Weights are (O, C / group, kh, kw). */
import { integerAttribute, integersAttribute } from '#onnx/attributes.ts';
import { GraphError, type Node, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { required } from './arithmetic.ts';
import { type Convolution, convolutionAttributes, inputGradient, weightGradient } from './convolution-gradient.ts';
import { reduceSum } from './reduction.ts';
import { reach, slidShape, windowOf } from './window.ts';

interface ConvolutionOptions {
  readonly stride?: number;
  /** The same on all four sides. */
  readonly padding?: number;
  readonly bias?: Value;
}

export function conv2d(g: GraphBuilder, x: Value, weight: Value, options: ConvolutionOptions = {}): Value {
  const { stride = 1, padding = 0, bias } = options;
  return g.one('Conv', bias ? [x, weight, bias] : [x, weight], {
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
}

/** @throws GraphError when weight, bias or groups do not fit; `outputs` counts the channels that come out. */
function convolutionOf(
  op: string,
  inputs: readonly (Value | undefined)[],
  attributes: Node['attributes'],
): Convolution & { readonly outputs: number } {
  const x = required(op, inputs, 0);
  const weight = required(op, inputs, 1);
  const bias = inputs[2];
  if (weight.shape.length !== 4) throw new GraphError(op, 'needs a weight of rank 4', inputs);
  const window = windowOf(op, attributes, x, weight.shape.slice(2));
  const group = integerAttribute(op, attributes, 'group', 1);
  const [first, second] = weight.shape as [number, number];
  const [channels, outputs] = op === 'Conv' ? [second * group, first] : [first, second * group];
  if (group < 1 || first % group !== 0) throw new GraphError(op, `${first} channels in ${group} groups`, inputs);
  if (x.shape[1] !== channels) throw new GraphError(op, `weight is for ${channels} channels`, inputs);
  if (x.type !== weight.type) throw new GraphError(op, 'the types differ', inputs);
  if (bias && bias.shape.join() !== String(outputs)) throw new GraphError(op, `bias must be [${outputs}]`, inputs);
  return { ...window, group, outputs };
}

/** @throws GraphError for sizes given by auto_pad or output_shape, and for output padding that reaches the stride. */
function outputPadding(inputs: readonly (Value | undefined)[], attributes: Node['attributes']): readonly number[] {
  const op = 'ConvTranspose';
  if (attributes.output_shape || (attributes.auto_pad ?? 'NOTSET') !== 'NOTSET') {
    throw new GraphError(op, 'auto_pad and output_shape are not supported: give pads and output_padding', inputs);
  }
  const extra = integersAttribute(op, attributes, 'output_padding', [0, 0]);
  const strides = integersAttribute(op, attributes, 'strides', [1, 1]);
  if (extra.length !== 2 || extra.some((amount, axis) => amount < 0 || amount >= (strides[axis] ?? 1))) {
    throw new GraphError(op, `output_padding [${extra}] must be smaller than strides [${strides}]`, inputs);
  }
  return extra;
}

export const convolutionOps: readonly OpDefinition[] = [
  {
    op: 'Conv',
    infer(inputs, attributes) {
      const x = required('Conv', inputs, 0);
      const convolution = convolutionOf('Conv', inputs, attributes);
      return [{ type: x.type, shape: [x.shape[0]!, convolution.outputs, ...slidShape('Conv', x, convolution)] }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
      const convolution = convolutionOf('Conv', node.inputs, node.attributes);
      return [
        wants(0) ? inputGradient(g, dy, x, weight, convolution) : undefined,
        wants(1) ? weightGradient(g, dy, x, weight, convolution) : undefined,
        bias && wants(2) ? reduceSum(g, dy, [0, 2, 3]) : undefined,
      ];
    },
  },
  {
    op: 'ConvTranspose',
    infer(inputs, attributes) {
      const x = required('ConvTranspose', inputs, 0);
      const extra = outputPadding(inputs, attributes);
      const convolution = convolutionOf('ConvTranspose', inputs, attributes);
      const { strides, pads, outputs } = convolution;
      const size = ([0, 1] as const).map((axis) => {
        const whole = (x.shape[2 + axis]! - 1) * strides[axis] + reach(convolution, axis);
        return whole - pads[axis] - pads[axis + 2]! + extra[axis]!;
      });
      if (size.some((length) => length < 1))
        throw new GraphError('ConvTranspose', `pads [${pads}] leave nothing`, inputs);
      return [{ type: x.type, shape: [x.shape[0]!, outputs, ...size] }];
    },
    // The adjoint of a convolution with the same weight: input and output change places.
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
      const convolution = convolutionOf('ConvTranspose', node.inputs, node.attributes);
      return [
        wants(0) ? g.one('Conv', [dy, weight], convolutionAttributes(convolution)) : undefined,
        wants(1) ? weightGradient(g, x, dy, weight, convolution) : undefined,
        bias && wants(2) ? reduceSum(g, dy, [0, 2, 3]) : undefined,
      ];
    },
  },
];
