/** Reading an .onnx file into a graph that can be run, changed, differentiated and written again. The bytes are not trusted. */
import { elements, GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { importNode } from './import-node.ts';
import { type ModelMessage, ModelProto, type ValueInfoMessage } from './proto.ts';
import { decodeTensor, typeCodes, typeOf } from './tensor-codec.ts';
import { broughtIn, type ReadExternal } from './weights-file.ts';

/** From 13 on Softmax, Squeeze and Unsqueeze mean what they mean today; what changed since is translated on import. */
const OLDEST_OPSET = 13;
const NEWEST_OPSET = 22;

interface ReadOptions {
  /** Sizes of named dimensions, for example { batch: 2 }. */
  readonly dimensions?: Readonly<Record<string, number>>;
  /** Initializers that become parameters rather than constants: those that `learnable` names, or these. */
  readonly asParameters?: true | ReadonlySet<string>;
  /** Weights that lie in another file. */
  readonly external?: ReadExternal;
  /** Reads the model into a graph that is under construction; its outputs are then returned alone. */
  readonly into?: GraphBuilder;
  /** Values of that graph in place of inputs of the model. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** What the nodes of the model read in place of a parameter, for example the weight with a low-rank update. */
  readonly adapt?: (name: string, weight: Value) => Value;
}

interface ReadModel {
  readonly builder: GraphBuilder;
  /** Data of the parameters, when they were asked for. */
  readonly parameters: Map<string, Float32Array>;
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * Reads a model whose shapes are all fixed, or fixed by `dimensions`.
 * @throws GraphError, and nothing else, for damaged bytes and for an operator, type or shape that is not supported.
 */
export function readOnnx(model: OnnxModel, options: ReadOptions = {}): ReadModel {
  try {
    return readModel(messageOf(model), options);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError('Model', `the file is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file, or what was read of one. */
export type OnnxModel = Uint8Array | ModelMessage;

const messageOf = (model: OnnxModel): ModelMessage => (model instanceof Uint8Array ? decodeModel(model) : model);

/** @throws GraphError when the bytes are no ONNX model */
export function decodeModel(bytes: Uint8Array): ModelMessage {
  try {
    // 64-bit numbers as text: as numbers, the largest (Slice's "to the end") would lose its last digits and change sign.
    return ModelProto.toObject(ModelProto.decode(bytes), { longs: String, defaults: false }) as ModelMessage;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GraphError('Model', `${bytes.length} bytes are no ONNX model, or a damaged one: ${reason}`);
  }
}

function readModel({ graph, opsetImport }: ModelMessage, options: ReadOptions): ReadModel {
  if (!graph) throw new GraphError('Model', 'the file holds no graph');
  const opset = Number(opsetImport?.find(({ domain }) => !domain || domain === 'ai.onnx')?.version);
  if (!(opset >= OLDEST_OPSET && opset <= NEWEST_OPSET)) {
    throw new GraphError('Model', `operator set ${opset} is not supported: from ${OLDEST_OPSET} to ${NEWEST_OPSET} is`);
  }
  const builder = options.into ?? new GraphBuilder(freshPrefix(graph));
  const values = new Map<string, Value>();
  const parameters = new Map<string, Float32Array>();
  const { asParameters = new Set<string>() } = options;
  const learns = asParameters === true ? learnable({ graph }) : asParameters;
  for (const message of graph.initializer ?? []) {
    const tensor = decodeTensor(options.external ? broughtIn(message, options.external) : message);
    const name = message.name ?? '';
    if (learns.has(name) && tensor.data instanceof Float32Array) {
      const weight = builder.parameter(name, tensor.shape, { kind: 'constant', value: 0 });
      values.set(name, options.adapt?.(name, weight) ?? weight);
      parameters.set(name, tensor.data);
    } else {
      values.set(name, builder.namedConstant(name, tensor));
    }
  }
  for (const input of graph.input ?? []) {
    const given = options.inputs?.[input.name];
    if (given) values.set(input.name, given);
    else if (!values.has(input.name)) values.set(input.name, readInput(builder, input, options.dimensions ?? {}));
  }
  for (const node of graph.node ?? []) importNode(builder, values, node);
  const outputs: Record<string, Value> = {};
  for (const { name } of graph.output ?? []) {
    const value = values.get(name);
    if (!value) throw new GraphError('Model', `output ${name} is made by no node`);
    outputs[name] = value;
    if (!options.into) builder.output(name, value);
  }
  return { builder, parameters, outputs };
}

/** Names of the initializers that are real numbers of at least one axis: weights, but for the scales of a Resize, which make its shape. */
export function learnable({ graph }: Pick<ModelMessage, 'graph'>): Set<string> {
  const sizes = new Set(
    (graph?.node ?? []).flatMap(({ opType, input = [] }) => (opType === 'Resize' ? input.slice(1) : [])),
  );
  const names = (graph?.initializer ?? []).flatMap(({ name = '', dataType, dims = [] }) =>
    dataType === typeCodes.float32 && dims.length > 0 && !sizes.has(name) ? [name] : [],
  );
  return new Set(names);
}

/** Names of the weights that a MatMul multiplies an input of the model by, directly: the keys and values of cross-attention. */
export function weightsOnInput(model: OnnxModel, input: string): string[] {
  const { graph } = messageOf(model);
  const weights = new Set((graph?.initializer ?? []).map(({ name }) => name));
  return (graph?.node ?? []).flatMap(({ opType, input: [x, weight] = [] }) =>
    opType === 'MatMul' && x === input && weight !== undefined && weights.has(weight) ? [weight] : [],
  );
}

/** Sizes of the named dimensions of some inputs, from the shapes that they will have. @throws GraphError when one name has two sizes */
export function dimensionsFor(
  model: OnnxModel,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, number> {
  const dimensions: Record<string, number> = {};
  for (const { name, type } of messageOf(model).graph?.input ?? []) {
    for (const [axis, { dimParam }] of (type?.tensorType?.shape?.dim ?? []).entries()) {
      const size = shapes[name]?.[axis];
      if (!dimParam || size === undefined) continue;
      if (dimensions[dimParam] !== undefined && dimensions[dimParam] !== size) {
        throw new GraphError('Model', `dimension "${dimParam}" would be ${dimensions[dimParam]} and ${size}`);
      }
      dimensions[dimParam] = size;
    }
  }
  return dimensions;
}

/** A start of names that no name of the file has. */
function freshPrefix({ node = [], initializer = [], input = [] }: NonNullable<ModelMessage['graph']>): string {
  const names = [...node.flatMap(({ output = [] }) => output), ...[...initializer, ...input].map(({ name }) => name)];
  let prefix = 'read_';
  while (names.some((name) => name?.startsWith(prefix))) prefix = `read_${prefix}`;
  return prefix;
}

function readInput(g: GraphBuilder, message: ValueInfoMessage, dimensions: Readonly<Record<string, number>>): Value {
  const tensor = message.type?.tensorType;
  if (!tensor?.shape) throw new GraphError('Model', `input ${message.name} has no shape`);
  const shape = (tensor.shape.dim ?? []).map(({ dimValue, dimParam }) => {
    const size = dimParam ? (Object.hasOwn(dimensions, dimParam) ? dimensions[dimParam] : undefined) : Number(dimValue);
    if (size === undefined || !Number.isInteger(size) || size < 0) {
      throw new GraphError('Model', `input ${message.name} needs a size for dimension "${dimParam ?? '?'}"`);
    }
    return size;
  });
  if (!Number.isSafeInteger(elements(shape))) throw new GraphError('Model', `input ${message.name} is too large`);
  return g.input(message.name, shape, typeOf(tensor.elemType));
}
