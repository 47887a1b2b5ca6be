import { expect, it } from 'vitest';
import { recallAt } from './recall.ts';

it('counts partners among the nearest', () => {
  const targets = Float32Array.of(1, 0, 0, 1, -1, 0);
  expect(recallAt(targets, targets, 2, [1, 2])).toEqual([1, 1]);
  // The first finds the second before its own, the third its own last.
  const queries = Float32Array.of(0.6, 0.8, 0, 1, 1, 0);
  expect(recallAt(queries, targets, 2, [1, 2, 3])).toEqual([1 / 3, 2 / 3, 1]);
});
