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

test('the best F1 when they overlap: one missed example costs less than many false alarms', () => {
  const threshold = bestThreshold(scores([0.72, 0.73, 0.74, 0.76, 0.78, 0.22], new Array(20).fill(0.42)));
  expect(threshold).toBeGreaterThan(0.42);
  expect(threshold).toBeLessThanOrEqual(0.72);
});

test('one half for labels that were hardly shown', () => {
  expect(bestThreshold(scores([0.9, 0.9, 0.9, 0.9], [0.1]))).toBe(0.5);
});
