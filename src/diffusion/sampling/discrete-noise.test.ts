import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaSchedules, type DiscreteNoiseSpec, discreteNoise } from './discrete-noise.ts';
import { createParametrisation } from './parametrisation.ts';

const stable: DiscreteNoiseSpec = {
  trainSteps: 1000,
  betas: { schedule: 'scaled_linear', start: 0.00085, end: 0.012 },
  zeroTerminalSnr: false,
};

describe('discreteNoise', () => {
  it('has the published extremes of Stable Diffusion', () => {
    const { min, max } = discreteNoise(stable);
    expect(max).toBeCloseTo(14.6146, 4);
    expect(min).toBeCloseTo(0.0292, 4);
  });

  it('knows the other beta schedules', () => {
    // ∏ (1 − β) by hand for three steps: linear 0.1, 0.2, 0.3 leaves 0.9 · 0.8 · 0.7 = 0.504 of the variance.
    const linear = discreteNoise({ ...stable, trainSteps: 3, betas: { schedule: 'linear', start: 0.1, end: 0.3 } });
    expect(linear.max).toBeCloseTo(Math.sqrt(0.496 / 0.504), 10);
    expect(discreteNoise({ ...stable, trainSteps: 3, betas: [0.1, 0.2, 0.3] }).max).toBeCloseTo(linear.max, 12);
    const cosine = discreteNoise({ ...stable, betas: { schedule: 'squaredcos_cap_v2', start: 0, end: 0 } });
    // Half way the cosine schedule keeps cos²((0.508 / 1.008) · π / 2) / cos²((0.008 / 1.008) · π / 2) of the variance.
    const kept = (Math.cos(((0.508 / 1.008) * Math.PI) / 2) / Math.cos(((0.008 / 1.008) * Math.PI) / 2)) ** 2;
    expect(cosine.sigmaOf(499)).toBeCloseTo(Math.sqrt((1 - kept) / kept), 8);
  });

  it('may end in noise alone', () => {
    const zero = discreteNoise({ ...stable, zeroTerminalSnr: true });
    expect(zero.max).toBeCloseTo(4096, 3);
    expect(zero.min).toBeCloseTo(discreteNoise(stable).min, 10);
  });

  it('finds the step of the sigma of every step, and between two steps stays between them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...betaSchedules),
        fc.boolean(),
        fc.integer({ min: 0, max: 998 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (schedule, zeroTerminalSnr, step, share) => {
          const noise = discreteNoise({ ...stable, betas: { schedule, start: 0.00085, end: 0.012 }, zeroTerminalSnr });
          expect(noise.timestepOf(noise.sigmaOf(step))).toBeCloseTo(step, 6);
          const between = noise.timestepOf(noise.sigmaOf(step + share));
          expect(between).toBeGreaterThanOrEqual(step - 1e-6);
          expect(between).toBeLessThanOrEqual(step + 1 + 1e-6);
          const [low, high] = [noise.sigmaOf(step), noise.sigmaOf(step + 1)];
          expect(noise.sigmaOf(step + share) / (low + share * (high - low))).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('takes sigmas outside its range to its ends', () => {
    const noise = discreteNoise(stable);
    expect([noise.timestepOf(1e-6), noise.timestepOf(80)]).toEqual([0, 999]);
  });

  it('refuses what makes no sense', () => {
    expect(() => discreteNoise({ ...stable, betas: [0.1] })).toThrow('betas');
    expect(() => discreteNoise({ ...stable, trainSteps: 2, betas: [0.1, 1] })).toThrow('betas');
  });
});

it.each(['epsilon', 'v'] as const)('%s on numbered steps gives x0 back when the network is right', (name) => {
  const noise = discreteNoise(stable);
  const parametrisation = createParametrisation(name, 1, noise.timestepOf);
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.integer({ min: 0, max: 999 }),
      (clean, eps, timestep) => {
        const sigma = noise.sigmaOf(timestep);
        const c = parametrisation.coefficients(sigma);
        expect(c.timestep).toBeCloseTo(timestep, 6);
        // What the network was trained on: √ᾱ · x0 + √(1 − ᾱ) · noise and its target, noise or velocity.
        const alpha = 1 / Math.sqrt(1 + sigma * sigma);
        const sample = alpha * clean + alpha * sigma * eps;
        const F = name === 'epsilon' ? eps : alpha * eps - alpha * sigma * clean;
        expect(c.in * (clean + sigma * eps)).toBeCloseTo(sample, 9);
        expect(c.skip * (clean + sigma * eps) + c.out * F).toBeCloseTo(clean, 6);
      },
    ),
  );
});
