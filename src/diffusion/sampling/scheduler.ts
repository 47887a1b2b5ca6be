/**
 * How a picture is sampled by a network of numbered steps: which steps it takes, at which sigmas, and by which sampler, as diffusers' schedulers choose
 * them. All of them are written for x = x0 + sigma · noise; those that diffusers writes at unit variance are the same with x divided by √(1 + sigma²).
 */
import { type DiscreteNoise, type DiscreteNoiseSpec, discreteNoise } from './discrete-noise.ts';
import { createParametrisation, type Denoise, type ParametrisationName } from './parametrisation.ts';
import type { NumberedSamplerName } from './sampler-names.ts';
import { createConsistency } from './samplers/consistency.ts';
import { createDpmpp, type DpmppOptions } from './samplers/dpmpp.ts';
import { clipped, createDdim } from './samplers/euler.ts';
import { createLms } from './samplers/lms.ts';
import { createPndm } from './samplers/pndm.ts';
import type { Sampler } from './samplers/sampler.ts';
import { createUniPc, type UniPcOptions } from './samplers/unipc.ts';
import { samplers } from './samplers.ts';
import { type ScheduleName, sigmaSchedule } from './schedule.ts';

export const timestepSpacings = ['linspace', 'leading', 'trailing'] as const;
export type TimestepSpacing = (typeof timestepSpacings)[number];

export interface SchedulerSpec {
  readonly name: NumberedSamplerName;
  readonly noise: DiscreteNoiseSpec;
  readonly parametrisation: ParametrisationName;
  /** The scheduler's own when absent. */
  readonly spacing?: TimestepSpacing | undefined;
  /** Added to every step of "leading". */
  readonly stepsOffset: number;
  /** Sigmas spaced so between the extremes, in place of numbered steps. */
  readonly schedule?: ScheduleName | undefined;
  /** The last step ends at the training's least sigma; otherwise at 0. */
  readonly endsAtLeast: boolean;
  /** Denoised latents are cut to [−clip, clip]: DDIM, DDPM and LCM alone know it. */
  readonly clip?: number | undefined;
  /** Of DPM-Solver++. */
  readonly dpmpp?: Pick<DpmppOptions, 'orderOf' | 'second'> | undefined;
  /** Steps noisier than this, in ln(signal / noise), are left out by DPM-Solver++. */
  readonly leastLogSnr?: number | undefined;
  readonly unipc?: UniPcOptions | undefined;
  /** PNDM begins with Runge and Kutta's steps. */
  readonly rungeKutta?: boolean | undefined;
  /** Of a latent consistency model: the steps it was distilled on, and what timesteps are multiplied by. */
  readonly lcm?: { readonly originalSteps: number; readonly scaling: number } | undefined;
}

/** Everything between unit noise and the latent. */
export interface SamplingPlan {
  /** steps + 1, falling. */
  readonly sigmas: readonly number[];
  readonly sampler: Sampler;
  /** What the network is told of sigma, where it was trained on numbered steps. */
  readonly timestepOf?: ((sigma: number) => number) | undefined;
  /** What unit noise is multiplied by for a start at sigmas[0]. */
  readonly start: number;
  /** What the sampler's outcome is multiplied by. */
  readonly end: number;
}

/** How a scheduler goes about it. */
interface Family {
  /** Where none is said. */
  readonly spacing: TimestepSpacing;
  /** diffusers writes it at unit variance, and over whole steps. */
  readonly unitVariance: boolean;
  /** Steps are those of a picture with one step more, but for the last. */
  readonly leavesLast?: boolean;
  /** Takes sigmas in place of numbered steps; what the network is told of them is rounded or not. */
  readonly schedules?: 'rounded' | 'as they are';
  readonly zeroTerminalSnr: boolean;
}

