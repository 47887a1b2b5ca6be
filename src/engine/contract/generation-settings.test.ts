import * as v from 'valibot';
import { expect, it } from 'vitest';
import { settingBounds, settingsSchema } from './generation-settings.ts';

const settings = { seed: 1, steps: 20, guidanceScale: 3, sampler: 'euler', style: 'any' };

it.each(Object.entries(settingBounds))('%s is allowed at its bounds and no further', (name, { min, max }) => {
  const isSide = name === 'width' || name === 'height';
  const size = { width: 512, height: 512 };
  const holds = (value: unknown) =>
    v.is(settingsSchema, { ...settings, ...(isSide ? { size: { ...size, [name]: value } } : { [name]: value }) });
  expect([holds(min), holds(max)]).toEqual([true, true]);
  for (const wrong of [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY, String(min), null]) {
    expect(holds(wrong), String(wrong)).toBe(false);
  }
});

it.each(['seed', 'steps'] as const)('%s is a whole number', (name) => {
  const { issues } = v.safeParse(settingsSchema, { ...settings, [name]: 1.5 });
  expect(issues?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^must be a whole number from \d+ to \d+$/),
  ]);
});

it('takes one of the samplers', () => {
  expect(v.is(settingsSchema, { ...settings, sampler: 'magic' })).toBe(false);
});
