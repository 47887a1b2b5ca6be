import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scheduleNames, sigmaSchedule } from './schedule.ts';

const range = { min: 0.002, max: 80 };

describe('sigmaSchedule', () => {
  it('matches the published Karras schedule', () => {
    // (80^(1/7) + i/4 · (0.002^(1/7) − 80^(1/7)))^7, worked out apart with 80^(1/7) = 1.870122, 0.002^(1/7) = 0.411560
    const golden = [80, 17.5278, 2.5152, 0.1698, 0.002, 0];
    for (const [i, sigma] of sigmaSchedule('karras', 5, range).entries()) expect(sigma).toBeCloseTo(golden[i]!, 3);
  });

  it('spaces logarithms, or flow times, evenly', () => {
    const logs = sigmaSchedule('log-linear', 5, range).slice(0, -1).map(Math.log);
    const times = sigmaSchedule('flow', 5, range)
      .slice(0, -1)
      .map((sigma) => sigma / (1 + sigma));
    for (const values of [logs, times]) {
      for (let i = 1; i < 5; i++) expect(values[i]! - values[i - 1]!).toBeCloseTo(values[1]! - values[0]!, 10);
    }
  });

  it('falls strictly from max by way of min to zero', () => {
    const anyRange = fc.tuple(
      fc.double({ min: 1e-3, max: 0.9, noNaN: true }),
      fc.double({ min: 1, max: 100, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...scheduleNames),
        fc.integer({ min: 1, max: 100 }),
        anyRange,
        (name, steps, [min, max]) => {
          const sigmas = sigmaSchedule(name, steps, { min, max });
          expect(sigmas).toHaveLength(steps + 1);
          expect(sigmas[0]).toBe(max);
          if (steps > 1) expect(sigmas[steps - 1]! / min).toBeCloseTo(1, 6);
          expect(sigmas[steps]).toBe(0);
          for (let i = 1; i <= steps; i++) expect(sigmas[i]!).toBeLessThan(sigmas[i - 1]!);
        },
      ),
    );
  });

  it('refuses what makes no sense', () => {
    expect(() => sigmaSchedule('karras', 0, range)).toThrow('steps');
    expect(() => sigmaSchedule('karras', 2.5, range)).toThrow('steps');
    expect(() => sigmaSchedule('karras', 5, { min: 0, max: 80 })).toThrow('sigma');
    expect(() => sigmaSchedule('karras', 5, { min: 2, max: 1 })).toThrow('sigma');
  });
});