const overSigma = { spacing: 'linspace', unitVariance: false, schedules: 'as they are' } as const;
const solver = {
  spacing: 'linspace',
  unitVariance: true,
  leavesLast: true,
  schedules: 'rounded',
  zeroTerminalSnr: true,
} as const;
const families: Readonly<Record<NumberedSamplerName, Family>> = {
  euler: { ...overSigma, zeroTerminalSnr: true },
  'euler-ancestral': { spacing: 'linspace', unitVariance: false, zeroTerminalSnr: true },
  heun: { ...overSigma, zeroTerminalSnr: false },
  kdpm2: { ...overSigma, schedules: 'rounded', zeroTerminalSnr: false },
  lms: { ...overSigma, zeroTerminalSnr: false },
  'dpmpp-2m': solver,
  'dpmpp-2m-sde': solver,
  unipc: solver,
  ddim: { spacing: 'leading', unitVariance: true, zeroTerminalSnr: true },
  ddpm: { spacing: 'leading', unitVariance: true, zeroTerminalSnr: true },
  pndm: { spacing: 'leading', unitVariance: true, zeroTerminalSnr: false },
  lcm: { spacing: 'leading', unitVariance: true, zeroTerminalSnr: true },
};

/** At unit variance no signal at all is a number as good as any; over sigma this little of it is none in single precision. */
const NO_SIGNAL = 2 ** -48;

/** @throws RangeError unless steps is a whole number from 1 to as many as the model was trained or distilled on */
export function planSampling(spec: SchedulerSpec, steps: number): SamplingPlan {
  const family = families[spec.name];
  const most = spec.name === 'lcm' ? lcmOf(spec).originalSteps : spec.noise.trainSteps;
  if (!Number.isInteger(steps) || steps < 1 || steps > most) {
    throw new RangeError(`steps must be a whole number from 1 to ${most}, not ${steps}`);
  }
  const noise = discreteNoise({
    ...spec.noise,
    zeroTerminalSnr: spec.noise.zeroTerminalSnr && family.zeroTerminalSnr,
    // The solvers share their table of sigmas with Euler's family.
    leastSignal: family.unitVariance && !family.leavesLast ? NO_SIGNAL : undefined,
  });
  const { sigmas, timesteps } = levelsOf(spec, family, noise, steps);
  const told = new Map(sigmas.map((sigma, i) => [sigma, timesteps[i]!]));
  const timestepOf = (sigma: number) => told.get(sigma) ?? noise.timestepOf(sigma);
  const stride = Math.floor(spec.noise.trainSteps / steps);
  const end = endOf(spec, noise, timesteps.at(-1)! - stride);
  const sigmaOf = (timestep: number) => (timestep < 0 ? end : noise.sigmaOf(timestep));
  const [unit, unitAtEnd] = [sigmas[0]!, end].map((sigma) => Math.sqrt(1 + sigma * sigma)) as [number, number];
  const isUnitAtStart = family.unitVariance || (spec.spacing ?? family.spacing) === 'leading';
  return {
    sigmas: [...sigmas, end],
    sampler: samplerOf(spec, { timestepOf, sigmaOf, stride }),
    timestepOf,
    start: isUnitAtStart ? unit : sigmas[0]!,
    end: family.unitVariance ? 1 / unitAtEnd : 1,
  };
}

/** The sigma that the last step ends at. @param timestep one stride below the last step */
function endOf({ name, endsAtLeast }: SchedulerSpec, noise: DiscreteNoise, timestep: number): number {
  const isStrided = name === 'ddim' || name === 'pndm';
  if (isStrided && timestep >= 0) return noise.sigmaOf(timestep);
  return endsAtLeast ? noise.min : 0;
}

interface Levels {
  readonly timestepOf: (sigma: number) => number;
  readonly sigmaOf: (timestep: number) => number;
  readonly stride: number;
}

function samplerOf(spec: SchedulerSpec, levels: Levels): Sampler {
  const { name, clip } = spec;
  const { timestepOf, sigmaOf, stride } = levels;
  switch (name) {
    case 'ddim':
      return createDdim({ landingOf: (sigma) => sigmaOf(timestepOf(sigma) - stride), clip });
    case 'ddpm':
      return (denoise, ...rest) => samplers['euler-ancestral'](clippedDenoise(denoise, clip), ...rest);
    case 'pndm': {
      const { coefficients } = createParametrisation(spec.parametrisation, 1);
      return createPndm({ coefficients, ...levels, rungeKutta: spec.rungeKutta ?? false });
    }
    case 'lcm':
      return createConsistency({ timestepOf, scaling: lcmOf(spec).scaling, clip });
    case 'dpmpp-2m':
      return createDpmpp(spec.dpmpp);
    case 'dpmpp-2m-sde':
      return createDpmpp({ ...spec.dpmpp, fadeOf: (from, to) => to / from });
    case 'lms':
      return createLms();
    case 'unipc':
      return createUniPc(spec.unipc);
    default:
      return samplers[name];
  }
}

