/** Safetensors files of any size: written and read tensor by tensor, with a checksum over their numbers. */
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import {
  headerEnd,
  SafetensorsError,
  type SafetensorsTensor,
  safetensorsLayout,
  safetensorsPieces,
} from '#engine/formats/safetensors.ts';
import { oddNumber } from './odd-number.ts';
import { readPiece, writeAt } from './pieces.ts';
import { replaceWith } from './replace-file.ts';

/** Of the bytes after the header, in hexadecimal. */
export const CHECKSUM = 'crc32';

/** A file of numbers that cannot be read; the message names it and says what would do. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

/** A kill at any moment, or a full disk, leaves the old file or the new one, whole. @throws FullDiskError */
export function writeTensorFile(
  file: string,
  tensors: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): void {
  const flat = new Map([...tensors].map(([name, data]) => [name, flatTensor(data)] as const));
  let sum = 0;
  const [, ...numbers] = safetensorsPieces(flat);
  for (const piece of numbers) sum = checksum(piece, sum);
  replaceWith(file, (fresh) => {
    const handle = openSync(fresh, 'w');
    try {
      let at = 0;
      for (const piece of safetensorsPieces(flat, { ...metadata, [CHECKSUM]: sum.toString(16) })) {
        writeAt(handle, piece, at);
        at += piece.length;
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** Its metadata alone. @throws TensorFileError */
export const tensorFileMetadata = (file: string): Readonly<Record<string, string>> => tensorFileLayout(file).metadata;

/** @throws TensorFileError when it is no such file, was cut, or its numbers are not those that were written */
export function readTensorFile(file: string): {
  readonly tensors: Map<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const { places, metadata } = tensorFileLayout(file);
  const tensors = new Map<string, Float32Array>();
  let sum = 0;
  for (const [name, { dtype, offset, byteLength }] of [...places].sort(([, a], [, b]) => a.offset - b.offset)) {
    if (dtype !== 'F32') throw new TensorFileError(`${file}: tensor "${name}" is ${dtype}, F32 is expected`);
    const bytes = readPiece(file, offset, byteLength);
    sum = checksum(bytes, sum);
    tensors.set(name, new Float32Array(bytes.buffer));
  }
  const expected = metadata[CHECKSUM];
  // Files of earlier versions have none.
  if (expected !== undefined && expected !== sum.toString(16)) {
    throw damagedTensorFile(file, 'its numbers are not those that were written');
  }
  for (const [name, data] of tensors) {
    const odd = oddNumber(data);
    if (odd === undefined) continue;
    throw damagedTensorFile(file, `its tensor "${name}" holds ${odd}, from which nothing can be trained or made`);
  }
  return { tensors, metadata };
}

export const damagedTensorFile = (file: string, what: string): TensorFileError =>
  new TensorFileError(`${file} is damaged: ${what}. Delete it, and what made it begins anew.`);

/** Where its tensors lie. @throws TensorFileError */
export function tensorFileLayout(file: string): ReturnType<typeof safetensorsLayout> {
  const { size } = statSync(file);
  try {
    const start = readPiece(file, 0, headerEnd(readPiece(file, 0, Math.min(8, size)), size));
    return safetensorsLayout(start, size);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw damagedTensorFile(file, error.message);
  }
}

/** zlib's own answers 0 for a buffer without bytes, whatever came before it. */
export const checksum = (bytes: Uint8Array, before: number): number =>
  bytes.length === 0 ? before : crc32(bytes, before);

const flatTensor = (data: Float32Array): SafetensorsTensor => ({ dtype: 'F32', shape: [data.length], data });
