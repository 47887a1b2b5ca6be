/**
 * The fields of a protocol-buffer message in a file, one after the other: what onnx.proto3's messages are read by before a runtime opens them. Steps
 * over what is not asked for, so that neither the size of a file nor its weights matter.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';

const WINDOW = 65_536;
/** What one description of external data, of an operator or of a dimension may take. */
const MAX_TEXT = 10_000;

/** Field numbers of onnx.proto3, by message. */
export const MODEL = { graph: 7 } as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
export const TENSOR = { type: 2, name: 8, raw: 9, externalData: 13 } as const;
/** TensorProto.DataType of half precision. */
export const HALF = 10;

/** The first text of this number; none is "". */
export async function textOf(window: ByteWindow, message: Field, number: number): Promise<string> {
  for await (const field of fieldsOf(window, message.start, message.end)) {
    if (field.number !== number) continue;
    if (field.end - field.start > MAX_TEXT) throw damaged(window.name, 'a name in it is too long');
    return new TextDecoder().decode(await window.at(field.start, field.end - field.start));
  }
  return '';
}

export interface Field {
  readonly number: number;
  /** Bytes of a length-delimited field; an empty range for others. */
  readonly start: number;
  readonly end: number;
  /** Of a whole number; 0 for others. */
  readonly value: number;
}

/** Fields of a message. @throws EngineError model-damaged where the bytes are no message */
export async function* fieldsOf(window: ByteWindow, from: number, to: number): AsyncGenerator<Field> {
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
export class ByteWindow {
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

export const damaged = (name: string, reason: string): EngineError =>
  new EngineError('model-damaged', `${name} is damaged: ${reason}.`);
