/** A dense array in row-major order. */
export interface Tensor<Data extends Float32Array | Int32Array = Float32Array> {
  readonly data: Data;
  readonly dims: readonly number[];
}

/** Number of elements of an array of these dimensions. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
