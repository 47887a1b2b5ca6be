/** Noise levels from the noisiest to zero: x = x0 + sigma · noise. */

export const scheduleNames = ['karras', 'log-linear', 'flow'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export interface SigmaRange {
  /** > 0 */
  readonly min: number;
  readonly max: number;
}

/**
 * steps + 1 sigmas: strictly falling from max, at min after steps − 1 intervals, then 0. A single step goes from max to 0.
 * @throws RangeError unless steps is a whole number ≥ 1 and 0 < min ≤ max
 */
export function sigmaSchedule(name: ScheduleName, steps: number, range: SigmaRange): number[] {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps must be a whole number from 1, not ${steps}`);
  if (!(range.min > 0 && range.min <= range.max && range.max < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`sigma must satisfy 0 < min ≤ max, not min ${range.min} and max ${range.max}`);
  }
  const sigmaAt = spacing(name, range);
  const sigmas = Array.from({ length: steps }, (_, i) => (i === 0 ? range.max : sigmaAt(i / (steps - 1))));
  return [...sigmas, 0];
}

/** sigma at a share of the way from max (0) to min (1). */
function spacing(name: ScheduleName, { min, max }: SigmaRange): (share: number) => number {
  const between = (from: number, to: number) => (share: number) => from + share * (to - from);
  switch (name) {
    // Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", equation 5, ρ = 7.
    case 'karras': {
      const root = between(max ** (1 / 7), min ** (1 / 7));
      return (share) => root(share) ** 7;
    }
    case 'log-linear': {
      const log = between(Math.log(max), Math.log(min));
      return (share) => Math.exp(log(share));
    }
    // Even steps of rectified flow's time t = sigma / (1 + sigma) (Liu et al. 2022).
    case 'flow': {
      const time = between(max / (1 + max), min / (1 + min));
      return (share) => time(share) / (1 - time(share));
    }
    default:
      return name satisfies never;
  }
}
