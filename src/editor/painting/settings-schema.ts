import * as v from 'valibot';
import { allSamplerNames, relationFactorSchema } from '#engine/contract/manifest.ts';

export const MAX_SEED = 0xffff_ffff;

/** Settings from storage or from a picture's recipe: checked like anything that comes from outside. */
export const settingsSchema = v.object({
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SEED)),
  steps: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
  guidanceScale: v.pipe(v.number(), v.minValue(0), v.maxValue(30)),
  /** Pictures of before have none. */
  relationFactor: v.optional(relationFactorSchema),
  sampler: v.picklist(allSamplerNames),
  style: v.pipe(v.string(), v.maxLength(64)),
});
