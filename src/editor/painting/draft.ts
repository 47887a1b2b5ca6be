/** A draft: the same graph and seed by the model's student, or else in a quarter of the steps; for the stage alone. */
import type { GenerationSettings, SamplerName } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';

/** Of all samplers the one that is true to the full picture in few steps: in 4 it has the composition of 16 stochastic ones. */
const SAMPLER: SamplerName = 'dpmpp-2m';

/** With 3 a lamp stood beside its table, with 2 a rider was missing. */
const LEAST = 4;

export function draftSettings(
  settings: GenerationSettings,
  { student }: Pick<ModelFacts, 'student'>,
): GenerationSettings {
  if (student) return { ...settings, sampler: 'student' };
  const steps = Math.max(LEAST, Math.ceil(settings.steps / 4));
  return steps < settings.steps ? { ...settings, steps, sampler: SAMPLER } : settings;
}
