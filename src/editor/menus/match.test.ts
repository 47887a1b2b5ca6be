import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchOf, ranked } from './match.ts';
import { searchOf } from './search-text.ts';

const order = (words: readonly string[], typed: string, aliases: Readonly<Record<string, readonly string[]>> = {}) =>
  ranked(words, (word) => matchOf(word, searchOf(typed), aliases[word]));

describe('matches', () => {
  it('come in the order exact, prefix, beginning of a word, inside, letters in order; equals as they were', () => {
    const words = ['chandelier', 'handbag', 'left hand', 'hand', 'h a n d', 'house', 'handle'];
    expect(order(words, ' Hand')).toEqual(['hand', 'handbag', 'handle', 'left hand', 'chandelier', 'h a n d']);
  });

  it('an everyday word stands behind the word that matches as well', () => {
    const aliases = { sheep: ['lamb', 'ewe'], lamp: ['lantern'] };
    expect(order(['lamp', 'sheep'], 'lamb', aliases)).toEqual(['sheep']);
    expect(order(['sheep', 'lamp'], 'la', aliases)).toEqual(['lamp', 'sheep']);
    expect(order(['sheep'], 'l', aliases)).toEqual([]);
  });

  it('a word is always first for its own name', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,6})?$/), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(words, (all) => all.every((word) => order(all, word)[0] === word)));
  });
});
