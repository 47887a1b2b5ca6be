/** scheduler_config.json of a diffusers folder: which scheduler, and how it is set. Every number comes from the file, or is the default of its class. */
import * as v from 'valibot';
import { betaSchedules } from '#diffusion/sampling/discrete-noise.ts';
import type { ParametrisationName } from '#diffusion/sampling/parametrisation.ts';
import type { NumberedSamplerName } from '#diffusion/sampling/sampler-names.ts';
import type { DpmppOptions } from '#diffusion/sampling/samplers/dpmpp.ts';
import { type SchedulerSpec, timestepSpacings } from '#diffusion/sampling/scheduler.ts';
import { EngineError } from '#engine/contract/engine-error.ts';

export const SCHEDULER_FILE = 'scheduler/scheduler_config.json';

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const flag = v.nullish(v.boolean());

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
  rescale_betas_zero_snr: flag,
  use_karras_sigmas: flag,
  use_exponential_sigmas: flag,
  use_beta_sigmas: flag,
  use_lu_lambdas: flag,
  use_flow_sigmas: flag,
  final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero'),
  set_alpha_to_one: v.optional(v.boolean()),
  clip_sample: v.optional(v.boolean()),
  clip_sample_range: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
  thresholding: flag,
  variance_type: v.nullish(v.string()),
  timestep_type: v.nullish(v.string()),
  interpolation_type: v.nullish(v.string()),
  /** −∞, which is null here, cuts nothing. */
  lambda_min_clipped: v.nullish(v.number()),
  solver_order: v.optional(v.picklist([1, 2, 3]), 2),
  solver_type: v.nullish(v.string()),
  algorithm_type: v.nullish(v.string()),
  lower_order_final: v.optional(v.boolean(), true),
  euler_at_final: v.optional(v.boolean(), false),
  predict_x0: v.optional(v.boolean(), true),
  disable_corrector: v.optional(v.array(v.number()), []),
  skip_prk_steps: v.optional(v.boolean(), false),
  original_inference_steps: v.optional(size, 50),
  timestep_scaling: v.optional(v.pipe(v.number(), v.minValue(0)), 10),
});

export type SchedulerConfig = v.InferOutput<typeof schedulerSchema>;

export interface Scheduler {
  readonly spec: SchedulerSpec;
  /** Distilled to need few steps and no guidance, like SD-Turbo; a latent consistency model is told its guidance. */
  readonly pace: 'many steps' | 'few steps' | 'consistency';
}

const classes = {
  PNDMScheduler: 'pndm',
  DDIMScheduler: 'ddim',
  DDPMScheduler: 'ddpm',
  LMSDiscreteScheduler: 'lms',
  EulerDiscreteScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler-ancestral',
  HeunDiscreteScheduler: 'heun',
  KDPM2DiscreteScheduler: 'kdpm2',
  DPMSolverMultistepScheduler: 'dpmpp-2m',
  UniPCMultistepScheduler: 'unipc',
  LCMScheduler: 'lcm',
} as const satisfies Readonly<Record<string, NumberedSamplerName>>;

const predictions: Readonly<Record<string, ParametrisationName>> = {
  epsilon: 'epsilon',
  v_prediction: 'v',
  sample: 'x0',
};

/** @throws EngineError model-unsupported naming the class or field that is not known, and what is */
export function readScheduler(config: SchedulerConfig): Scheduler {
  const name = nameOf(config);
  const pace = name === 'lcm' ? 'consistency' : isDistilledEuler(config) ? 'few steps' : 'many steps';
  return { spec: specOf(config, name), pace };
}

/** As SD-Turbo's: a few steps from the very last on. */
const isDistilledEuler = ({ _class_name, timestep_spacing }: SchedulerConfig): boolean =>
  timestep_spacing === 'trailing' && /^Euler/.test(_class_name);

/** The same model by another sampler, as diffusers' `from_config` has it: what the file does not say is that one's default. */
export function schedulerOf(config: SchedulerConfig, name: NumberedSamplerName): SchedulerSpec {
  return specOf(config, name);
}

function nameOf({ _class_name, algorithm_type: algorithm }: SchedulerConfig): NumberedSamplerName {
  const name = lookUp<NumberedSamplerName>(classes, _class_name, `${SCHEDULER_FILE}: the scheduler`);
  if (name !== 'dpmpp-2m') return name;
  const algorithms = { 'dpmsolver++': 'dpmpp-2m', 'sde-dpmsolver++': 'dpmpp-2m-sde', deis: 'dpmpp-2m' } as const;
  return lookUp<NumberedSamplerName>(algorithms, algorithm ?? 'dpmsolver++', `${SCHEDULER_FILE}: the algorithm`);
}

