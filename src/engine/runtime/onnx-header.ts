/**
 * What an .onnx file says of itself before a runtime opens it: inputs, outputs, foreign operators, and the files beside it that hold its
 * weights.
 */
import type { LargeFile } from '#engine/package/package-loader.ts';
import { DRAWING_OPERATORS } from './onnx-draws.ts';
import { ByteWindow, damaged, type Field, fieldsOf, GRAPH, HALF, MODEL, TENSOR, textOf } from './onnx-fields.ts';
import type { Port } from './sessions.ts';

/** Further field numbers of onnx.proto3. */
const NODE = { operator: 4, domain: 7 } as const;
const ENTRY = { key: 1, value: 2 } as const;
const VALUE = { name: 1, type: 2 } as const;
const TYPE = { tensor: 1 } as const;
const TENSOR_TYPE = { element: 1, shape: 2 } as const;
const SHAPE = { dimension: 1 } as const;
const DIMENSION = { size: 1, name: 2 } as const;

/** ONNX Runtime's names of TensorProto.DataType. */
const elementTypes: Readonly<Record<number, string>> = {
  1: 'float32',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  11: 'float64',
};

export interface OnnxHeader {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Operators that are not of the standard, "com.microsoft.NhwcConv": a graph that was fused has them. */
  readonly foreignOperators: readonly string[];
  /** Names of files in the same folder. */
  readonly external: readonly string[];
  /** Whether it draws random numbers of its own. */
  readonly draws: boolean;
  /** Whether weights have 16 bits. */
  readonly halfPrecision: boolean;
  /** Bytes of the weight that takes most. */
  readonly largestWeight: number;
}

/** @throws EngineError model-damaged when the file is no ONNX model or names a file elsewhere */
export async function readOnnxHeader(file: LargeFile, name: string): Promise<OnnxHeader> {
  const window = new ByteWindow(file, name);
  const [inputs, outputs]: [Port[], Port[]] = [[], []];
  const operators = new Set<string>();
  const locations = new Set<string>();
  const weights = new Set<string>();
  let [hasGraph, draws] = [false, false];
  let halfPrecision = false;
  let largestWeight = 0;
  for await (const graph of fieldsOf(window, 0, file.bytes)) {
    if (graph.number !== MODEL.graph) continue;
    hasGraph = true;
    for await (const part of fieldsOf(window, graph.start, graph.end)) {
      if (part.number === GRAPH.node) {
        const domain = await textOf(window, part, NODE.domain);
        const operator = await textOf(window, part, NODE.operator);
        if (domain !== '' && domain !== 'ai.onnx') operators.add(`${domain}.${operator}`);
        else draws ||= DRAWING_OPERATORS.includes(operator);
      }
      if (part.number === GRAPH.initializer) {
        weights.add(await textOf(window, part, TENSOR.name));
        for await (const entry of fieldsOf(window, part.start, part.end)) {
          if (entry.number === TENSOR.type && entry.value === HALF) halfPrecision = true;
          if (entry.number === TENSOR.raw) largestWeight = Math.max(largestWeight, entry.end - entry.start);
          if (entry.number !== TENSOR.externalData) continue;
          const [key, value] = [await textOf(window, entry, ENTRY.key), await textOf(window, entry, ENTRY.value)];
          if (key === 'location') locations.add(checkLocation(value, name));
          if (key === 'length') largestWeight = Math.max(largestWeight, Number(value) || 0);
        }
      }
      if (part.number === GRAPH.input) inputs.push(await portOf(window, part));
      if (part.number === GRAPH.output) outputs.push(await portOf(window, part));
    }
  }
  if (!hasGraph) throw damaged(name, 'it is no ONNX model');
  return {
    // Old files list their weights among the inputs.
    inputs: inputs.filter((port) => !weights.has(port.name)),
    outputs,
    foreignOperators: [...operators],
    external: [...locations],
    draws,
    halfPrecision,
    largestWeight,
  };
}

function checkLocation(location: string, name: string): string {
  const inFolder = location.replace(/^\.\//, '');
  const isName = inFolder.length <= 255 && /^[^/\\\p{Cc}]+$/u.test(inFolder) && !/^\.+$/.test(inFolder);
  if (isName) return inFolder;
  throw damaged(name, `it keeps weights in “${location.slice(0, 80)}”, which is not beside it`);
}

async function portOf(window: ByteWindow, value: Field): Promise<Port> {
  const shape: (number | string)[] = [];
  let type = 'undefined';
  for await (const tensor of within(window, value, VALUE.type, TYPE.tensor)) {
    for await (const field of fieldsOf(window, tensor.start, tensor.end)) {
      if (field.number === TENSOR_TYPE.element) type = elementTypes[field.value] ?? `type ${field.value}`;
    }
    for await (const dimension of within(window, tensor, TENSOR_TYPE.shape, SHAPE.dimension)) {
      let size: number | string = (await textOf(window, dimension, DIMENSION.name)) || '?';
      for await (const field of fieldsOf(window, dimension.start, dimension.end)) {
        // A negative number, which some exporters write for a size that may vary, is beyond 2⁵³ here.
        if (field.number === DIMENSION.size && Number.isSafeInteger(field.value)) size = field.value;
      }
      shape.push(size);
    }
  }
  return { name: await textOf(window, value, VALUE.name), type, shape };
}

/** Messages under `outer`, at the end of a path of field numbers. */
async function* within(window: ByteWindow, outer: Field, ...path: readonly number[]): AsyncGenerator<Field> {
  const [number, ...rest] = path;
  for await (const field of fieldsOf(window, outer.start, outer.end)) {
    if (field.number !== number) continue;
    if (rest.length === 0) yield field;
    else yield* within(window, field, ...rest);
  }
}
