import { describe, expect, it } from 'vitest';
import { nearestWords } from '#training/corpus/world/phrases.ts';
import { fitRows, keptFrom } from './start.ts';

describe('fine-tuned weights', () => {
  const start = new Map([['a', Float32Array.of(0, 4)]]);
  const tuned = new Map([
    ['a', Float32Array.of(1, 8)],
    ['head', Float32Array.of(3)],
  ]);

  it('keep a share of those before', () => {
    expect(keptFrom(start, tuned, 0)).toEqual(tuned);
    expect(keptFrom(start, tuned, 0.25).get('a')).toEqual(Float32Array.of(0.75, 7));
    expect(keptFrom(start, tuned, 1).get('a')).toEqual(start.get('a'));
    // What only teaches is in no package.
    expect(keptFrom(start, tuned, 0.5).get('head')).toEqual(tuned.get('head'));
  });
});

describe('rows of words', () => {
  const rows = Float32Array.of(1, 10, 2, 20, 6, 60);

  it('go where the new list has the word; a new word starts as its nearest, or as the mean', () => {
    const nearest = (word: string) => (word === 'lady' ? ['queen', 'woman'] : []);
    const fit = fitRows(rows, ['dog', 'woman', 'depth'], ['lady', 'depth', 'unicorn', 'dog'], nearest);
    expect([...fit]).toEqual([2, 20, 6, 60, 3, 30, 1, 10]);
  });

  it('of predicates and labels start from words that mean the same', () => {
    expect(nearestWords('near')[0]).toBe('next to');
    expect(nearestWords('wears')).toContain('holding');
    expect(nearestWords('lady')).toEqual(['woman']);
    expect(nearestWords('unicorn')).toEqual([]);
  });
});
