/**
 * diffusers' schedulers on a model without a network. schedulers.fixture.json holds what diffusers 0.35.2 answers (PyTorch 2.13): noise of unit
 * variance in, prediction = 0.6 · input + 0.2 · cos(timestep / 150), and of every call the timestep that was told and the sample that came out,
 * with the noise that stochastic ones drew. `sigmas` are the scheduler's own, where it has any.
 */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { planSampling } from '#diffusion/sampling/scheduler.ts';
import { readScheduler, schedulerSchema } from './scheduler-config.ts';
import golden from './schedulers.fixture.json' with { type: 'json' };

/** Schedulers that diffusers writes at unit variance: their samples are ours divided by √(1 + sigma²). */
const unitVariance = /^(DDIM|DDPM|PNDM|LCM|DPMSolver|UniPC)/;

describe('schedulers', () => {
  it.each(golden)('$name', async ({ scheduler_config, steps, noise, step_noise, timesteps, sigmas, samples }) => {
    const { spec } = readScheduler(v.parse(schedulerSchema, scheduler_config));
    const plan = planSampling(spec, steps);
    const isUnit = unitVariance.test(scheduler_config._class_name);
    const parametrisation = createParametrisation(spec.parametrisation, 1, plan.timestepOf);
    const told: number[] = [];
    const seen: Float32Array[] = [];
    const denoise = async (x: Float32Array, sigma: number) => {
      const c = parametrisation.coefficients(sigma);
      told.push(c.timestep);
      seen.push(isUnit ? x.map((value) => value / Math.hypot(1, sigma)) : x);
      return x.map((value) => c.skip * value + c.out * (0.6 * c.in * value + 0.2 * Math.cos(c.timestep / 150)));
    };
    const drawn = [...(step_noise ?? [])];
    const source = { ...seededNoise(0), normals: () => Float32Array.from(drawn.shift()!) };

    const start = Float32Array.from(noise, (z) => z * plan.start);
    const out = await plan.sampler(denoise, start, plan.sigmas, { noise: source });

    expect(told.length).toBe(timesteps.length);
    for (const [i, timestep] of timesteps.entries()) expect(Math.abs(told[i]! - timestep)).toBeLessThan(0.02);
    // Samplers of two calls a step list their sigmas twice.
    const levels = sigmas?.filter((sigma, i) => sigma !== sigmas[i - 1]);
    if (levels) for (const [i, sigma] of plan.sigmas.entries()) expect(sigma).toBeCloseTo(levels[i]!, 4);
    const outcomes = [...seen.slice(1), out.map((value) => value * plan.end)];
    for (const [call, sample] of samples.entries()) {
      for (const [i, value] of sample.entries()) {
        expect(Math.abs(outcomes[call]![i]! - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      }
    }
  });
});
