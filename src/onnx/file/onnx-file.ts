/** Writing a graph as .onnx. */
import { type Attribute, elements, GraphError, type Node, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import {
  type AttributeMessage,
  attributeType,
  type ModelMessage,
  ModelProto,
  type NodeMessage,
  type TensorMessage,
  type ValueInfoMessage,
} from './proto.ts';
import { encodeTensor, toFloat16, typeCodes } from './tensor-codec.ts';

/** ONNX operator set: 20 brings Gelu; ReduceMean and Split take their axes as inputs. */
const OPSET = 20;
const IR_VERSION = 9;

export type ParameterData = ReadonlyMap<string, Float32Array>;

interface WriteOptions {
  /** Parameter values to bake in. Absent: parameters become inputs of the graph, after its own, in order of declaration. */
  readonly parameters?: ParameterData;
  /** Parameters without a value here become inputs, where otherwise all must have one. */
  readonly partial?: boolean;
  /** Store baked parameters in half precision; the graph widens them when it is loaded. */
  readonly half?: boolean;
  /** Baked parameters that are stored as bytes, 255 steps from the least to the greatest number of each; for tables of what is seen. */
  readonly bytes?: (name: string) => boolean;
  /** Names for input and output dimensions that may vary, for example { sample: { 0: 'batch' } }. */
  readonly dynamic?: Readonly<Record<string, Readonly<Record<number, string>>>>;
}

/**
 * Serialises the nodes that the outputs depend on, with what they use.
 * @throws GraphError when a parameter has no data, data of another size, or numbers that half precision cannot hold.
 */
export function writeOnnx(g: GraphBuilder, options: WriteOptions = {}): Uint8Array {
  const nodes = liveNodes(g);
  const used = new Set(nodes.flatMap((node) => node.inputs.flatMap((input) => (input ? [input.name] : []))));
  for (const { value } of g.outputs) used.add(value.name);
  const parameters = [...g.parameters.values()].map(({ value }) => value);
  const constants = [...g.constants].filter(([name]) => used.has(name));
  const given = options.parameters;
  const isBaked = ({ name }: Value) => given !== undefined && (!options.partial || given.has(name));
  const baked = parameters
    .filter((value) => isBaked(value) && used.has(value.name))
    .map((value) =>
      bake(value, given?.get(value.name), options.bytes?.(value.name) ? 'byte' : options.half ? 'half' : 'single'),
    );
  const inputs = [...g.inputs, ...parameters.filter((value) => !isBaked(value))];
  const message: ModelMessage = {
    irVersion: IR_VERSION,
    producerName: 'sgraffito',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'graph',
      node: [...baked.flatMap(({ casts }) => casts), ...nodes.map(encodeNode), ...g.outputs.flatMap(renameOutput)],
      initializer: [
        ...constants.map(([name, tensor]) => encodeTensor(name, tensor)),
        ...baked.flatMap(({ initializers }) => initializers),
      ],
      input: inputs.map((value) => encodeValue(value.name, value, options.dynamic)),
      output: g.outputs.map(({ name, value }) => encodeValue(name, value, options.dynamic)),
    },
  };
  return ModelProto.encode(message).finish();
}

interface Baked {
  readonly initializers: readonly TensorMessage[];
  /** Widens a parameter that is stored in less than single precision. */
  readonly casts: readonly NodeMessage[];
}

/** 65,504 is the largest half; from 65,520 on numbers round to infinity. */
const HALF_LIMIT = 65_520;

function bake({ name, shape }: Value, data: Float32Array | undefined, as: 'single' | 'half' | 'byte'): Baked {
  if (data?.length !== elements(shape)) {
    throw new GraphError('Parameter', `${name} needs ${elements(shape)} values, got ${data?.length ?? 'none'}`);
  }
  if (as === 'single') return { initializers: [encodeTensor(name, { type: 'float32', shape, data })], casts: [] };
  if (as === 'byte') return bakeBytes(name, shape, data);
  if (data.some((value) => Math.abs(value) >= HALF_LIMIT)) {
    throw new GraphError('Parameter', `${name} holds numbers beyond ±65504, which half precision cannot`);
  }
  const halfName = `${name}.half`;
  const to = { name: 'to', i: typeCodes.float32, type: attributeType.int };
  return {
    initializers: [encodeTensor(halfName, { type: 'float16', shape, data: toFloat16(data) })],
    casts: [{ opType: 'Cast', input: [halfName], output: [name], attribute: [to] }],
  };
}

/** byte · scale + offset */
function bakeBytes(name: string, shape: readonly number[], data: Float32Array): Baked {
  const { bytes, scale, offset } = toBytes(data);
  const scalar = (part: string, value: number) =>
    encodeTensor(`${name}.${part}`, { type: 'float32', shape: [], data: Float32Array.of(value) });
  const node = (opType: string, input: readonly string[], output: string): NodeMessage => ({
    opType,
    input: [...input],
    output: [output],
    attribute: opType === 'Cast' ? [{ name: 'to', i: typeCodes.float32, type: attributeType.int }] : [],
  });
  return {
    initializers: [
      encodeTensor(`${name}.byte`, { type: 'uint8', shape, data: bytes }),
      scalar('scale', scale),
      scalar('offset', offset),
    ],
    casts: [
      node('Cast', [`${name}.byte`], `${name}.wide`),
      node('Mul', [`${name}.wide`, `${name}.scale`], `${name}.scaled`),
      node('Add', [`${name}.scaled`, `${name}.offset`], name),
    ],
  };
}

/** 255 steps between the least and the greatest number. */
function toBytes(data: Float32Array): { bytes: Uint8Array; scale: number; offset: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const scale = greatest > least ? (greatest - least) / 255 : 1;
  return { bytes: Uint8Array.from(data, (value) => Math.round((value - least) / scale)), scale, offset: least };
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
  return {
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map((input) => input?.name ?? ''),
    output: node.outputs.map((output) => output.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

/** A graph that was read from a file already uses its output names. */
function renameOutput({ name, value }: { readonly name: string; readonly value: Value }): NodeMessage[] {
  return name === value.name ? [] : [{ opType: 'Identity', input: [value.name], output: [name] }];
}

function encodeAttribute(name: string, value: Attribute): AttributeMessage {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeType.string };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  if ('data' in value) return { name, t: encodeTensor('', value), type: attributeType.tensor };
  return { name, ints: [...value], type: attributeType.ints };
}

function encodeValue(name: string, value: Value, dynamic: WriteOptions['dynamic']): ValueInfoMessage {
  const names = dynamic?.[name] ?? {};
  const dim = value.shape.map((size, axis) => (names[axis] ? { dimParam: names[axis] } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: typeCodes[value.type], shape: { dim } } } };
}
