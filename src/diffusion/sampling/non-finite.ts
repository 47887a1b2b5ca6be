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
  if (!data.every(Number.isFinite)) throw new NonFiniteError(source);
}
