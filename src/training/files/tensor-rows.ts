/** Rows of tensors in a safetensors file, read one by one: a shard of features is tens of megabytes, a training step wants a row. */
import { fromHalf } from '#engine/formats/float16.ts';
import { readPiece } from './pieces.ts';
import { damagedTensorFile, tensorFileLayout } from './tensor-file.ts';

export interface TensorRows {
  readonly metadata: Readonly<Record<string, string>>;
  has(name: string): boolean;
  /** (C) of a tensor (N, C) of single or half precision. @throws TensorFileError where there is none */
  row(name: string, index: number): Float32Array;
}

const isRead = (dtype: string): boolean => dtype === 'F32' || dtype === 'F16';

/** @throws TensorFileError when the file is damaged */
export function openRows(file: string): TensorRows {
  const { places, metadata } = tensorFileLayout(file);
  return {
    metadata,
    has: (name) => places.has(name),
    row(name, index) {
      const place = places.get(name);
      const [rows = 0] = place?.shape ?? [];
      if (place?.shape.length !== 2 || index >= rows || !isRead(place.dtype)) {
        throw damagedTensorFile(file, `there is no row ${index} of numbers "${name}" in it`);
      }
      const bytes = place.byteLength / rows;
      const { buffer } = readPiece(file, place.offset + index * bytes, bytes);
      return place.dtype === 'F32' ? new Float32Array(buffer) : fromHalf(new Uint16Array(buffer));
    },
  };
}
