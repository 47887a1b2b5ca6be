/** Reading an .onnx file into a graph that can be run, changed, differentiated and written again. The bytes are not trusted. */
import { elements, GraphError, type Value } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { importNode } from './import-node.ts';
import { type ModelMessage, ModelProto, type ValueInfoMessage } from './proto.ts';
import { decodeTensor, typeOf } from './tensor-codec.ts';

/** From 13 on Softmax, Squeeze and Unsqueeze mean what they mean today; what changed since is translated on import. */
const OLDEST_OPSET = 13;
const NEWEST_OPSET = 22;

interface ReadOptions {
  /** Sizes of named dimensions, for example { batch: 2 }. */
  readonly dimensions?: Readonly<Record<string, number>>;
  /** Real initializers of at least one axis become parameters rather than constants. */
  readonly asParameters?: boolean;
}

interface ReadModel {
  readonly builder: GraphBuilder;
  /** Data of the parameters, when they were asked for. */
  readonly parameters: Map<string, Float32Array>;
}

/**
 * Reads a model whose shapes are all fixed, or fixed by `dimensions`.
 * @throws GraphError, and nothing else, for damaged bytes and for an operator, type or shape that is not supported.
 */
export function readOnnx(bytes: Uint8Array, options: ReadOptions = {}): ReadModel {
  try {
    return readModel(decodeModel(bytes), options);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError('Model', `the file is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function decodeModel(bytes: Uint8Array): ModelMessage {
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
  const builder = new GraphBuilder(freshPrefix(graph));
  const values = new Map<string, Value>();
  const parameters = new Map<string, Float32Array>();
  // The scales of a Resize are real numbers too, but they make its shape.
  const fixed = new Set(
    (graph.node ?? []).flatMap(({ opType, input = [] }) => (opType === 'Resize' ? input.slice(1) : [])),
  );
  for (const message of graph.initializer ?? []) {
    const tensor = decodeTensor(message);
    const name = message.name ?? '';
    const trainable = tensor.data instanceof Float32Array && tensor.shape.length > 0 && !fixed.has(name);
    if (options.asParameters && trainable) {
      values.set(name, builder.parameter(name, tensor.shape, { kind: 'constant', value: 0 }));
      parameters.set(name, tensor.data as Float32Array);
    } else {
      values.set(name, builder.namedConstant(name, tensor));
    }
  }
  for (const input of graph.input ?? []) {
    if (!values.has(input.name)) values.set(input.name, readInput(builder, input, options.dimensions ?? {}));
  }
  for (const node of graph.node ?? []) importNode(builder, values, node);
  for (const { name } of graph.output ?? []) {
    const value = values.get(name);
    if (!value) throw new GraphError('Model', `output ${name} is made by no node`);
    builder.output(name, value);
  }
  return { builder, parameters };
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
