/** One node of an .onnx file, translated to the operator set that the smith speaks. */
import { floatAttribute, integerAttribute } from '#onnx/attributes.ts';
import { type Attribute, type ConstantTensor, GraphError, type Node, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { required } from '#onnx/ops/arithmetic.ts';
import { expand, reshape } from '#onnx/ops/layout.ts';
import { groupNorm } from '#onnx/ops/normalization.ts';
import { type AttributeMessage, attributeType, type NodeMessage } from './proto.ts';
import { decodeTensor } from './tensor-codec.ts';

type Attributes = Record<string, Attribute>;
type Inputs = (Value | undefined)[];

/** Appends the node to the graph and its outputs to `values`. @throws GraphError for what is not supported. */
export function importNode(g: GraphBuilder, values: Map<string, Value>, node: NodeMessage): void {
  const op = node.opType ?? '';
  const attributes: Attributes = Object.fromEntries(
    (node.attribute ?? []).map((item) => [item.name, decodeAttribute(op, item)]),
  );
  const outputNames = node.output ?? [];
  for (const name of outputNames) {
    if (values.has(name)) throw new GraphError(op, `output ${name} is made twice`);
  }
  const inputs = (node.input ?? []).map((name) => {
    if (name === '') return undefined;
    const value = values.get(name);
    if (!value) throw new GraphError(op, `input ${name} is made by no earlier node`);
    return value;
  });
  const [first = ''] = outputNames;
  if (op === 'Constant') {
    values.set(first, g.namedConstant(first, constantOf(attributes)));
  } else if (op === 'GroupNormalization') {
    values.set(first, groupNormalization(g, inputs, attributes));
  } else {
    const modern = modernize(g, op, inputs, attributes, outputNames.length);
    const outputs = g.appendNamed(op, modern.inputs, modern.attributes, node.domain ?? '', outputNames);
    for (const output of outputs) values.set(output.name, output);
  }
}

function constantOf(attributes: Attributes): ConstantTensor {
  const { value, value_float: real, value_int: whole, value_ints: list } = attributes;
  if (typeof value === 'object' && 'data' in value) return value;
  if (typeof real === 'object' && 'float' in real) {
    return { type: 'float32', shape: [], data: new Float32Array([real.float]) };
  }
  if (typeof whole === 'number') return { type: 'int64', shape: [], data: new BigInt64Array([BigInt(whole)]) };
  if (Array.isArray(list)) {
    return { type: 'int64', shape: [list.length], data: new BigInt64Array(list.map((item: number) => BigInt(item))) };
  }
  throw new GraphError('Constant', `only tensors and numbers are supported, not ${Object.keys(attributes).join(', ')}`);
}

/** Axes and split sizes were attributes in older operator sets, and Split may leave its sizes out. */
function modernize(
  g: GraphBuilder,
  op: string,
  inputs: Inputs,
  attributes: Attributes,
  outputs: number,
): { readonly inputs: Inputs; readonly attributes: Node['attributes'] } {
  const { axes, split, num_outputs: _count, ...rest } = attributes;
  const takesAxes = op.startsWith('Reduce') || op === 'Squeeze' || op === 'Unsqueeze';
  if (takesAxes && Array.isArray(axes)) return { inputs: [inputs[0], g.integers(axes)], attributes: rest };
  if (op !== 'Split') return { inputs, attributes };
  if (Array.isArray(split)) return { inputs: [inputs[0], g.integers(split)], attributes: rest };
  if (inputs[1]) return { inputs, attributes: rest };
  const x = required(op, inputs, 0);
  const axis = integerAttribute(op, attributes, 'axis', 0);
  const size = x.shape.at(axis) ?? 0;
  const part = Math.ceil(size / outputs);
  const sizes = Array.from({ length: outputs }, (_, index) => Math.min(part, size - part * index));
  return { inputs: [x, g.integers(sizes)], attributes: rest };
}

/** Written out of simpler nodes: gain and bias are (C) since operator set 21, one per group before. */
function groupNormalization(g: GraphBuilder, inputs: Inputs, attributes: Attributes): Value {
  const op = 'GroupNormalization';
  const x = required(op, inputs, 0);
  const groups = integerAttribute(op, attributes, 'num_groups', 0);
  const channels = x.shape[1] ?? 0;
  if (groups < 1 || channels % groups !== 0) {
    throw new GraphError(op, `${channels} channels in ${groups} groups`, inputs);
  }
  const perChannel = (value: Value): Value => {
    const count = value.shape.join();
    if (count === String(channels)) return value;
    if (count !== String(groups))
      throw new GraphError(op, `gain and bias must be [${channels}] or [${groups}]`, inputs);
    return reshape(g, expand(g, reshape(g, value, [groups, 1]), [groups, channels / groups]), [channels]);
  };
  const epsilon = floatAttribute(op, attributes, 'epsilon', 1e-5);
  return groupNorm(g, x, groups, perChannel(required(op, inputs, 1)), perChannel(required(op, inputs, 2)), epsilon);
}

function decodeAttribute(op: string, message: AttributeMessage): Attribute {
  switch (message.type) {
    case attributeType.float:
      return { float: message.f ?? 0 };
    case attributeType.int:
      return Number(message.i ?? 0);
    case attributeType.string:
      return new TextDecoder().decode(message.s);
    case attributeType.ints:
      return (message.ints ?? []).map(Number);
    case attributeType.tensor:
      return decodeTensor(message.t ?? {});
    default:
      throw new GraphError(op, `attribute ${message.name} is of kind ${message.type}, which is not supported`);
  }
}
