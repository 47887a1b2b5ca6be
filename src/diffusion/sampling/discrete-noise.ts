/**
 * The noise of networks that were trained on numbered steps (Ho et al. 2020; Stable Diffusion has 1000 of them): how large sigma is at
 * each, which step a sigma between two of them is, and which steps a picture takes. Names and formulas are those of diffusers' scheduler_config.json.
 */
import { sigmaSchedule } from './schedule.ts';

export const betaSchedules = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const;
export type BetaSchedule = (typeof betaSchedules)[number];

export const timestepSpacings = ['linspace', 'leading', 'trailing'] as const;
export type TimestepSpacing = (typeof timestepSpacings)[number];

export interface DiscreteNoiseSpec {
  /** Number of steps of the training, ≥ 2. */
  readonly trainSteps: number;
  readonly betas:
    | { readonly schedule: BetaSchedule; readonly start: number; readonly end: number }
    /** One for each step. */
    | readonly number[];
  /** Betas moved so that the last step is noise alone (Lin et al. 2023, "Common diffusion noise schedules and sample steps are flawed"). */
  readonly zeroTerminalSnr: boolean;
  readonly spacing: TimestepSpacing;
  /** Added to every step of "leading". */
  readonly stepsOffset: number;
  /** Karras' spacing between the training's extremes, in place of `spacing`. */
  readonly karras: boolean;
}

export interface DiscreteNoise {
  /** Of step 0, the least. */
  readonly min: number;
  /** Of the last step. */
  readonly max: number;
  /** @param timestep 0 … trainSteps − 1; between two steps log sigma is interpolated */
  sigmaOf(timestep: number): number;
  /** The inverse of sigmaOf, fractional; sigmas outside the training's range are taken to its ends. */
  timestepOf(sigma: number): number;
  /** steps + 1 sigmas: strictly falling, then 0. @throws RangeError unless steps is a whole number from 1 to trainSteps */
  schedule(steps: number): number[];
}

/** What diffusers takes for the signal left where none is, so that sigma stays finite: 4096. */
const LEAST_SIGNAL = 2 ** -24;

/** @throws RangeError when the betas are not in (0, 1) or not as many as the steps */
export function discreteNoise(spec: DiscreteNoiseSpec): DiscreteNoise {
  const { trainSteps } = spec;
  const betas = betasOf(spec);
  if (betas.length !== trainSteps || !betas.every((beta) => beta > 0 && beta < 1)) {
    throw new RangeError(`${trainSteps} steps need as many betas between 0 and 1`);
  }
  const signals = cumulativeProducts(betas.map((beta) => 1 - beta));
  const kept = spec.zeroTerminalSnr ? withoutTerminalSignal(signals) : signals;
  const logSigmas = kept.map((signal) => Math.log(Math.sqrt((1 - signal) / signal)));
  const last = trainSteps - 1;

  const sigmaOf = (timestep: number): number => {
    const below = Math.min(last - 1, Math.max(0, Math.floor(timestep)));
    const share = timestep - below;
    return Math.exp((1 - share) * logSigmas[below]! + share * logSigmas[below + 1]!);
  };
  const timestepOf = (sigma: number): number => {
    const log = Math.log(sigma);
    if (!(log > logSigmas[0]!)) return 0;
    if (log >= logSigmas[last]!) return last;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (logSigmas[middle]! <= log) low = middle;
      else high = middle;
    }
    return low + (log - logSigmas[low]!) / (logSigmas[high]! - logSigmas[low]!);
  };
  const [min, max] = [sigmaOf(0), sigmaOf(last)];
  const schedule = (steps: number): number[] => {
    if (!Number.isInteger(steps) || steps < 1 || steps > trainSteps) {
      throw new RangeError(`steps must be a whole number from 1 to ${trainSteps}, not ${steps}`);
    }
    if (spec.karras) return sigmaSchedule('karras', steps, { min, max });
    return [...timestepsOf(spec, steps).map((timestep) => sigmaOf(Math.min(last, timestep))), 0];
  };
  return { min, max, sigmaOf, timestepOf, schedule };
}

/** The steps that a picture takes, falling, as diffusers chooses them. */
export function timestepsOf(
  { spacing, trainSteps, stepsOffset }: Pick<DiscreteNoiseSpec, 'spacing' | 'trainSteps' | 'stepsOffset'>,
  steps: number,
): number[] {
  const falling = Array.from({ length: steps }, (_, i) => steps - 1 - i);
  switch (spacing) {
    // A single step is the noisiest one; diffusers would take the last, which paints nothing.
    case 'linspace':
      return steps === 1 ? [trainSteps - 1] : falling.map((i) => (i * (trainSteps - 1)) / (steps - 1));
    case 'leading':
      return falling.map((i) => i * Math.floor(trainSteps / steps) + stepsOffset);
    case 'trailing':
      return falling.map((i) => Math.round(((i + 1) * trainSteps) / steps) - 1);
    default:
      return spacing satisfies never;
  }
}

function betasOf({ betas, trainSteps }: DiscreteNoiseSpec): readonly number[] {
  if (!('schedule' in betas)) return betas;
  const { schedule, start, end } = betas;
  const between = (from: number, to: number): number[] =>
    Array.from({ length: trainSteps }, (_, i) => from + ((to - from) * i) / (trainSteps - 1));
  switch (schedule) {
    case 'linear':
      return between(start, end);
    // Even steps of the square root (Rombach et al. 2022, the latent diffusion code).
    case 'scaled_linear':
      return between(Math.sqrt(start), Math.sqrt(end)).map((root) => root * root);
    // Nichol and Dhariwal 2021, equation 17; betas end at 0.999.
    case 'squaredcos_cap_v2': {
      const signal = (time: number) => Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2) ** 2;
      return Array.from({ length: trainSteps }, (_, i) =>
        Math.min(1 - signal((i + 1) / trainSteps) / signal(i / trainSteps), 0.999),
      );
    }
    default:
      return schedule satisfies never;
  }
}

function cumulativeProducts(factors: readonly number[]): number[] {
  let product = 1;
  return factors.map((factor) => {
    product *= factor;
    return product;
  });
}

/** Lin et al. 2023, algorithm 1: √signal shifted to end at 0 and stretched to start where it did. */
function withoutTerminalSignal(signals: readonly number[]): number[] {
  const roots = signals.map(Math.sqrt);
  const [first, last] = [roots[0]!, roots.at(-1)!];
  const moved = roots.map((root) => ((root - last) * first) / (first - last));
  return moved.map((root, i) => (i === moved.length - 1 ? LEAST_SIGNAL : root * root));
}
