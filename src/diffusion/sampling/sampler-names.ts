/** The samplers by name, apart from their code: what a manifest, a setting or a menu may say. */

/** Over any noise levels: samplers.ts has each. */
export const generalSamplerNames = [
  'euler',
  'euler-ancestral',
  'heun',
  'kdpm2',
  'dpmpp-2m',
  'dpmpp-2m-sde',
  'unipc',
  'ddim',
  'lms',
] as const;
export type GeneralSamplerName = (typeof generalSamplerNames)[number];

/** Those, and the ones that only a model of numbered steps can be sampled by: scheduler.ts has each. */
export const numberedSamplerNames = [...generalSamplerNames, 'pndm', 'ddpm', 'lcm'] as const;
export type NumberedSamplerName = (typeof numberedSamplerNames)[number];

/** All; "student" is no way of sampling the denoiser but a second one that some packages have, which goes its own way in few passes. */
export const samplerNames = [...numberedSamplerNames, 'student'] as const;
export type SamplerName = (typeof samplerNames)[number];
