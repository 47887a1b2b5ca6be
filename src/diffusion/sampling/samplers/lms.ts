import { combine } from '#diffusion/sampling/combine.ts';
import { type Sampler, slopeOf, stepsOf } from './sampler.ts';

export interface LmsOptions {
  /** Of the step to sigma 0; that of every other step, 4, when absent. */
  readonly lastOrder?: number;
}

/**
 * Linear multistep (Adams–Bashforth) of order 4 over uneven sigmas, as the paper samples; lower orders while it starts.
 *
 * A polynomial through four close sigmas says nothing of one that is many of their distances away. Where the last step is that long, its order must be
 * 1: in 100 of Karras' steps from 80 to 0.25 it is 11 times as long as the one before, the weights of order 4 add up to 136 in size, and a denoiser that
 * trembles by 1 ends at 618.
 */
export const createLms =
  ({ lastOrder = ORDER }: LmsOptions = {}): Sampler =>
  async (denoise, x, sigmas, options) => {
    const slopes: Float32Array[] = []; // newest first
    for (const { index, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, sigmas[index]!);
      await report(denoised);
      slopes.unshift(slopeOf(x, denoised, sigmas[index]!));
      slopes.splice(to === 0 ? lastOrder : ORDER);
      x = combine([1, x], ...slopes.map((slope, j) => [lmsWeight(slopes.length, sigmas, index, j), slope] as const));
    }
    return x;
  };

const ORDER = 4;

/**
 * ∫ from sigmas[i] to sigmas[i + 1] of the Lagrange polynomial that is 1 at sigmas[i − j] and 0 at the other `order` latest sigmas.
 * Its degree is at most 3, where Gauss–Legendre with two nodes is exact.
 */
export function lmsWeight(order: number, sigmas: readonly number[], i: number, j: number): number {
  const lagrange = (sigma: number): number => {
    let product = 1;
    for (let k = 0; k < order; k++) {
      if (k !== j) product *= (sigma - sigmas[i - k]!) / (sigmas[i - j]! - sigmas[i - k]!);
    }
    return product;
  };
  const half = (sigmas[i + 1]! - sigmas[i]!) / 2;
  const middle = (sigmas[i + 1]! + sigmas[i]!) / 2;
  const node = half / Math.sqrt(3);
  return half * (lagrange(middle - node) + lagrange(middle + node));
}
