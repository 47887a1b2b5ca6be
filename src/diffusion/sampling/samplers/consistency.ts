import { combine } from '#diffusion/sampling/combine.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { clipped } from './euler.ts';
import { type Sampler, stepsOf } from './sampler.ts';

export interface ConsistencyOptions {
  readonly timestepOf: (sigma: number) => number;
  /** What a timestep is multiplied by before it is compared with `DATA`. */
  readonly scaling: number;
  readonly clip?: number | undefined;
}

/** Standard deviation of the data in the boundary condition (Luo et al. 2023, section 4.1, after Song et al. 2023, appendix C). */
const DATA = 0.5;

/**
 * Multistep consistency sampling (Luo et al. 2023, "Latent consistency models", algorithm 3): every call gives a finished picture, which is given
 * fresh noise of the next level.
 */
export const createConsistency =
  ({ timestepOf, scaling, clip }: ConsistencyOptions): Sampler =>
  async (denoise, x, sigmas, options) => {
    const noise = options?.noise ?? seededNoise(0);
    for (const { from, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, from);
      const time = timestepOf(from) * scaling;
      const norm = Math.hypot(time, DATA);
      // At timestep 0 the picture is x itself, of unit variance as the network is told it.
      const skip = (DATA / norm) ** 2 / Math.sqrt(1 + from * from);
      const picture = combine([time / norm, clipped(denoised, clip)], [skip, x]);
      await report(picture);
      x = to === 0 ? picture : combine([1, picture], [to, noise.normals(x.length)]);
    }
    return x;
  };
