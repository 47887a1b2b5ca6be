import { expect, test } from 'vitest';
import { budgetOf, scaledTo, withStageMinutes } from './budget.ts';
import { defaultConfig } from './config.ts';

const counting = { ...defaultConfig, pictures: { clip: 640, finetune: 32_000 } };
const total = Object.values(defaultConfig.minutes).reduce((sum, minutes) => sum + minutes, 0);

test('a stage trains on its pictures where they are counted, else for its minutes', () => {
  expect(budgetOf(counting, 'clip')).toEqual({ pictures: 640 });
  expect(budgetOf(counting, 'verifier')).toEqual({ minutes: defaultConfig.minutes.verifier });
});

test('minutes of a whole run scale every stage, and pictures no longer count', () => {
  const scaled = scaledTo(counting, 2 * total);
  for (const [stage, minutes] of Object.entries(defaultConfig.minutes)) {
    expect(budgetOf(scaled, stage as keyof typeof scaled.minutes)).toEqual({ minutes: expect.closeTo(2 * minutes, 9) });
  }
});

test('minutes of one stage are its own alone', () => {
  const config = withStageMinutes(counting, 'clip', 7);
  expect(budgetOf(config, 'clip')).toEqual({ minutes: 7 });
  expect(budgetOf(config, 'finetune')).toEqual({ pictures: 32_000 });
  expect(withStageMinutes(counting, 'export', 7)).toBe(counting);
});

test('the default run is of four and a half hours, most of them the painter’s', () => {
  expect(total).toBe(270);
  expect(defaultConfig.minutes.finetune / total).toBeGreaterThan(0.6);
});
