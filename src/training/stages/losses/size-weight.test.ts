import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeWeight } from './size-weight.ts';

test('a thing of the middle size counts 1, a quarter of it twice, and none of two things counts more for being larger', () => {
  expect(sizeWeight(0.042)).toBeCloseTo(1);
  expect(sizeWeight(0.0105)).toBeCloseTo(2);
  const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      expect(sizeWeight(less)).toBeGreaterThanOrEqual(sizeWeight(more));
      expect(sizeWeight(more)).toBeGreaterThan(0.5);
      expect(sizeWeight(less)).toBeLessThanOrEqual(2);
    }),
  );
});
