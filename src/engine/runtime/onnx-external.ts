/**
 * Which files beside an .onnx file hold its weights. Walks the few fields of onnx.proto3 that say so (graph 7 → initializer 5 →
 * external_data 13 → key 1, value 2) and steps over everything else, so that neither the size of a file nor its contents matter.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';

const WINDOW = 65_536;
/** What one description of external data may take. */
const MAX_ENTRY = 10_000;

interface Field {
  readonly number: number;
  /** Bytes of a length-delimited field; an empty range for others. */
  readonly start: number;
  readonly end: number;
}

/** @returns names of files in the same folder @throws EngineError model-damaged when the file is no ONNX model or names a file elsewhere */
export async function externalLocations(file: LargeFile, name: string): Promise<string[]> {
  const window = new ByteWindow(file, name);
  const locations = new Set<string>();
  let hasGraph = false;
  for await (const graph of fieldsOf(window, 0, file.bytes, 7)) {
    hasGraph = true;
    for await (const tensor of fieldsOf(window, graph.start, graph.end, 5)) {
      for await (const entry of fieldsOf(window, tensor.start, tensor.end, 13)) {
        const [key, value] = [await textOf(window, entry, 1), await textOf(window, entry, 2)];
        if (key === 'location') locations.add(checkLocation(value, name));
      }
    }
  }
  if (!hasGraph) throw damaged(name, 'it is no ONNX model');
  return [...locations];
}

function checkLocation(location: string, name: string): string {
  const inFolder = location.replace(/^\.\//, '');
  if (/^[\w][\w. -]{0,199}$/.test(inFolder)) return inFolder;
  throw damaged(name, `it keeps weights in “${location.slice(0, 80)}”, which is not beside it`);
}

async function textOf(window: ByteWindow, entry: Field, number: number): Promise<string> {
  if (entry.end - entry.start > MAX_ENTRY) throw damaged(window.name, 'a description of external data is too long');
  for await (const { start, end } of fieldsOf(window, entry.start, entry.end, number)) {
    const bytes = await window.at(start, end - start);
    return new TextDecoder().decode(bytes);
  }
  return '';
}

/** Fields of a message that have this number. @throws EngineError model-damaged where the bytes are no message */
async function* fieldsOf(window: ByteWindow, from: number, to: number, wanted: number): AsyncGenerator<Field> {
  let at = from;
  while (at < to) {
    const [tag, afterTag] = await window.varint(at);
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        at = (await window.varint(afterTag))[1];
        break;
      case 1:
        at = afterTag + 8;
        break;
      case 2: {
        const [length, start] = await window.varint(afterTag);
        at = start + length;
        if (at > to) throw damaged(window.name, 'it ends in the middle of a field');
        if (number === wanted) yield { number, start, end: at };
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

  /** Base 128, at most 8 bytes: lengths here stay below 2⁵³. @returns the number and where it ends */
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
