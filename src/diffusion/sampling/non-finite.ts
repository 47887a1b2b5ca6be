/** A network said NaN or infinity: half precision overflowed on this device, or the weights are damaged. Never shown as a black picture. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
  readonly code = 'non-finite';
  /** For example "the denoiser at sigma 0.8". */
  readonly source: string;

  constructor(source: string) {
    super(`${source} gave a number that is not finite; try more steps, another backend or full precision`);
    this.source = source;
  }
}

/** @throws NonFiniteError unless every number is finite */
export function assertFinite(data: Float32Array, source: string): void {
  // A sum of zeros, unless one of them is of infinity or of no number.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * data[i]!;
  if (sum !== 0) throw new NonFiniteError(source);
}
