import { expect, it } from 'vitest';
import { afterStep, type Run, secondsLeft } from './engine-store.ts';

/** The run after steps that took so many milliseconds each, of 10. */
const after = (...took: readonly number[]): Run => {
  let now = 500;
  return took.reduce<Run>(
    (run, milliseconds, i) => {
      now += milliseconds;
      return afterStep(run, i + 1, 10, now);
    },
    { type: 'running', step: 0, steps: 10 },
  );
};

it('says the time left from two steps on', () => {
  expect(secondsLeft({ type: 'idle' })).toBeUndefined();
  expect(secondsLeft(after(3000))).toBeUndefined();
  expect(secondsLeft(after(3000, 200))).toBeCloseTo(1.6);
  expect(secondsLeft(after(3000, 200, 200, 200))).toBeCloseTo(1.2);
});

it('goes by the newest steps: guided ones take longer than those before them', () => {
  const left = secondsLeft(after(200, 200, 200, 200, 400, 400, 400))!;
  expect(left).toBeGreaterThan(1.1);
  expect(left).toBeLessThanOrEqual(1.2);
});
