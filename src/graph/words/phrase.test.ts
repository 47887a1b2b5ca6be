import { describe, expect, it } from 'vitest';
import { readPhrase } from './phrase.ts';

const words = { labels: ['car', 'dog', 'sheep', 'potted plant'], attributes: ['red', 'white', 'old'] };
const read = (text: string) => readPhrase(text, words);

describe('readPhrase', () => {
  it('reads number, attributes and label', () => {
    expect(read('red car')).toEqual({ count: 1, attributes: ['red'], label: 'car' });
    expect(read('Two  dogs')).toEqual({ count: 2, attributes: [], label: 'dog' });
    expect(read('3 old, white potted plants')).toEqual({
      count: 3,
      attributes: ['old', 'white'],
      label: 'potted plant',
    });
    expect(read('a red and white lamb')).toEqual({ count: 1, attributes: ['red', 'white'], label: 'sheep' });
    expect(read('the sheep')).toEqual({ count: 1, attributes: [], label: 'sheep' });
  });

  it('is nothing for a label alone, unknown words and crowds', () => {
    for (const text of [
      '',
      'car',
      'dogs',
      'potted plant',
      'fast car',
      'red',
      'two',
      'red zeppelin',
      '21 dogs',
      'car red',
    ]) {
      expect(read(text), text).toBeUndefined();
    }
  });
});
