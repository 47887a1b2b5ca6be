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
  /** Pixels. */
  width: { min: 64, max: 4096 },
  height: { min: 64, max: 4096 },
} as const;

const STRENGTH = 'must be a number above 0 and at most 1';
/** Of painting over a picture: the share of the steps that are run. 1 keeps nothing of the picture but its faint traces in the first noise. */
export const strengthSchema = v.pipe(v.number(STRENGTH), v.gtValue(0, STRENGTH), v.maxValue(1, STRENGTH));

/** How many steps are run over a picture, as diffusers' image-to-image pipelines count them. */
export const stepsOver = ({ steps }: Pick<GenerationSettings, 'steps'>, strength: number): number =>
  Math.floor(steps * strength);

export const sizeEntries = { width: whole(settingBounds.width), height: whole(settingBounds.height) };

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
  /** Of a model that paints any size; the manifest's when absent. */
  size: v.optional(v.object(sizeEntries)),
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
