import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestWords } from './nearest-words.ts';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['sheep', 'sehep', 1],
    ['tree', 'tree', 0],
  ])('%s → %s: %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero for equals alone, and at most the longer length', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('nearestWords', () => {
  it('gives the nearest first and nothing far', () => {
    expect(nearestWords('hose', ['sky', 'house', 'horse', 'mouse'])).toEqual(['horse', 'house']);
    expect(nearestWords('standing', ['standing on', 'on'])).toEqual(['standing on']);
    expect(nearestWords('zebra', ['sky', 'house'])).toEqual([]);
  });
});
