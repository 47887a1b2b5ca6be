/** The samplers by name, apart from their code: what a manifest, a setting or a menu may say. samplers.ts must have each. */
export const samplerNames = ['euler', 'heun', 'dpmpp-2m', 'dpmpp-2m-sde', 'ddim', 'lms'] as const;
export type SamplerName = (typeof samplerNames)[number];
