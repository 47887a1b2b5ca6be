/** Writing a graph as .onnx and reading one back. */
import { type Attribute, type ConstantTensor, GraphError, type Node, type Value } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import {
  type AttributeMessage,
  attributeType,
  type ModelMessage,
  ModelProto,
  type NodeMessage,
  type ValueInfoMessage,
} from './proto.ts';
import { decodeTensor, encodeTensor, toFloat16, typeCodes, typeOf } from './tensor-codec.ts';

/** ONNX operator set: 20 brings Gelu; ReduceMean and Split take their axes as inputs. */
const OPSET = 20;
const IR_VERSION = 9;

export type ParameterData = ReadonlyMap<string, Float32Array>;

interface WriteOptions {
  /** Parameter values to bake in. Absent: parameters become inputs of the graph, after its own, in order of declaration. */
  readonly parameters?: ParameterData;
  /** Store baked parameters in half precision; the graph widens them when it is loaded. */
  readonly half?: boolean;
  /** Names for input and output dimensions that may vary, for example { sample: { 0: 'batch' } }. */
  readonly dynamic?: Readonly<Record<string, Readonly<Record<number, string>>>>;
}

/** @throws GraphError when a parameter has no data or data of another size. */
export function writeOnnx(g: GraphBuilder, options: WriteOptions = {}): Uint8Array {
  const nodes = liveNodes(g);
  const used = new Set(nodes.flatMap((node) => node.inputs.flatMap((input) => (input ? [input.name] : []))));
  for (const { value } of g.outputs) used.add(value.name);
  const parameters = [...g.parameters.values()].map(({ value }) => value);
  const baked = options.parameters;
  const initializer = [...g.constants]
    .filter(([name]) => used.has(name))
    .map(([name, tensor]) => encodeTensor(name, tensor));
  const casts: NodeMessage[] = [];
  if (baked) {
    for (const value of parameters.filter(({ name }) => used.has(name))) {
      const data = baked.get(value.name);
      const count = value.shape.reduce((product, dim) => product * dim, 1);
      if (data?.length !== count)
        throw new GraphError('Parameter', `${value.name} needs ${count} values, got ${data?.length}`);
      if (options.half) {
        const halfName = `${value.name}.half`;
        initializer.push(encodeTensor(halfName, { type: 'float16', shape: value.shape, data: toFloat16(data) }));
        casts.push({
          opType: 'Cast',
          input: [halfName],
          output: [value.name],
          attribute: [{ name: 'to', i: typeCodes.float32, type: attributeType.int }],
        });
      } else {
        initializer.push(encodeTensor(value.name, { type: 'float32', shape: value.shape, data }));
      }
    }
  }
  const message: ModelMessage = {
    irVersion: IR_VERSION,
    producerName: 'sgraffito',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'graph',
      node: [...casts, ...nodes.map(encodeNode), ...g.outputs.map(renameOutput)],
      initializer,
      input: [...g.inputs, ...(baked ? [] : parameters)].map((value) =>
        encodeValue(value.name, value, options.dynamic),
      ),
      output: g.outputs.map(({ name, value }) => encodeValue(name, value, options.dynamic)),
    },
  };
  return ModelProto.encode(message).finish();
}

/**
 * Reads a model whose shapes are all fixed, or fixed by `dimensions` ("batch" → 2). Initializers become constants, or parameters
 * of `asParameters`.
 * @throws GraphError for an operator, type or shape that is not supported.
 */