function specOf(config: SchedulerConfig, name: NumberedSamplerName): SchedulerSpec {
  refuseUnknown(config, name);
  const betaSchedule = betaSchedules.find((known) => known === config.beta_schedule);
  if (!config.trained_betas && !betaSchedule) {
    throw unsupported(`${SCHEDULER_FILE}: the beta schedule`, config.beta_schedule, betaSchedules);
  }
  const drawn = { schedule: betaSchedule ?? 'linear', start: config.beta_start, end: config.beta_end } as const;
  const clips = config.clip_sample ?? (name === 'ddim' || name === 'ddpm');
  // PNDM alone ends at the least sigma by default, DDIM only where it is told to.
  const alphaToOne = config.set_alpha_to_one ?? name !== 'pndm';
  const isStrided = name === 'ddim' || name === 'pndm';
  const endsAtSigma = name === 'euler' || name === 'dpmpp-2m' || name === 'dpmpp-2m-sde' || name === 'unipc';
  return {
    name,
    parametrisation: lookUp(predictions, config.prediction_type, `${SCHEDULER_FILE}: the prediction type`),
    noise: {
      trainSteps: config.num_train_timesteps,
      betas: config.trained_betas ?? drawn,
      zeroTerminalSnr: config.rescale_betas_zero_snr ?? false,
    },
    spacing: config.timestep_spacing,
    stepsOffset: config.steps_offset,
    schedule: config.use_karras_sigmas ? 'karras' : config.use_exponential_sigmas ? 'log-linear' : undefined,
    endsAtLeast: isStrided ? !alphaToOne : endsAtSigma && config.final_sigmas_type === 'sigma_min',
    clip: clips ? config.clip_sample_range : undefined,
    dpmpp: dpmppOf(config),
    leastLogSnr: config.lambda_min_clipped ?? undefined,
    unipc: {
      order: config.solver_order,
      keepsOrder: !config.lower_order_final,
      b: config.solver_type === 'bh1' ? 'bh1' : 'bh2',
      uncorrected: config.disable_corrector,
    },
    rungeKutta: !config.skip_prk_steps,
    lcm: { originalSteps: config.original_inference_steps, scaling: config.timestep_scaling },
  };
}

/** Below this many steps diffusers lowers the order of the last ones. */
const FEW_STEPS = 15;

function dpmppOf(config: SchedulerConfig): Pick<DpmppOptions, 'orderOf' | 'second'> {
  const { solver_order: order, lower_order_final: lowers, euler_at_final: euler, final_sigmas_type: final } = config;
  return {
    second: config.solver_type === 'heun' ? 'heun' : 'midpoint',
    orderOf: (index, steps) => {
      const lowersHere = lowers && steps < FEW_STEPS;
      if (index === steps - 1 && (euler || lowersHere || final === 'zero')) return 1;
      return index === steps - 2 && lowersHere ? Math.min(2, order) : order;
    },
  };
}

/** Settings that change the numbers and are not written here, for the samplers that know them. */
function refuseUnknown(config: SchedulerConfig, name: NumberedSamplerName): void {
  const isSolver = name === 'dpmpp-2m' || name === 'dpmpp-2m-sde' || name === 'unipc';
  const faults: readonly (readonly [boolean, string])[] = [
    [config.thresholding === true, 'thresholding is for models of pixels'],
    [config.use_beta_sigmas === true, 'use_beta_sigmas is not supported'],
    [config.use_flow_sigmas === true, 'use_flow_sigmas is not supported'],
    [isSolver && config.use_lu_lambdas === true, 'use_lu_lambdas is not supported'],
    [name === 'unipc' && !config.predict_x0, 'predict_x0 must be true'],
    [name === 'euler' && config.timestep_type === 'continuous', 'timestep_type “continuous” is not supported'],
    [
      name === 'euler' && config.interpolation_type === 'log_linear',
      'interpolation_type “log_linear” is not supported',
    ],
    [
      name === 'ddpm' && !['fixed_small', undefined, null].includes(config.variance_type),
      `variance_type “${config.variance_type}” is not supported; “fixed_small” is`,
    ],
  ];
  const fault = faults.find(([isThere]) => isThere);
  if (fault) throw new EngineError('model-unsupported', `${SCHEDULER_FILE}: ${fault[1]}.`);
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string, what: string): Value {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw unsupported(what, name, Object.keys(table));
  return found;
}

export const unsupported = (what: string, name: string, known: readonly string[]): EngineError =>
  new EngineError('model-unsupported', `${what} “${name.slice(0, 80)}” is not known; known are ${known.join(', ')}.`);
