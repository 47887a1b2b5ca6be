/** Everything beside the graph that decides a picture, and what is allowed: one schema for screen, engine, manifests, recipes and commands. */
import * as v from 'valibot';
import { type SamplerName, samplerNames } from '#diffusion/sampling/sampler-names.ts';

export const settingBounds = {
  seed: { min: 0, max: 2 ** 32 - 1 },
  steps: { min: 1, max: 200 },
  /** 1 is no guidance. */
  guidanceScale: { min: 0, max: 30 },
  /** How much further guidance carries relations than objects. */
  relationFactor: { min: 1, max: 10 },
} as const;

/** Messages end a sentence that names the setting, and stand before a full stop: "Steps must be …". */
export const settingsSchema = v.object({
  /** Unsigned 32-bit. */
  seed: whole(settingBounds.seed),
  steps: whole(settingBounds.steps),
  guidanceScale: real(settingBounds.guidanceScale),
  /** 1 when absent. */
  relationFactor: v.optional(real(settingBounds.relationFactor)),
  sampler: v.picklist(samplerNames, `must be one of ${samplerNames.join(', ')}`),
  /** One of the manifest's styles, or "any". */
  style: v.pipe(v.string(), v.maxLength(64, 'must be at most 64 letters long')),
});

/** Same graph, settings and backend: same bytes. */
export type GenerationSettings = Readonly<v.InferOutput<typeof settingsSchema>>;
export { type SamplerName, samplerNames };

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function whole({ min, max }: Bounds) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

function real({ min, max }: Bounds) {
  const message = `must be a number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
}
