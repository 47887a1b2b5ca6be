/** Rows of tensors in a safetensors file, read one by one: a shard of features is tens of megabytes, a training step wants a row. */
import * as v from 'valibot';
import { fromHalf } from '#engine/formats/float16.ts';
import { readPiece } from './pieces.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tensorSchema = v.object({
  dtype: v.picklist(['F32', 'F16']),
  shape: v.tuple([count, count]),
  data_offsets: v.tuple([count, count]),
});
const headerSchema = v.objectWithRest({ __metadata__: v.optional(v.record(v.string(), v.string()), {}) }, tensorSchema);

const BYTES = { F32: 4, F16: 2 } as const;
const MAX_HEADER = 100_000_000;

export interface TensorRows {
  readonly metadata: Readonly<Record<string, string>>;
  has(name: string): boolean;
  /** (C) of a tensor (N, C). @throws Error naming the file when it is cut */
  row(name: string, index: number): Float32Array;
}

/** @throws Error naming the file when it is damaged */
export function openRows(file: string): TensorRows {
  const { start, header } = readHeader(file);
  const { __metadata__: metadata, ...tensors } = header;
  return {
    metadata,
    has: (name) => Object.hasOwn(tensors, name),
    row(name, index) {
      const { dtype, shape, data_offsets: offsets } = tensors[name]!;
      const bytes = shape[1] * BYTES[dtype];
      const piece = readPiece(file, start + offsets[0] + index * bytes, bytes);
      return dtype === 'F32'
        ? new Float32Array(piece.buffer as ArrayBuffer)
        : fromHalf(new Uint16Array(piece.buffer as ArrayBuffer));
    },
  };
}

function readHeader(file: string): { start: number; header: v.InferOutput<typeof headerSchema> } {
  try {
    const length = Number(new DataView(readPiece(file, 0, 8).buffer).getBigUint64(0, true));
    if (length > MAX_HEADER) throw new Error(`a header of ${length} bytes`);
    const header = JSON.parse(new TextDecoder().decode(readPiece(file, 8, length)));
    return { start: 8 + length, header: v.parse(headerSchema, header) };
  } catch (error) {
    throw new Error(
      `${file} is damaged (${(error as Error).message.split('\n')[0]!.slice(0, 300)}): delete it and run again`,
    );
  }
}
