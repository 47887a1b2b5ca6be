/** Shards: safetensors files of any dtype that fit into memory, with a checksum over their numbers. What is damaged is made anew. */
import { existsSync, readFileSync } from 'node:fs';
import {
  headerEnd,
  readSafetensors,
  SafetensorsError,
  type SafetensorsFile,
  type SafetensorsTensor,
  safetensorsPieces,
  writeSafetensors,
} from '#engine/formats/safetensors.ts';
import { CHECKSUM, checksum, TensorFileError } from './tensor-file.ts';

export function packTensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const [, ...numbers] = safetensorsPieces(tensors);
  const sum = numbers.reduce((before, piece) => checksum(piece, before), 0);
  return writeSafetensors(tensors, { ...metadata, [CHECKSUM]: sum.toString(16) });
}

/** @throws TensorFileError naming the file when it is none, was cut, or its numbers are not those that were written */
export function unpackTensors(bytes: Uint8Array, file: string): SafetensorsFile {
  try {
    const content = readSafetensors(bytes);
    const expected = content.metadata[CHECKSUM];
    const sum = checksum(bytes.subarray(headerEnd(bytes, bytes.length)), 0).toString(16);
    // Files of earlier versions have none.
    if (expected === undefined || expected === sum) return content;
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new TensorFileError(`${file} is damaged: ${error.message}`);
  }
  throw new TensorFileError(`${file} is damaged: its numbers are not those that were written`);
}

/** What a whole file holds; undefined where there is none, and where it is damaged, which is told: whoever asks makes it anew. */
export function readIfWhole(file: string): SafetensorsFile | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return unpackTensors(readFileSync(file), file);
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    process.stderr.write(`${error.message}; it is made anew.\n`);
    return undefined;
  }
}
