/** Samplers of first order: one network call a step, and nothing remembered. */

import { combine } from '#diffusion/sampling/combine.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { relabelling, type Sampler, slopeOf, stepsOf } from './sampler.ts';

/** Euler's method (Karras et al. 2022, algorithm 1 without its correction). */
export const sampleEuler: Sampler = async (denoise, x, sigmas, options) => {
  for (const { from, to, report } of stepsOf(sigmas, options)) {
    const denoised = await denoise(x, from);
    await report(denoised);
    const slope = slopeOf(x, denoised, from);
    x = combine([1, x], [to - from, slope]);
  }
  return x;
};

/**
 * Ancestral sampling: the posterior of the next level given x and the denoised picture (Ho et al. 2020, equations 6 and 7). k-diffusion calls it Euler
 * ancestral, diffusers DDPM; written for x = x0 + sigma · noise the two are one and differ in the levels they go through.
 */
export const sampleEulerAncestral: Sampler = async (denoise, x, sigmas, options) => {
  const noise = options?.noise ?? seededNoise(0);
  for (const { from, to, report } of stepsOf(sigmas, options)) {
    const denoised = await denoise(x, from);
    await report(denoised);
    const kept = (to / from) ** 2;
    const fresh = to * Math.sqrt(1 - kept);
    x = combine([kept, x], [1 - kept, denoised], [fresh, fresh === 0 ? x : noise.normals(x.length)]);
  }
  return x;
};

export interface DdimOptions {
  /** Where a step that begins at sigma ends; at the next level when absent. */
  readonly landingOf?: ((sigma: number) => number) | undefined;
  /** Denoised pictures are cut to [−clip, clip], the noise seen in x is not. */
  readonly clip?: number | undefined;
}

/**
 * DDIM with η = 0 (Song, Meng and Ermon 2021, equation 12). Where x = x0 + sigma · noise its step keeps the noise that was predicted and
 * lowers its level, which is Euler's step written another way; the two differ in rounding alone.
 */
export const createDdim =
  ({ landingOf, clip }: DdimOptions = {}): Sampler =>
  async (denoise, x, sigmas, options) => {
    for (const { from, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, from);
      await report(denoised);
      const landing = landingOf?.(from) ?? to;
      const factor = relabelling(landing, to);
      x = combine([factor, clipped(denoised, clip)], [factor * landing, slopeOf(x, denoised, from)]);
    }
    return x;
  };

export const clipped = (x: Float32Array, most: number | undefined): Float32Array =>
  most === undefined ? x : x.map((value) => Math.min(most, Math.max(-most, value)));
