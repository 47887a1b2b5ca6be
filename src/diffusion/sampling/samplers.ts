/**
 * Samplers: from noise at sigmas[0] to a picture at sigma 0, each one short function over the contract denoise(x, sigma).
 * They follow the probability-flow ODE dx/dsigma = (x − denoised) / sigma (Karras et al. 2022, equation 1); those that are stochastic, SDEs of
 * the same marginals, draw their noise from the picture's seed.
 */
import type { GeneralSamplerName } from './sampler-names.ts';
import { createDpmpp } from './samplers/dpmpp.ts';
import { createDdim, sampleEuler, sampleEulerAncestral } from './samplers/euler.ts';
import { createLms } from './samplers/lms.ts';
import type { Sampler } from './samplers/sampler.ts';
import { sampleHeun, sampleKdpm2 } from './samplers/second-order.ts';
import { createUniPc } from './samplers/unipc.ts';

/**
 * Below it fresh noise is put back (Karras et al. 2022, algorithm 2, call theirs S_tmax). Where a denoiser errs, an ODE keeps the error and fresh noise
 * lets later steps mend it: on 60 graphs of Picturebook's sixth release 0.64 instead of 0.56 of the relations hold, in as many steps.
 * Above 6 places are decided, and with the fifth release fresh noise there halved the difference between seeds (DS 0.055 to 0.025).
 */
const STOCHASTIC_BELOW = 6;

export const samplers = {
  euler: sampleEuler,
  'euler-ancestral': sampleEulerAncestral,
  heun: sampleHeun,
  kdpm2: sampleKdpm2,
  'dpmpp-2m': createDpmpp(),
  /** The SDE, whose h counts twice, below sigma 6, and the ODE above. */
  'dpmpp-2m-sde': createDpmpp({ fadeOf: (from, to) => (from <= STOCHASTIC_BELOW ? to / from : 1) }),
  unipc: createUniPc(),
  ddim: createDdim(),
  /** Its last step goes to what the denoiser says, for a schedule may end far above 0 (lms.ts). */
  lms: createLms({ lastOrder: 1 }),
} as const satisfies Record<GeneralSamplerName, Sampler>;
