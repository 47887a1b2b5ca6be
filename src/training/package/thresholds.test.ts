import { expect, test } from 'vitest';
import { bestThreshold } from './thresholds.ts';

const scores = (shown: readonly number[], hidden: readonly number[]) => [
  ...shown.map((score) => [score, true] as const),
  ...hidden.map((score) => [score, false] as const),
];

test('the middle of the gap when the scores part cleanly', () => {
  const threshold = bestThreshold(scores([0.8, 0.9, 0.82, 0.99, 0.85], [0.31, 0.1, 0, 0.2]));
  expect(threshold).toBeCloseTo(0.6, 6);
});

test('when they overlap, a tenth of the examples missed costs as much as a tenth of the others taken for it', () => {
  const shown = [0.22, 0.72, 0.73, 0.74, 0.76, 0.78];
  const faint = bestThreshold(scores(shown, [...new Array(19).fill(0.02), 0.42]));
  expect(faint, 'one of 20 false alarms for one of 6 examples').toBeGreaterThan(0.02);
  expect(faint).toBeLessThanOrEqual(0.22);
  const clear = bestThreshold(scores(shown, new Array(20).fill(0.42)));
  expect(clear, 'all 20 would be false alarms').toBeGreaterThan(0.42);
  expect(clear).toBeLessThanOrEqual(0.72);
});

test('as the others have it for labels that were hardly shown', () => {
  expect(bestThreshold(scores([0.9, 0.9, 0.9, 0.9], [0.1]))).toBe(0.3);
});
