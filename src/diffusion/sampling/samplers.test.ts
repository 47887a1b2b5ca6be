import { describe, expect, it } from 'vitest';
import { seededNoise } from './noise.ts';
import type { Denoise } from './parametrisation.ts';
import { type SamplerName, samplerNames } from './sampler-names.ts';
import { lmsWeight, sampleDdim, sampleEuler, samplers } from './samplers.ts';
import { sigmaSchedule } from './schedule.ts';

/** Data ~ N(mean, spread²). The ideal denoiser is the posterior mean, and the ODE's exact solution is known in closed form. */
const mean = 0.7;
const spread = 0.4;
const ideal: Denoise = async (x, sigma) =>
  x.map((value) => (spread ** 2 * value + sigma ** 2 * mean) / (spread ** 2 + sigma ** 2));
const exact = (x: number, sigma: number): number => mean + ((x - mean) * spread) / Math.sqrt(spread ** 2 + sigma ** 2);

const range = { min: 0.01, max: 20 };
const start = seededNoise(5)
  .normals(2000)
  .map((z) => range.max * z);

async function errorOf(name: SamplerName, steps: number): Promise<number> {
  const x = Float32Array.of(-25, -4, 3, 17);
  const out = await samplers[name](ideal, x, sigmaSchedule('karras', steps, range));
  return Math.max(...out.map((value, i) => Math.abs(value - exact(x[i]!, range.max))));
}

