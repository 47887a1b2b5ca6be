/** A dense array in row-major order. */
export interface Tensor<Data extends Float32Array | Int32Array = Float32Array> {
  readonly data: Data;
  readonly dims: readonly number[];
}

/** Number of elements of an array of these dimensions. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Lists one after another, in one. */
export function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
