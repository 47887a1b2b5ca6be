/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes of header length, a JSON header, the numbers.
 * Files may come from strangers: everything the header says is checked before a byte is read.
 */
import { fromBfloat16, fromHalf } from './float16.ts';

interface ArrayOfDtype {
  readonly F32: Float32Array;
  /** 16-bit patterns; see float16.ts. */
  readonly F16: Uint16Array;
  readonly BF16: Uint16Array;
  readonly I8: Int8Array;
  readonly I32: Int32Array;
  readonly I64: BigInt64Array;
  readonly U8: Uint8Array;
}
export type Dtype = keyof ArrayOfDtype;

/** Row-major; `data` may be a view of the file's bytes. */
export type SafetensorsTensor = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: ArrayOfDtype[D] };
}[Dtype];

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes are no safetensors file that we can trust. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';

  constructor(message: string) {
    // Names in it are a stranger's, of any length.
    super(message.slice(0, MOST_LETTERS));
  }
}

const MOST_LETTERS = 300;

const arrays = {
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I8: Int8Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const satisfies Record<Dtype, unknown>;

/** The reference implementation's limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** Where a tensor's bytes lie in its file. */
export interface TensorPlace {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

/**
 * What the beginning of a file says, for files that are larger than a buffer can be.
 * @param start at least the first 8 bytes and the header that they announce: `headerEnd` of them
 * @param size of the whole file
 * @throws SafetensorsError when the header is malformed, a dtype is unknown, or ranges overlap, leave holes or leave the file
 */
export function safetensorsLayout(
  start: Uint8Array,
  size: number,
): { readonly places: ReadonlyMap<string, TensorPlace>; readonly metadata: Readonly<Record<string, string>> } {
  const { header, dataStart } = readHeader(start, size);
  const places = new Map<string, TensorPlace>();
  const ranges: { name: string; start: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = checkMetadata(entry);
      continue;
    }
    const { dtype, shape, start, end } = checkEntry(name, entry);
    if (end > size - dataStart) {
      throw new SafetensorsError(`tensor "${name}" ends at byte ${end} of ${size - dataStart}: the file is cut off`);
    }
    ranges.push({ name, start, end });
    places.set(name, { dtype, shape, offset: dataStart + start, byteLength: end - start });
  }
  checkRanges(ranges, size - dataStart);
  return { places, metadata };
}

/**
 * Tensors are views of `bytes` where their place in memory allows it, copies elsewhere.
 * @throws SafetensorsError as `safetensorsLayout`
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { places, metadata } = safetensorsLayout(bytes, bytes.length);
  const tensors = [...places].map(([name, { dtype, shape, offset, byteLength }]) => {
    const data = viewOf(dtype, bytes, offset, byteLength);
    return [name, { dtype, shape, data } as SafetensorsTensor] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

/** The pieces of a file one after the other: its beginning, then each tensor's bytes. @throws RangeError as `writeSafetensors` */
export function* safetensorsPieces(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape, data }]) => {
    if (data.length !== elements(shape)) {
      throw new RangeError(
        `tensor "${name}" has ${data.length} numbers, its shape (${shape.join(', ')}) has ${elements(shape)}`,
      );
    }
    const start = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [start, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const encoded = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(encoded.length / 8) * 8;
  const beginning = new Uint8Array(8 + headerBytes).fill(0x20);
  new DataView(beginning.buffer).setBigUint64(0, BigInt(headerBytes), true);
  beginning.set(encoded, 8);
  yield beginning;
  for (const [, { data }] of ordered) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * The header is padded to a multiple of 8 bytes and wide numbers come first, so that a reader can take views without copying.
 * @throws RangeError when a tensor's data does not have the size its shape says
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const pieces = [...safetensorsPieces(tensors, metadata)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Any real dtype as float32: a view for F32, converted otherwise. @throws SafetensorsError for 64-bit integers */
export function floatsOf(tensor: SafetensorsTensor): Float32Array {
  switch (tensor.dtype) {
    case 'F32':
      return tensor.data;
    case 'F16':
      return fromHalf(tensor.data);
    case 'BF16':
      return fromBfloat16(tensor.data);
    case 'I8':
    case 'U8':
    case 'I32':
      return Float32Array.from(tensor.data);
    case 'I64':
      throw new SafetensorsError('64-bit integers do not fit in float32');
    default:
      return tensor satisfies never;
  }
}

/** Bytes before the numbers. @throws SafetensorsError when that is more than the file or our limit */
export function headerEnd(bytes: Uint8Array, size: number): number {
  if (bytes.length < 8) throw new SafetensorsError(`${bytes.length} bytes are too few for a safetensors file`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES || Number(length) > size - 8) {
    throw new SafetensorsError(`the header says it has ${length} bytes; the file has ${size}`);
  }
  return 8 + Number(length);
}

function readHeader(bytes: Uint8Array, size: number): { header: object; dataStart: number } {
  const dataStart = headerEnd(bytes, size);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch {
    throw new SafetensorsError('the header is not JSON');
  }
  if (!isRecord(header)) throw new SafetensorsError('the header is not an object');
  return { header, dataStart };
}

function checkMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry)) throw new SafetensorsError('__metadata__ is not an object');
  const pairs = Object.entries(entry).map(([key, value]) => {
    if (typeof value !== 'string') throw new SafetensorsError(`__metadata__.${key} is not a string`);
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}

function checkEntry(name: string, entry: unknown): { dtype: Dtype; shape: number[]; start: number; end: number } {
  if (!isRecord(entry)) throw new SafetensorsError(`tensor "${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(arrays, dtype)) {
    throw new SafetensorsError(
      `tensor "${name}" has dtype ${typeof dtype === 'string' ? dtype : 'of no text'}; known are ${Object.keys(arrays).join(', ')}`,
    );
  }
  if (!isListOfSizes(shape)) throw new SafetensorsError(`tensor "${name}" has a malformed shape`);
  if (!isListOfSizes(offsets) || offsets.length !== 2) {
    throw new SafetensorsError(`tensor "${name}" has malformed data_offsets`);
  }
  const [start, end] = offsets as [number, number];
  const size = elements(shape) * arrays[dtype as Dtype].BYTES_PER_ELEMENT;
  if (end - start !== size) {
    throw new SafetensorsError(`tensor "${name}" has ${end - start} bytes, its shape and dtype need ${size}`);
  }
  return { dtype: dtype as Dtype, shape, start, end };
}

/** Every byte of the data belongs to exactly one tensor, as in the reference implementation. */
function checkRanges(ranges: { name: string; start: number; end: number }[], size: number): void {
  let end = 0;
  for (const range of ranges.sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (range.start < end) throw new SafetensorsError(`tensor "${range.name}" overlaps another`);
    if (range.start > end)
      throw new SafetensorsError(`${range.start - end} bytes before tensor "${range.name}" are nobody's`);
    end = range.end;
  }
  if (end !== size) throw new SafetensorsError(`${size - end} bytes at the end are nobody's`);
}

function viewOf(dtype: Dtype, bytes: Uint8Array, start: number, byteLength: number): SafetensorsTensor['data'] {
  const array = arrays[dtype];
  const at = bytes.byteOffset + start;
  const length = byteLength / array.BYTES_PER_ELEMENT;
  if (at % array.BYTES_PER_ELEMENT === 0) return new array(bytes.buffer as ArrayBuffer, at, length);
  return new array(bytes.slice(start, start + byteLength).buffer as ArrayBuffer, 0, length);
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOfSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 16 && value.every((size) => Number.isSafeInteger(size) && size >= 0);
