/**
 * Self-conditioning (Chen, Zhang and Hinton 2023, "Analog Bits"): a step of the sampler is told what the step before it thought the picture to be, so
 * in half of the training steps the denoiser is asked that first. Unlike there it is asked at a higher noise level, as far up as a sampler's
 * step is long: an answer at the same level is better than what a step of the sampler gets to hear.
 */
import type { NoiseSource } from '#diffusion/noise.ts';
import { createParametrisation } from '#diffusion/parametrisation.ts';
import type { Tensors } from '#onnx/optimizer.ts';
import type { Feeds, ForwardPass } from '../trainer/training-step.ts';
import { DEFAULT_STEPS, PARAMETRISATION, SIGMA_DATA, SIGMA_RANGE } from './model-config.ts';

/** Share of the training steps that hear an earlier thought; the others hear zeros, as the first step of a sampler does. */
const HEARD = 0.5;
/** Of Karras et al.'s schedule (diffusion/schedule.ts). */
const RHO = 7;

/** @returns a noise level above sigma: 0 to 2 steps up, one on average, since pictures are also painted in half and in twice as many steps */
export function earlierSigma(sigma: number, random: Pick<NoiseSource, 'uniform'>): number {
  const { min, max } = SIGMA_RANGE;
  const step = (max ** (1 / RHO) - min ** (1 / RHO)) / (DEFAULT_STEPS - 1);
  return Math.min(max, (sigma ** (1 / RHO) + 2 * step * random.uniform()) ** RHO);
}

/**
 * @param feeds whose `sample` (B, C, h, w) is what the denoiser will read at `sigmas`; asked is whether it was more noise on top of that
 * @returns (B, C, h, w) clean latents as the denoiser thinks them to be from there, or zeros
 */
export async function earlierThought(
  denoiser: ForwardPass,
  feeds: Feeds & { readonly sample: Float32Array },
  sigmas: readonly number[],
  parameters: Tensors,
  random: NoiseSource,
): Promise<Float32Array> {
  const nothing = new Float32Array(feeds.sample.length);
  if (random.uniform() >= HEARD) return nothing;
  const { coefficients } = createParametrisation(PARAMETRISATION, SIGMA_DATA);
  const size = feeds.sample.length / sigmas.length;
  const earlier = sigmas.map((sigma) => earlierSigma(sigma, random));
  const levels = earlier.map(coefficients);
  const noisy = feeds.sample.map((value, at) => {
    const row = Math.floor(at / size);
    const [sigma, above] = [sigmas[row] as number, earlier[row] as number];
    return value / coefficients(sigma).in + Math.sqrt(Math.max(0, above ** 2 - sigma ** 2)) * random.normal();
  });
  const { prediction } = await denoiser.run(
    {
      ...feeds,
      sample: noisy.map((value, at) => value * (levels[Math.floor(at / size)]?.in as number)),
      timestep: Float32Array.from(levels, ({ timestep }) => timestep),
      previous: nothing,
    },
    parameters,
  );
  return noisy.map((value, at) => {
    const { skip, out } = levels[Math.floor(at / size)] as (typeof levels)[number];
    return skip * value + out * (prediction?.[at] as number);
  });
}
