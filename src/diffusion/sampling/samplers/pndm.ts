/**
 * Pseudo numerical methods for diffusion models (Liu et al. 2022, algorithm 2, over their transfer, equation 9): Adams–Bashforth for evenly spaced steps
 * on what the network says, with diffusers' ways to begin and to space.
 */

import { combine } from '#diffusion/sampling/combine.ts';
import type { Denoise } from '#diffusion/sampling/parametrisation.ts';
import { relabelling, type Sampler, stepsOf } from './sampler.ts';

export interface PndmOptions {
  /** denoised = skip · x + out · F: F is what is averaged. */
  readonly coefficients: (sigma: number) => { readonly skip: number; readonly out: number };
  readonly timestepOf: (sigma: number) => number;
  /** Below timestep 0 it is where the picture ends. */
  readonly sigmaOf: (timestep: number) => number;
  /** Steps of the training that one step goes back. */
  readonly stride: number;
  /** The first three steps by Runge and Kutta's method (the paper's PRK); otherwise the first is done twice. */
  readonly rungeKutta: boolean;
}

/** Of the newest first, by how many there are (Liu et al. 2022, equation 12, and its lower orders). */
const weights: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

const RUNGE_KUTTA_STEPS = 3;

export const createPndm = (options: PndmOptions): Sampler => {
  const { timestepOf, sigmaOf, stride, rungeKutta } = options;
  return async (denoise, x, sigmas, samplerOptions) => {
    const said: Float32Array[] = []; // newest first
    for (const { index, steps, from, to, report } of stepsOf(sigmas, samplerOptions)) {
      const denoised = await denoise(x, from);
      await report(denoised);
      const F = outputOf(options, x, denoised, from);
      said.unshift(F);
      said.splice(weights.length);
      const isLast = index === steps - 1;
      if (rungeKutta && index < RUNGE_KUTTA_STEPS && !isLast) {
        x = await rungeKuttaStep(options, denoise, { x, F, from, to });
        continue;
      }
      const landing = sigmaOf(timestepOf(from) - stride);
      const mean = combine(...said.map((each, i) => [weights[said.length - 1]![i]!, each] as const));
      const next = move(options, { x, F: mean, from, landing, to });
      x = index === 0 && !isLast ? await firstStepAgain(options, denoise, { x, F, from, to, next }) : next;
    }
    return x;
  };
};

interface Start {
  readonly x: Float32Array;
  readonly F: Float32Array;
  readonly from: number;
  readonly to: number;
}

/** With the mean of what the network says at both ends of the step. */
async function firstStepAgain(
  options: PndmOptions,
  denoise: Denoise,
  { x, F, from, to, next }: Start & { readonly next: Float32Array },
): Promise<Float32Array> {
  const { timestepOf, sigmaOf, stride } = options;
  const there = outputOf(options, next, await denoise(next, to), to);
  // diffusers takes the step to begin one stride above its end, wherever it did.
  const start = sigmaOf(timestepOf(to) + stride);
  const again = combine([relabelling(from, start), x], [0, x]);
  return move(options, { x: again, F: combine([1 / 2, F], [1 / 2, there]), from: start, landing: to, to });
}

/** Of fourth order from four calls (Liu et al. 2022, equation 13). */
async function rungeKuttaStep(
  options: PndmOptions,
  denoise: Denoise,
  { x, F, from, to }: Start,
): Promise<Float32Array> {
  const { timestepOf, sigmaOf, stride } = options;
  const half = Math.floor(stride / 2);
  const [halfWay, middle] = [sigmaOf(timestepOf(from) - half), sigmaOf(timestepOf(to) + half)];
  const ask = async (guess: Float32Array, sigma: number) =>
    outputOf(options, guess, await denoise(guess, sigma), sigma);
  const second = await ask(move(options, { x, F, from, landing: halfWay, to: middle }), middle);
  const third = await ask(move(options, { x, F: second, from, landing: middle, to: middle }), middle);
  const fourth = await ask(move(options, { x, F: third, from, landing: to, to }), to);
  const mean = combine([1 / 6, F], [1 / 3, second], [1 / 3, third], [1 / 6, fourth]);
  return move(options, { x, F: mean, from, landing: to, to });
}

function outputOf({ coefficients }: PndmOptions, x: Float32Array, denoised: Float32Array, sigma: number): Float32Array {
  const { skip, out } = coefficients(sigma);
  return combine([1 / out, denoised], [-skip / out, x]);
}

/** Euler's step along what F says of x at `from`, which ends at `landing` and is taken for one of `to`. */
function move(
  { coefficients }: PndmOptions,
  { x, F, from, landing, to }: Start & { readonly landing: number },
): Float32Array {
  const { skip, out } = coefficients(from);
  const share = (landing - from) / from;
  const factor = relabelling(landing, to);
  return combine([factor * (1 + share * (1 - skip)), x], [-factor * share * out, F]);
}