export function readOnnx(
  bytes: Uint8Array,
  options: { readonly dimensions?: Readonly<Record<string, number>>; readonly asParameters?: boolean } = {},
): { readonly builder: GraphBuilder; readonly parameters: Map<string, Float32Array> } {
  const decoded = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number, defaults: false }) as ModelMessage;
  const builder = new GraphBuilder('read_');
  const values = new Map<string, Value>();
  const parameters = new Map<string, Float32Array>();
  for (const message of decoded.graph.initializer ?? []) {
    const tensor = decodeTensor(message);
    const name = message.name ?? '';
    if (options.asParameters && tensor.data instanceof Float32Array && tensor.shape.length > 0) {
      values.set(name, builder.parameter(name, tensor.shape, { kind: 'constant', value: 0 }));
      parameters.set(name, tensor.data);
    } else {
      values.set(name, builder.namedConstant(name, tensor));
    }
  }
  for (const input of decoded.graph.input ?? []) {
    if (!values.has(input.name)) values.set(input.name, decodeInput(builder, input, options.dimensions ?? {}));
  }
  for (const node of decoded.graph.node ?? []) decodeNode(builder, values, node);
  for (const { name } of decoded.graph.output ?? []) {
    const value = values.get(name);
    if (!value) throw new GraphError('Model', `output ${name} is made by no node`);
    builder.output(name, value);
  }
  return { builder, parameters };
}

/** Nodes that an output depends on, in order. */
function liveNodes(g: GraphBuilder): Node[] {
  const live = new Set(g.outputs.map(({ value }) => value.name));
  return g.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((output) => live.has(output.name))) return false;
      for (const input of node.inputs) if (input) live.add(input.name);
      return true;
    })
    .reverse();
}

function encodeNode(node: Node): NodeMessage {
  const mark = node.domain === 'sgraffito';
  return {
    opType: mark ? 'Identity' : node.op,
    domain: mark ? '' : node.domain,
    input: node.inputs.map((input) => input?.name ?? ''),
    output: node.outputs.map((output) => output.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

const renameOutput = ({ name, value }: { name: string; value: Value }): NodeMessage => ({
  opType: 'Identity',
  input: [value.name],
  output: [name],
});

function encodeAttribute(name: string, value: Attribute): AttributeMessage {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeType.string };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  if ('data' in value) return { name, t: encodeTensor('', value), type: attributeType.tensor };
  return { name, ints: [...value], type: attributeType.ints };
}

function decodeAttribute(message: AttributeMessage): Attribute {
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
      throw new GraphError('Attribute', `${message.name} is of kind ${message.type}, which is not supported`);
  }
}

function encodeValue(name: string, value: Value, dynamic: WriteOptions['dynamic']): ValueInfoMessage {
  const names = dynamic?.[name] ?? {};
  const dim = value.shape.map((size, axis) => (names[axis] ? { dimParam: names[axis] } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: typeCodes[value.type], shape: { dim } } } };
}

function decodeInput(g: GraphBuilder, message: ValueInfoMessage, dimensions: Readonly<Record<string, number>>): Value {
  const tensor = message.type?.tensorType;
  const shape = (tensor?.shape?.dim ?? []).map(({ dimValue, dimParam }) => {
    const size = dimParam ? dimensions[dimParam] : Number(dimValue);
    if (size === undefined)
      throw new GraphError('Model', `input ${message.name} needs a size for dimension "${dimParam}"`);
    return size;
  });
  return g.input(message.name, shape, typeOf(tensor?.elemType));
}

function decodeNode(g: GraphBuilder, values: Map<string, Value>, node: NodeMessage): void {
  const attributes = Object.fromEntries((node.attribute ?? []).map((item) => [item.name, decodeAttribute(item)]));
  const outputNames = node.output ?? [];
  if (node.opType === 'Constant') {
    const tensor = attributes.value as ConstantTensor | undefined;
    if (!tensor) throw new GraphError('Constant', 'only tensor constants are supported');
    values.set(outputNames[0] as string, g.namedConstant(outputNames[0] as string, tensor));
    return;
  }
  const inputs = (node.input ?? []).map((name) => {
    if (name === '') return undefined;
    const value = values.get(name);
    if (!value) throw new GraphError(node.opType, `input ${name} is made by no earlier node`);
    return value;
  });
  for (const output of g.appendNamed(node.opType, inputs, attributes, node.domain ?? '', outputNames)) {
    values.set(output.name, output);
  }
}
