import { describe, expect, it } from 'vitest';
import { nearestWords } from '../corpus/phrases.ts';
import { fitRows } from './start.ts';

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
