import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasesByLabel } from '#graph/words/aliases.ts';
import { searchPalette } from './palette-search.ts';

const groups = [
  { heading: 'animal', words: ['cat', 'cow', 'dog', 'sheep'] },
  { heading: 'vehicle', words: ['car'] },
  { heading: 'building', words: ['house'] },
  { heading: 'clothing', words: ['hat'] },
];
const labels = groups.flatMap(({ words }) => words);
const aliases = aliasesByLabel(labels);
const wordsOf = (search: string) => searchPalette(groups, search, aliases).groups.flatMap(({ words }) => words);

describe('searchPalette', () => {
  it('shows everything before anything is typed', () => {
    expect(searchPalette(groups, ' ', aliases).groups.map(({ heading }) => heading)).toEqual(
      groups.map(({ heading }) => heading),
    );
  });

  it('finds labels by a part of them, and by everyday words, saying which', () => {
    expect(wordsOf('SHEE')).toEqual([{ word: 'sheep' }]);
    expect(wordsOf('lamb')).toEqual([{ word: 'sheep', alias: 'lamb' }]);
    expect(wordsOf('cab')).toEqual([
      { word: 'car', alias: 'cab' },
      { word: 'house', alias: 'cabin' },
    ]);
    expect(wordsOf('zzz')).toEqual([]);
  });

  it('adds on Enter what was meant: the word itself before an everyday word, and both before what only begins so', () => {
    const bestOf = (search: string) => searchPalette(groups, search, aliases).best;
    expect(bestOf('ca')).toBe('cat');
    expect(bestOf('car')).toBe('car');
    expect(bestOf('cabin')).toBe('house');
    expect(bestOf('hat')).toBe('hat');
    expect(bestOf('zzz')).toBeUndefined();
  });

  it('finds every label and every everyday word by its own name', () => {
    for (const label of labels) {
      fc.assert(
        fc.property(fc.constantFrom(label, ...(aliases.get(label) ?? [])), (word) => {
          expect(wordsOf(word).map((found) => found.word)).toContain(label);
        }),
      );
    }
  });
});
