/** Samplers of second order that call the network twice a step, but for the last. */
import { combine } from '#diffusion/sampling/combine.ts';
import { type Sampler, slopeOf, stepsOf } from './sampler.ts';

/** Heun's method (Karras et al. 2022, algorithm 1): the mean of the slopes at both ends. */
export const sampleHeun: Sampler = async (denoise, x, sigmas, options) => {
  for (const { from, to, report } of stepsOf(sigmas, options)) {
    const denoised = await denoise(x, from);
    await report(denoised);
    const slope = slopeOf(x, denoised, from);
    const guess = combine([1, x], [to - from, slope]);
    if (to === 0) return guess;
    const slopeThere = slopeOf(guess, await denoise(guess, to), to);
    x = combine([1, x], [(to - from) / 2, slope], [(to - from) / 2, slopeThere]);
  }
  return x;
};

/** KDPM2, k-diffusion's DPM-Solver-2 (Lu et al. 2022, algorithm 1, for the ODE in sigma): the slope half way in ln sigma. */
export const sampleKdpm2: Sampler = async (denoise, x, sigmas, options) => {
  for (const { from, to, report } of stepsOf(sigmas, options)) {
    const denoised = await denoise(x, from);
    await report(denoised);
    const slope = slopeOf(x, denoised, from);
    if (to === 0) return combine([1, x], [to - from, slope]);
    const middle = Math.sqrt(from * to);
    const halfWay = combine([1, x], [middle - from, slope]);
    x = combine([1, x], [to - from, slopeOf(halfWay, await denoise(halfWay, middle), middle)]);
  }
  return x;
};
