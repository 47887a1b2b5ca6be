import { combine } from '#diffusion/sampling/combine.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { type Sampler, slopeOf, stepsOf } from './sampler.ts';

export interface StudentWay {
  /** Noise levels that the student was taught, falling; a pass each. */
  readonly sigmas: readonly number[];
  /** The first pass, counted from 0, whose picture is given fresh noise of the next level; up to it steps are Euler's. */
  readonly freshFrom: number;
}

/**
 * Euler's steps while places are decided, then multistep consistency sampling (Song et al. 2023, algorithm 1): what the student erred in there, a
 * later pass mends, as fresh noise does for a sampler (samplers.ts).
 */
export const createStudent =
  ({ freshFrom }: Pick<StudentWay, 'freshFrom'>): Sampler =>
  async (denoise, x, sigmas, options) => {
    const noise = options?.noise ?? seededNoise(0);
    for (const { index, from, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, from);
      await report(denoised);
      if (index < freshFrom) x = combine([1, x], [to - from, slopeOf(x, denoised, from)]);
      else x = to === 0 ? denoised : combine([1, denoised], [to, noise.normals(x.length)]);
    }
    return x;
  };
