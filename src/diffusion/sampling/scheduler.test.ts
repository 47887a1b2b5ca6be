import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedSamplerNames } from './sampler-names.ts';
import { planSampling, type SchedulerSpec, timestepSpacings } from './scheduler.ts';

const stable: SchedulerSpec = {
  name: 'euler',
  noise: {
    trainSteps: 1000,
    betas: { schedule: 'scaled_linear', start: 0.00085, end: 0.012 },
    zeroTerminalSnr: false,
  },
  parametrisation: 'epsilon',
  stepsOffset: 0,
  endsAtLeast: false,
};

describe('planSampling', () => {
  it('falls to its end by every scheduler, and comes to the picture of a network that knows it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...numberedSamplerNames),
        fc.constantFrom(undefined, ...timestepSpacings),
        fc.constantFrom(undefined, 'karras' as const),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 1 }),
        fc.boolean(),
        async (name, spacing, schedule, steps, stepsOffset, rungeKutta) => {
          const plan = planSampling({ ...stable, name, spacing, schedule, stepsOffset, rungeKutta }, steps);
          expect(plan.sigmas[0]!).toBeLessThan(14.62);
          for (const [i, sigma] of plan.sigmas.slice(1).entries()) expect(sigma).toBeLessThan(plan.sigmas[i]!);
          const clean = Float32Array.of(0.7, -1.3);
          const x = Float32Array.of(0.4, 2).map((z) => z * plan.start);
          const out = await plan.sampler(async () => clean, x, plan.sigmas);
          // Where the noise that is left at the end is little, the picture is what the network says.
          const rest = plan.sigmas.at(-1)!;
          for (const [i, value] of out.entries()) {
            expect(Number.isFinite(value)).toBe(true);
            if (rest === 0 && name !== 'pndm')
              expect(value).toBeCloseTo(clean[i]!, name === 'lms' || name === 'lcm' ? 1 : 3);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  // As diffusers documents its three spacings (Lin et al. 2023, table 2), and how its solvers and latent consistency models take theirs.
  it.each([
    ['euler', 'trailing', 1, 0, [999]],
    ['euler', 'trailing', 4, 1, [999, 749, 499, 249]],
    ['ddim', undefined, 4, 1, [751, 501, 251, 1]],
    ['lms', undefined, 4, 0, [999, 666, 333, 0]],
    ['lms', undefined, 1, 0, [999]],
    ['dpmpp-2m', undefined, 4, 0, [999, 749, 500, 250]],
    ['lcm', undefined, 4, 0, [999, 759, 499, 259]],
  ] as const)('%s, spaced %s, %i steps, offset %i', (name, spacing, steps, stepsOffset, expected) => {
    const { sigmas, timestepOf } = planSampling({ ...stable, name, spacing, stepsOffset }, steps);
    expect(sigmas.slice(0, -1).map((sigma) => timestepOf!(sigma))).toEqual(expected);
  });

  it('refuses more steps than the model was trained or distilled on', () => {
    expect(() => planSampling(stable, 0)).toThrow('from 1 to 1000');
    expect(() => planSampling(stable, 1001)).toThrow('from 1 to 1000');
    expect(() => planSampling({ ...stable, name: 'lcm' }, 51)).toThrow('from 1 to 50');
  });
});
