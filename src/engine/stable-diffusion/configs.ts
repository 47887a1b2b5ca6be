/** The small JSON files of a diffusers folder: which pipeline, which noise, which widths. Every number comes from here, none from the code. */
import * as v from 'valibot';
import { betaSchedules, type DiscreteNoiseSpec, timestepSpacings } from '#diffusion/sampling/discrete-noise.ts';
import type { ParametrisationName } from '#diffusion/sampling/parametrisation.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const modelIndexSchema = v.looseObject({ _class_name: v.pipe(v.string(), v.maxLength(200)) });

export const schedulerSchema = v.looseObject({
  _class_name: v.pipe(v.string(), v.maxLength(200)),
  num_train_timesteps: v.optional(v.pipe(size, v.minValue(2), v.maxValue(10_000)), 1000),
  beta_start: v.optional(share, 0.0001),
  beta_end: v.optional(share, 0.02),
  beta_schedule: v.optional(v.string(), 'linear'),
  trained_betas: v.nullish(v.array(share)),
  prediction_type: v.optional(v.string(), 'epsilon'),
  timestep_spacing: v.optional(v.picklist(timestepSpacings)),
  steps_offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)), 0),
  use_karras_sigmas: v.nullish(v.boolean()),
  rescale_betas_zero_snr: v.nullish(v.boolean()),
});

export const unetSchema = v.looseObject({
  in_channels: v.optional(size, 4),
  out_channels: v.optional(size, 4),
  /** Of the latent. */
  sample_size: v.optional(v.union([size, v.tuple([size, size])]), 64),
  cross_attention_dim: v.nullish(v.union([size, v.array(size)])),
  time_cond_proj_dim: v.nullish(size),
  addition_embed_type: v.nullish(v.string()),
});

export const vaeSchema = v.looseObject({
  latent_channels: v.optional(size, 4),
  /** The decoder doubles the size once for each of these but the last. */
  block_out_channels: v.optional(v.pipe(v.array(size), v.minLength(1), v.maxLength(8)), [128, 256, 512, 512]),
  /** 0.18215 where it is absent, as in diffusers: the first VAEs did not write it down. */
  scaling_factor: v.optional(v.pipe(v.number(), v.minValue(1e-6), v.maxValue(1e6)), 0.18215),
  shift_factor: v.nullish(v.number()),
});

export const textEncoderSchema = v.looseObject({
  max_position_embeddings: v.optional(size, 77),
  hidden_size: v.optional(size),
});

export type UnetConfig = v.InferOutput<typeof unetSchema>;
export type VaeConfig = v.InferOutput<typeof vaeSchema>;

export interface SchedulerConfig {
  readonly noise: DiscreteNoiseSpec;
  readonly parametrisation: ParametrisationName;
  readonly sampler: SamplerName;
  /** Distilled to need few steps and no guidance, like SD-Turbo. */
  readonly isFewStep: boolean;
}

/**
 * The sampler that solves the same equation, for each of diffusers' schedulers, and how it spaces its steps unless told. Ancestral and
 * SDE variants draw noise on the way; ours follow the ODE, so that a seed is the only chance.
 */
const schedulers: Readonly<Record<string, readonly [SamplerName, DiscreteNoiseSpec['spacing']]>> = {
  DDIMScheduler: ['ddim', 'leading'],
  DDPMScheduler: ['ddim', 'leading'],
  PNDMScheduler: ['lms', 'leading'],
  LMSDiscreteScheduler: ['lms', 'linspace'],
  EulerDiscreteScheduler: ['euler', 'linspace'],
  EulerAncestralDiscreteScheduler: ['euler', 'linspace'],
  HeunDiscreteScheduler: ['heun', 'linspace'],
  DPMSolverMultistepScheduler: ['dpmpp-2m', 'linspace'],
  DPMSolverSinglestepScheduler: ['dpmpp-2m', 'linspace'],
  DEISMultistepScheduler: ['dpmpp-2m', 'linspace'],
  UniPCMultistepScheduler: ['dpmpp-2m', 'linspace'],
};

const predictions: Readonly<Record<string, ParametrisationName>> = {
  epsilon: 'epsilon',
  v_prediction: 'v',
  sample: 'x0',
};

/** @throws EngineError model-unsupported naming the class or field that is not known, and what is */
export function readScheduler(config: v.InferOutput<typeof schedulerSchema>): SchedulerConfig {
  const file = 'scheduler/scheduler_config.json';
  const known = lookUp(schedulers, config._class_name, `${file}: the scheduler`);
  const betaSchedule = betaSchedules.find((name) => name === config.beta_schedule);
  if (!config.trained_betas && !betaSchedule) {
    throw unsupported(`${file}: the beta schedule`, config.beta_schedule, betaSchedules);
  }
  const [sampler, usualSpacing] = known;
  const spacing = config.timestep_spacing ?? usualSpacing;
  const betas = config.trained_betas ?? {
    schedule: betaSchedule ?? 'linear',
    start: config.beta_start,
    end: config.beta_end,
  };
  return {
    sampler,
    parametrisation: lookUp(predictions, config.prediction_type, `${file}: the prediction type`),
    isFewStep: spacing === 'trailing' && /^Euler/.test(config._class_name),
    noise: {
      trainSteps: config.num_train_timesteps,
      betas,
      zeroTerminalSnr: config.rescale_betas_zero_snr ?? false,
      spacing,
      stepsOffset: config.steps_offset,
      karras: config.use_karras_sigmas ?? false,
    },
  };
}

/** Pipelines whose UNet reads CLIP's text alone. */
const pipelines = ['StableDiffusionPipeline', 'OnnxStableDiffusionPipeline', 'ORTStableDiffusionPipeline'] as const;

/** @throws EngineError model-unsupported */
export function checkPipeline({ _class_name: name }: v.InferOutput<typeof modelIndexSchema>): void {
  if (!pipelines.some((known) => known === name)) throw unsupported('model_index.json: the pipeline', name, pipelines);
}

/** @throws EngineError model-unsupported for UNets that want more than a noisy latent, a timestep and text */
export function checkUnet(unet: UnetConfig, vae: VaeConfig): void {
  const refuse = (reason: string) => new EngineError('model-unsupported', `unet/config.json: ${reason}.`);
  if (unet.in_channels !== vae.latent_channels) {
    const why = unet.in_channels > vae.latent_channels ? ' (an inpainting or editing model?)' : '';
    throw refuse(`the UNet reads ${unet.in_channels} channels, the latent has ${vae.latent_channels}${why}`);
  }
  if (unet.time_cond_proj_dim) throw refuse('latent consistency models are not supported');
  if (unet.addition_embed_type)
    throw refuse(`“${unet.addition_embed_type}” conditioning (Stable Diffusion XL) is not supported`);
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string, what: string): Value {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw unsupported(what, name, Object.keys(table));
  return found;
}

const unsupported = (what: string, name: string, known: readonly string[]): EngineError =>
  new EngineError('model-unsupported', `${what} “${name}” is not known; known are ${known.join(', ')}.`);
