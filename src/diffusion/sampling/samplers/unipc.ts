/**
 * UniPC (Zhao et al. 2023, "UniPC: a unified predictor-corrector framework", algorithms 5 and 6, for predicted pictures): the call that a step makes
 * anyway also corrects the step before.
 */
import { combine } from '#diffusion/sampling/combine.ts';
import { type Sampler, stepsOf } from './sampler.ts';

export interface UniPcOptions {
  /** 1 to 3; 2 when absent. The last steps are of lower order unless `keepsOrder`, and a step to sigma 0 is of the first. */
  readonly order?: number | undefined;
  readonly keepsOrder?: boolean | undefined;
  /** B(h) of the paper: h or e^h − 1. */
  readonly b?: 'bh1' | 'bh2' | undefined;
  /** Steps whose outcome is not corrected. */
  readonly uncorrected?: readonly number[] | undefined;
}

interface Seen {
  readonly denoised: Float32Array;
  readonly sigma: number;
}

export const createUniPc =
  ({ order = 2, keepsOrder = false, b = 'bh2', uncorrected = [] }: UniPcOptions = {}): Sampler =>
  async (denoise, x, sigmas, options) => {
    const seen: Seen[] = []; // newest first
    let last: { readonly x: Float32Array; readonly order: number } | undefined;
    for (const { index, steps, from, to, report } of stepsOf(sigmas, options)) {
      const denoised = await denoise(x, from);
      await report(denoised);
      if (last && !uncorrected.includes(index - 1)) {
        x = step(last.x, seen.slice(0, last.order), from, b, { denoised, sigma: from });
      }
      seen.unshift({ denoised, sigma: from });
      seen.splice(order);
      const most = to === 0 || to === from ? 1 : keepsOrder ? order : steps - index;
      last = { x, order: Math.min(order, most, seen.length) };
      x = step(x, seen.slice(0, last.order), to, b);
    }
    return x;
  };

/**
 * From the level of the newest picture to `to`.
 * @param seen newest first, as many as the order
 * @param there what the network saw at `to`: with it the step is the corrector's, without it the predictor's
 */
function step(
  x: Float32Array,
  [newest, ...older]: readonly Seen[],
  to: number,
  b: 'bh1' | 'bh2',
  there?: Seen,
): Float32Array {
  const { denoised, sigma: from } = newest!;
  const kept = to / from;
  const h = Math.log(from / to);
  // Where the other pictures lie, in units of the step: behind it, and 1 at its end.
  const others = there ? [...older, there] : older;
  const places = others.map(({ sigma }) => Math.log(from / sigma) / h);
  const factor = b === 'bh1' ? -h : kept - 1;
  const weights = weightsOf(places, h, factor);
  const moves = places.map((place, k) => (-factor * weights[k]!) / place);
  const taken = moves.reduce((sum, move) => sum + move, 0);
  return combine(
    [kept, x],
    [1 - kept - taken, denoised],
    ...others.map((other, k) => [moves[k]!, other.denoised] as const),
  );
}

/** What Σ weight · place^k must be (the paper's equation 11); ½ for one place alone, as the authors simplify it (their appendix F). */
function weightsOf(places: readonly number[], h: number, factor: number): number[] {
  if (places.length <= 1) return places.map(() => 1 / 2);
  const moments: number[] = [];
  let [phi, factorial] = [Math.expm1(-h) / -h - 1, 1];
  for (let k = 1; k <= places.length; k++) {
    moments.push((phi * factorial) / factor);
    factorial *= k + 1;
    phi = phi / -h - 1 / factorial;
  }
  return solve(
    moments.map((_, power) => places.map((place) => place ** power)),
    moments,
  );
}

/** Gaussian elimination without pivots: Vandermonde's matrix of at most three distinct places has none that is 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (const [i, pivot] of rows.entries()) {
    for (const row of rows.slice(i + 1)) {
      const share = row[i]! / pivot[i]!;
      for (let k = i; k < row.length; k++) row[k]! -= share * pivot[k]!;
    }
  }
  const solution = new Array<number>(rows.length).fill(0);
  for (let i = rows.length - 1; i >= 0; i--) {
    const known = solution.reduce((sum, value, k) => sum + value * rows[i]![k]!, 0);
    solution[i] = (rows[i]!.at(-1)! - known) / rows[i]![i]!;
  }
  return solution;
}
