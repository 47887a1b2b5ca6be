/** DPM-Solver++ (Lu et al. 2022, "DPM-Solver++", algorithm 2, and section 5 for the SDE): several steps' pictures from one call a step. */

import { combine } from '#diffusion/sampling/combine.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { type Sampler, stepsOf } from './sampler.ts';

export interface DpmppOptions {
  /** Share of the noise in x that a step keeps beside what the ODE takes away, in (0, 1]; as much comes back fresh. 1, the ODE, when absent. */
  readonly fadeOf?: (from: number, to: number) => number;
  /** Pictures that a step looks at, 1 to 3; 2 when absent. A step to sigma 0 looks at one. */
  readonly orderOf?: (index: number, steps: number) => number;
  /** How the second order weighs the difference of two pictures: "midpoint", or "heun" as the third order does. */
  readonly second?: 'midpoint' | 'heun';
}

interface Seen {
  readonly denoised: Float32Array;
  /** ln of the sigma it was seen at over the next one: the length of the step that followed. */
  readonly h: number;
}

export const createDpmpp =
  ({ fadeOf = () => 1, orderOf = () => 2, second = 'midpoint' }: DpmppOptions = {}): Sampler =>
  async (denoise, x, sigmas, options) => {
    const noise = options?.noise ?? seededNoise(0);
    const seen: Seen[] = []; // newest first
    for (const { index, steps, from, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, from);
      await report(denoised);
      const h = Math.log(from / to); // infinite at the last step, which is of first order
      const fade = fadeOf(from, to);
      const kept = (to / from) * fade;
      const order = to === 0 ? 1 : Math.min(orderOf(index, steps), seen.length + 1);
      const towards = extrapolated(denoised, seen.slice(0, order - 1), h, kept, second);
      const fresh = to * Math.sqrt(1 - fade ** 2);
      x = combine([kept, x], [1 - kept, towards], [fresh, fresh === 0 ? x : noise.normals(x.length)]);
      seen.unshift({ denoised, h });
      seen.splice(2);
    }
    return x;
  };

/** The picture that a step goes towards: the latest one, led on by how the latest two or three differ. */
function extrapolated(
  denoised: Float32Array,
  [last, older]: readonly Seen[],
  h: number,
  kept: number,
  second: DpmppOptions['second'],
): Float32Array {
  if (!last) return denoised;
  const first = second === 'midpoint' && !older ? 1 / 2 : firstMoment(kept);
  const lead = (first * h) / last.h;
  if (!older) return combine([1 + lead, denoised], [-lead, last.denoised]);
  // Newton's differences over uneven steps: r and q are the lengths of the last two in units of this one.
  const [r, q] = [last.h / h, older.h / h];
  const bend = (firstMoment(kept) * r + secondMoment(kept)) / (r + q);
  return combine(
    [1 + lead + bend / r, denoised],
    [-lead - bend / r - bend / q, last.denoised],
    [bend / q, older.denoised],
  );
}

/** ∫₀ᴴ e^(−s) (H − s) ds / H over ∫₀ᴴ e^(−s) ds, H = −ln kept: how much of a difference a step of that length takes with it. */
function firstMoment(kept: number): number {
  const H = -Math.log(kept);
  return ((kept - 1) / H + 1) / (1 - kept);
}

/** The same of half the square. */
function secondMoment(kept: number): number {
  const H = -Math.log(kept);
  return (1 / 2 - (kept - 1 + H) / H ** 2) / (1 - kept);
}