const clippedDenoise =
  (denoise: Denoise, clip: number | undefined): Denoise =>
  async (x, sigma) =>
    clipped(await denoise(x, sigma), clip);

const lcmOf = ({ lcm }: SchedulerSpec) => lcm ?? { originalSteps: 50, scaling: 10 };

/** Where the steps begin. */
function levelsOf(
  spec: SchedulerSpec,
  family: Family,
  noise: DiscreteNoise,
  steps: number,
): { readonly sigmas: readonly number[]; readonly timesteps: readonly number[] } {
  const numbered = spec.name === 'lcm' ? distilledTimesteps(spec, steps) : timestepsOf(spec, family, noise, steps);
  const spaced = numbered.map(noise.sigmaOf);
  if (!spec.schedule || !family.schedules) return { sigmas: spaced, timesteps: numbered };
  // The solvers stretch it over the whole training, the others over the steps that they would have taken.
  const range = family.leavesLast ? noise : { min: spaced.at(-1)!, max: spaced[0]! };
  const sigmas = sigmaSchedule(spec.schedule, steps, range).slice(0, -1);
  return { sigmas, timesteps: sigmas.map(noise.timestepOf).map(wholeFor(spec, family)) };
}

/** What becomes of the fraction of a timestep that a sigma lies at: the solvers drop it where they do not round it. */
function wholeFor({ schedule }: SchedulerSpec, { schedules, leavesLast }: Family): (timestep: number) => number {
  if (schedule === 'karras' && schedules === 'rounded') return roundHalfToEven;
  return leavesLast ? Math.floor : (timestep) => timestep;
}

/** The steps that a picture takes, falling (Lin et al. 2023, table 2, as diffusers rounds them). */
function timestepsOf(
  { spacing, stepsOffset, noise: { trainSteps }, leastLogSnr }: SchedulerSpec,
  family: Family,
  noise: DiscreteNoise,
  steps: number,
): number[] {
  const extra = family.leavesLast ? 1 : 0;
  const isCut = family.leavesLast && leastLogSnr !== undefined;
  const count = isCut ? stepsAbove(noise, trainSteps, leastLogSnr) : trainSteps;
  const whole = family.unitVariance ? roundHalfToEven : (timestep: number) => timestep;
  const falling = Array.from({ length: steps }, (_, i) => steps - 1 - i + extra);
  const chosen = spacing ?? family.spacing;
  switch (chosen) {
    case 'linspace':
      // A single step is the noisiest one; diffusers would take the last, which paints nothing.
      if (steps + extra === 1) return [count - 1];
      return falling.map((i) => whole(i * ((count - 1) / (steps - 1 + extra))));
    case 'leading':
      return falling.map((i) => i * Math.floor(count / (steps + extra)) + stepsOffset);
    case 'trailing':
      return falling.map((_, i) => roundHalfToEven(count - (i * trainSteps) / steps) - 1).filter((step) => step >= 0);
    default:
      return chosen satisfies never;
  }
}

/** How many steps of the training keep at least so much signal. */
function stepsAbove(noise: DiscreteNoise, trainSteps: number, leastLogSnr: number): number {
  let count = trainSteps;
  while (count > 1 && -Math.log(noise.sigmaOf(count - 1)) < leastLogSnr) count--;
  return count;
}

/** Every ⌊originalSteps / steps⌋th or so of the steps that a latent consistency model was distilled on, from the noisiest. */
function distilledTimesteps(spec: SchedulerSpec, steps: number): number[] {
  const { originalSteps } = lcmOf(spec);
  const stride = Math.floor(spec.noise.trainSteps / originalSteps);
  return Array.from(
    { length: steps },
    (_, i) => (originalSteps - Math.floor((i * originalSteps) / steps)) * stride - 1,
  );
}

/** As NumPy and PyTorch round. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
