import { expect, test } from 'vitest';
import { cellShare } from './cell-share.ts';

test('a cell share is the mean of the finer cells under it', () => {
  const masks = new Uint8Array(16);
  masks.set([255, 51], 2);
  masks.set([0, 102], 6);
  expect(cellShare({ masks, grid: 4 }, 0, 1, 0, 2)).toBeCloseTo(408 / 1020, 6);
  expect(cellShare({ masks, grid: 4 }, 0, 2, 0, 4)).toBe(1);
});
