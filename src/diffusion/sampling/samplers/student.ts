import { combine } from '#diffusion/sampling/combine.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { type Sampler, stepsOf } from './sampler.ts';

export interface StudentWay {
  /** Noise levels that the student was taught, falling; a pass each. */
  readonly sigmas: readonly number[];
  /** From 1: scale by which the first pass leads away from the graph without its relations, which takes a pass more (guidance.ts); 1 when absent. */
  readonly relationScale?: number | undefined;
}

/** Runs of the denoiser for a picture. */
export const passesOf = ({ sigmas, relationScale = 1 }: StudentWay): number =>
  sigmas.length + (relationScale > 1 ? 1 : 0);

/**
 * Multistep consistency sampling (Song et al. 2023, algorithm 1): each pass says a picture, which is given fresh noise of the next level. What the
 * student erred in, a later pass mends.
 */
export const sampleByStudent: Sampler = async (denoise, x, sigmas, options) => {
  const noise = options?.noise ?? seededNoise(0);
  for (const { from, to, report } of stepsOf(sigmas, options)) {
    const denoised = await denoise(x, from);
    await report(denoised);
    x = to === 0 ? denoised : combine([1, denoised], [to, noise.normals(x.length)]);
  }
  return x;
};
