/**
 * What an .onnx file says of itself before a runtime opens it: inputs, outputs, foreign operators, and the files beside it that hold its
 * weights. Walks the few fields of onnx.proto3 that say so and steps over everything else, so that neither the size of a file nor its weights
 * matter.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';
import { DRAWING_OPERATORS } from './onnx-draws.ts';
import type { Port } from './sessions.ts';

const WINDOW = 65_536;
/** What one description of external data, of an operator or of a dimension may take. */
const MAX_TEXT = 10_000;

/** Field numbers of onnx.proto3, by message. */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const NODE = { operator: 4, domain: 7 } as const;
const TENSOR = { type: 2, name: 8, raw: 9, externalData: 13 } as const;
const HALF = 10;
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

/** The first text of this number; none is "". */
async function textOf(window: ByteWindow, message: Field, number: number): Promise<string> {
  for await (const field of fieldsOf(window, message.start, message.end)) {
    if (field.number !== number) continue;
    if (field.end - field.start > MAX_TEXT) throw damaged(window.name, 'a name in it is too long');
    return new TextDecoder().decode(await window.at(field.start, field.end - field.start));
  }
  return '';
}

interface Field {
  readonly number: number;
  /** Bytes of a length-delimited field; an empty range for others. */
  readonly start: number;
  readonly end: number;
  /** Of a whole number; 0 for others. */
  readonly value: number;
}

/** Fields of a message. @throws EngineError model-damaged where the bytes are no message */
async function* fieldsOf(window: ByteWindow, from: number, to: number): AsyncGenerator<Field> {
  let at = from;
  while (at < to) {
    const [tag, afterTag] = await window.varint(at);
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0: {
        const [value, after] = await window.varint(afterTag);
        at = after;
        yield { number, start: at, end: at, value };
        break;
      }
      case 1:
        at = afterTag + 8;
        break;
      case 2: {
        const [length, start] = await window.varint(afterTag);
        at = start + length;
        if (at > to) throw damaged(window.name, 'it ends in the middle of a field');
        yield { number, start, end: at, value: 0 };
        break;
      }
      case 5:
        at = afterTag + 4;
        break;
      default:
        throw damaged(window.name, 'it is no ONNX model');
    }
  }
}

/** A file through a window that moves. */
class ByteWindow {
  readonly name: string;
  readonly #file: LargeFile;
  #bytes: Uint8Array = new Uint8Array();
  #start = 0;

  constructor(file: LargeFile, name: string) {
    this.#file = file;
    this.name = name;
  }

  async at(start: number, length: number): Promise<Uint8Array> {
    const offset = start - this.#start;
    if (offset < 0 || offset + length > this.#bytes.length) {
      this.#start = start;
      this.#bytes = await this.#file.slice(start, Math.min(this.#file.bytes, start + Math.max(WINDOW, length)));
    }
    return this.#bytes.subarray(start - this.#start, start - this.#start + length);
  }

  /** Base 128, at most 10 bytes; what is read here stays below 2⁵³. @returns the number and where it ends */
  async varint(start: number): Promise<[number, number]> {
    const bytes = await this.at(start, Math.min(10, this.#file.bytes - start));
    let value = 0;
    for (let i = 0; i < bytes.length; i++) {
      value += (bytes[i]! & 0x7f) * 2 ** (7 * i);
      if (bytes[i]! < 0x80) return [value, start + i + 1];
    }
    throw damaged(this.name, 'it is no ONNX model');
  }
}

const damaged = (name: string, reason: string): EngineError =>
  new EngineError('model-damaged', `${name} is damaged: ${reason}.`);
