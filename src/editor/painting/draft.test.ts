import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GenerationSettings, samplerNames } from '#engine/contract/generation-settings.ts';
import { draftSettings } from './draft.ts';

it('takes a quarter of the steps, of few steps fewer or as many, and leaves the rest as it is', () => {
  const settings = fc.record({
    seed: fc.nat(),
    steps: fc.integer({ min: 1, max: 200 }),
    guidanceScale: fc.double({ min: 0, max: 20 }),
    sampler: fc.constantFrom(...samplerNames),
    style: fc.constant('any'),
  });
  fc.assert(
    fc.property(settings, (wanted: GenerationSettings) => {
      const { steps, sampler, ...rest } = draftSettings(wanted, {});
      const { steps: all, sampler: chosen, ...same } = wanted;
      expect(rest).toEqual(same);
      expect(steps).toBeLessThanOrEqual(Math.min(all, Math.max(4, Math.ceil(all / 4))));
      if (steps === all) expect(sampler).toBe(chosen);
    }),
  );
});

it('is the student’s where the model has one, whatever the steps', () => {
  const wanted = { seed: 3, steps: 2, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;
  expect(draftSettings(wanted, { student: { sigmas: [80, 3] } })).toEqual({
    ...wanted,
    sampler: 'student',
  });
});
