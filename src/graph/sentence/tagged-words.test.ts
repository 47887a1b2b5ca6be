import { describe, expect, it, test } from 'vitest';
import { countOf, gerundOf, gerundOfForm, ordinalOf } from './tagged-words.ts';

describe('gerundOf', () => {
  it.each([
    ['ride', 'riding'],
    ['sit', 'sitting'],
    ['lie', 'lying'],
    ['carry', 'carrying'],
    ['see', 'seeing'],
    ['lean', 'leaning'],
    ['standing', 'standing'],
  ])('%s → %s', (infinitive, gerund) => {
    expect(gerundOf(infinitive)).toBe(gerund);
  });
});

test('every form of a verb leads to the same gerund', () => {
  const gerund = (word: string, root = word) => gerundOfForm({ text: word, word, root, kind: 'verb', stop: 'none' });
  expect(['ride', 'rides', 'rode', 'ridden', 'riding'].map((word) => gerund(word))).toEqual(Array(5).fill('riding'));
  expect(['carries', 'carried', 'carry'].map((word) => gerund(word))).toEqual(Array(3).fill('carrying'));
  expect([gerund('watches'), gerund('watched', 'watch')]).toEqual(['watching', 'watching']);
});

test('numbers are whole and from 1', () => {
  expect(['one', 'twelve', '7', 'dozen', '0', '1.5', 'zero', 'first'].map(countOf)).toEqual([
    1,
    12,
    7,
    12,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(['first', '2nd', 'third', 'constructor', '0th'].map(ordinalOf)).toEqual([1, 2, 3, undefined, undefined]);
  expect(countOf('constructor')).toBeUndefined();
});