describe.each(samplerNames)('%s', (name) => {
  it('brings noise to the mean and spread of the data', async () => {
    const out = await samplers[name](ideal, start, sigmaSchedule('karras', 100, range));
    const average = out.reduce((sum, x) => sum + x, 0) / out.length;
    const deviation = Math.sqrt(out.reduce((sum, x) => sum + (x - average) ** 2, 0) / out.length);
    // The ODE carries over what the first noise happened to be; an SDE forgets it, and 2000 numbers stray by their own 0.02.
    const isStochastic = name === 'dpmpp-2m-sde';
    const first = start.reduce((sum, x) => sum + x, 0) / start.length / range.max;
    const firstDeviation = Math.sqrt(start.reduce((sum, x) => sum + (x / range.max - first) ** 2, 0) / start.length);
    const [drawn, drawnDeviation] = isStochastic ? [0, 1] : [first, firstDeviation];
    expect(Math.abs(average - (mean + drawn * spread))).toBeLessThan(0.02);
    expect(Math.abs(deviation - spread * drawnDeviation)).toBeLessThan(0.02);
  });

  it('goes in one step to what the denoiser says', async () => {
    const x = Float32Array.of(-25, 3);
    const out = await samplers[name](ideal, x, [20, 0]);
    const said = await ideal(x, 20);
    for (const [i, value] of out.entries()) expect(value).toBeCloseTo(said[i]!, 5);
  });

  it('is deterministic and leaves its input alone', async () => {
    const before = start.slice();
    const sigmas = sigmaSchedule('karras', 7, range);
    expect(await samplers[name](ideal, start, sigmas)).toEqual(await samplers[name](ideal, start, sigmas));
    expect(start).toEqual(before);
  });

  it('reports every step in order, waits for the report, and stops between steps', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    let waiting = false;
    const onStep = async (step: { index: number; steps: number }) => {
      expect(waiting).toBe(false);
      expect(step.steps).toBe(6);
      waiting = true;
      await new Promise((resolve) => setImmediate(resolve));
      waiting = false;
      seen.push(step.index);
      if (step.index === 3) controller.abort(new Error('enough'));
    };
    const sigmas = sigmaSchedule('karras', 6, range);
    await expect(samplers[name](ideal, start, sigmas, { onStep, signal: controller.signal })).rejects.toThrow('enough');
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});

describe('order of convergence', () => {
  // Halving the step divides the error by 2^order; the last step to sigma 0 is tiny and left out of the count.
  it.each([
    ['euler', 1.6],
    ['ddim', 1.6],
    ['heun', 3],
    ['dpmpp-2m', 3],
    ['lms', 3],
  ] as const)('%s: the error falls at least %f-fold from 20 to 40 steps', async (name, factor) => {
    expect((await errorOf(name, 20)) / (await errorOf(name, 40))).toBeGreaterThan(factor);
  });

  it('higher orders are closer than Euler at the same number of steps', async () => {
    const euler = await errorOf('euler', 40);
    for (const name of ['heun', 'dpmpp-2m', 'lms'] as const) expect(await errorOf(name, 40)).toBeLessThan(euler / 4);
  });
});

it('DDIM is Euler in these coordinates', async () => {
  const sigmas = sigmaSchedule('karras', 12, range);
  const [ddim, euler] = [await sampleDdim(ideal, start, sigmas), await sampleEuler(ideal, start, sigmas)];
  for (const [i, value] of ddim.entries()) expect(value).toBeCloseTo(euler[i]!, 4);
});

it('DPM-Solver++(2M) on uneven steps, by hand', async () => {
  // 8 → 4: x = ½·10 + ½·1 = 5.5. 4 → 1: h doubles from ln 2 to ln 4, so D = 2·2 − 1 = 3 and x = ¼·5.5 + ¾·3 = 3.625. 1 → 0: x = D.
  const denoise: Denoise = async (x, sigma) => (sigma === 1 ? x : Float32Array.of(sigma === 8 ? 1 : 2));
  expect([...(await samplers['dpmpp-2m'](denoise, Float32Array.of(10), [8, 4, 1, 0]))]).toEqual([3.625]);
});

it('SDE-DPM-Solver++(2M): fresh noise of the level that is left over below sigma 6, the ODE above, by hand', async () => {
  const denoise: Denoise = async () => Float32Array.of(1);
  const x = Float32Array.of(10);
  const z = seededNoise(9).normal();
  const end = async (sigmas: number[]) =>
    (await samplers['dpmpp-2m-sde'](denoise, x, sigmas, { noise: seededNoise(9) }))[0];
  // (2/4)² of x is kept, the rest is D, and noise of 2·√(1 − (2/4)²) comes on top.
  expect(await end([4, 2])).toBeCloseTo(1 + 9 * 0.25 + 2 * Math.sqrt(0.75) * z, 5);
  expect(await end([16, 8])).toBe(1 + 9 * 0.5);
});

it('two seeds of noise paint two pictures from one start, and one seed one', async () => {
  const sigmas = sigmaSchedule('karras', 12, range);
  const painted = (seed: number) => samplers['dpmpp-2m-sde'](ideal, start, sigmas, { noise: seededNoise(seed) });
  expect(await painted(1)).toEqual(await painted(1));
  expect(await painted(1)).not.toEqual(await painted(2));
});

it('LMS integrates a cubic slope exactly on uneven steps once it has four slopes', async () => {
  const sigmas = [3, 2.6, 2.1, 1.7, 1, 0.6, 0];
  const seen: number[] = [];
  const denoise: Denoise = async (x, sigma) => {
    seen.push(x[0]!);
    return x.map((value) => value - sigma * sigma ** 3); // dx/dsigma = sigma³
  };
  const end = await samplers.lms(denoise, Float32Array.of(0), sigmas);
  const xs = [...seen, end[0]!];
  for (const i of [3, 4, 5]) expect(xs[i + 1]! - xs[i]!).toBeCloseTo((sigmas[i + 1]! ** 4 - sigmas[i]! ** 4) / 4, 4);
});

describe('lmsWeight', () => {
  it('is Adams–Bashforth on even steps', () => {
    const even = [4, 3, 2, 1, 0];
    const weights = [0, 1, 2, 3].map((j) => lmsWeight(4, even, 3, j) * -24);
    for (const [j, weight] of [55, -59, 37, -9].entries()) expect(weights[j]).toBeCloseTo(weight, 10);
  });

  it('sums to the step on uneven sigmas', () => {
    const sigmas = [9, 4, 1.5, 0.3, 0];
    const sum = [0, 1, 2, 3].reduce((total, j) => total + lmsWeight(4, sigmas, 3, j), 0);
    expect(sum).toBeCloseTo(-0.3, 12);
  });
});
