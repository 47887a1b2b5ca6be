import { expect, test } from 'vitest';
import { spreadCodes } from './codes.ts';

test.each([
  [137, 12, 0.6],
  [13, 5, 0.55],
  [6, 4, 0.2],
])('%i codes of %i numbers have unit power and come no closer than a cosine of %f', (count, width, closest) => {
  const codes = spreadCodes(count, width);
  const row = (index: number) => [...codes.subarray(index * width, (index + 1) * width)];
  for (let i = 0; i < count; i++) {
    expect(row(i).reduce((sum, x) => sum + x * x, 0) / width).toBeCloseTo(1, 5);
    for (let j = 0; j < i; j++)
      expect(row(i).reduce((sum, x, at) => sum + x * row(j)[at]!, 0) / width).toBeLessThan(closest);
  }
  expect(spreadCodes(count, width)).toEqual(codes);
});
