/**
 * The noise of networks that were trained on numbered steps (Ho et al. 2020; Stable Diffusion has 1000 of them): how large sigma is at
 * each, and which step a sigma between two of them is. Names and formulas are those of diffusers' scheduler_config.json.
 */

export const betaSchedules = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const;
export type BetaSchedule = (typeof betaSchedules)[number];

export interface DiscreteNoiseSpec {
  /** Number of steps of the training, ≥ 2. */
  readonly trainSteps: number;
  readonly betas:
    | { readonly schedule: BetaSchedule; readonly start: number; readonly end: number }
    /** One for each step. */
    | readonly number[];
  /** Betas moved so that the last step is noise alone (Lin et al. 2023, "Common diffusion noise schedules and sample steps are flawed"). */
  readonly zeroTerminalSnr: boolean;
  /** Share of the signal that is then taken to be left, so that sigma stays finite; 2⁻²⁴, sigma 4096, when absent. */
  readonly leastSignal?: number | undefined;
}

export interface DiscreteNoise {
  /** Of step 0, the least. */
  readonly min: number;
  /** Of the last step. */
  readonly max: number;
  /** @param timestep between two steps sigma is interpolated; outside of 0 … trainSteps − 1 it is that of the nearest */
  sigmaOf(timestep: number): number;
  /** Fractional: between two steps ln sigma is interpolated; sigmas outside the training's range are taken to its ends. */
  timestepOf(sigma: number): number;
}

/** What diffusers' schedulers over sigma take for the signal left where none is. */
const LEAST_SIGNAL = 2 ** -24;

/** @throws RangeError when the betas are not in (0, 1) or not as many as the steps */
export function discreteNoise(spec: DiscreteNoiseSpec): DiscreteNoise {
  const { trainSteps, leastSignal = LEAST_SIGNAL } = spec;
  const betas = betasOf(spec);
  if (betas.length !== trainSteps || !betas.every((beta) => beta > 0 && beta < 1)) {
    throw new RangeError(`${trainSteps} steps need as many betas between 0 and 1`);
  }
  const signals = cumulativeProducts(betas.map((beta) => 1 - beta));
  const kept = spec.zeroTerminalSnr ? withoutTerminalSignal(signals, leastSignal) : signals;
  const sigmas = kept.map((signal) => Math.sqrt((1 - signal) / signal));
  const logSigmas = sigmas.map(Math.log);
  const last = trainSteps - 1;

  const sigmaOf = (timestep: number): number => {
    const within = Math.min(last, Math.max(0, timestep));
    const below = Math.min(last - 1, Math.floor(within));
    const share = within - below;
    return (1 - share) * sigmas[below]! + share * sigmas[below + 1]!;
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
  return { min: sigmas[0]!, max: sigmas[last]!, sigmaOf, timestepOf };
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
function withoutTerminalSignal(signals: readonly number[], leastSignal: number): number[] {
  const roots = signals.map(Math.sqrt);
  const [first, last] = [roots[0]!, roots.at(-1)!];
  const moved = roots.map((root) => ((root - last) * first) / (first - last));
  return moved.map((root, i) => (i === moved.length - 1 ? leastSignal : root * root));
}
