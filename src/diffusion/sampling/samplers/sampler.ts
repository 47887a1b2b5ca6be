/** The contract of every sampler, and the arithmetic that they share. */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import type { Denoise } from '#diffusion/sampling/parametrisation.ts';

export interface SamplerStep {
  /** 0 … steps − 1 */
  readonly index: number;
  readonly steps: number;
  /** The noise level that was denoised. */
  readonly sigma: number;
  /** The sampler's present idea of the clean latent; not to be written to. */
  readonly denoised: Float32Array;
}

export interface SamplerOptions {
  /** Awaited after every denoised step, for progress and previews. */
  readonly onStep?: ((step: SamplerStep) => void | Promise<void>) | undefined;
  /** Checked before every step. */
  readonly signal?: AbortSignal | undefined;
  /** What a stochastic sampler draws from; seed 0 when absent. Those that follow the ODE draw nothing. */
  readonly noise?: NoiseSource | undefined;
}

/**
 * @param x noisy latent at sigmas[0], x = x0 + sigma · noise; not changed
 * @param sigmas falling; the last one is 0, but for a scheduler of numbered steps that ends at its least
 * @returns the latent at the last sigma
 * @throws the signal's reason when aborted
 */
export type Sampler = (
  denoise: Denoise,
  x: Float32Array,
  sigmas: readonly number[],
  options?: SamplerOptions,
) => Promise<Float32Array>;

/** The loop every sampler shares: cancellation before a step, the report after its first network call. */
export function* stepsOf(sigmas: readonly number[], { onStep, signal }: SamplerOptions = {}) {
  const steps = sigmas.length - 1;
  for (let index = 0; index < steps; index++) {
    signal?.throwIfAborted();
    const from = sigmas[index]!;
    const report = async (denoised: Float32Array) => onStep?.({ index, steps, sigma: from, denoised });
    yield { index, steps, from, to: sigmas[index + 1]!, report };
  }
}

/** dx/dsigma: the noise that the denoiser sees in x. */
export function slopeOf(x: Float32Array, denoised: Float32Array, sigma: number): Float32Array {
  const slope = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) slope[i] = (x[i]! - denoised[i]!) / sigma;
  return slope;
}

/**
 * Schedulers that keep x at unit variance, x' = x / √(1 + sigma²), may end a step at one level and begin the next at another, as if x' were of it.
 * @returns what x is to be multiplied by
 */
export const relabelling = (from: number, to: number): number =>
  from === to ? 1 : Math.sqrt((1 + to * to) / (1 + from * from));
