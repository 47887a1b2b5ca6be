import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasesByLabel, labelOfAlias } from './aliases.ts';

const labels = ['man', 'woman', 'boy', 'sheep', 'dog', 'cat', 'car', 'road', 'tv', 'field', 'ocean'];

describe('labelOfAlias', () => {
  it.each([
    ['lamb', 'sheep'],
    ['Lambs', 'sheep'],
    ['puppy', 'dog'],
    ['puppies', 'dog'],
    ['kitten', 'cat'],
    ['lady', 'woman'],
    ['automobile', 'car'],
    [' television ', 'tv'],
    ['children', 'boy'],
    ['men', 'man'],
    ['dogs', 'dog'],
    ['street', 'road'],
    ['meadow', 'field'],
  ])('%s means %s', (word, label) => {
    expect(labelOfAlias(word, labels)).toBe(label);
  });

  it('leaves labels of the vocabulary alone, though they mean something else elsewhere', () => {
    expect(labelOfAlias('street', ['road', 'street'])).toBeUndefined();
    expect(labelOfAlias('man', labels)).toBeUndefined();
  });

  it('knows nothing of other words', () => {
    for (const word of ['blorp', '', 'constructor', '__proto__', 'sandwich'])
      expect(labelOfAlias(word, labels)).toBeUndefined();
    expect(labelOfAlias('lamb', ['cow', 'grass'])).toBeUndefined();
  });

  it('always answers with a label, and never for a label', () => {
    const word = fc.oneof(fc.constantFrom(...labels, 'lamb', 'kid', 'ship', 'sea', 'sofas'), fc.string());
    fc.assert(
      fc.property(word, fc.subarray(labels), (typed, some) => {
        const label = labelOfAlias(typed, some);
        if (label !== undefined) expect(some).toContain(label);
        if (some.includes(typed)) expect(label).toBeUndefined();
      }),
    );
  });
});

describe('aliasesByLabel', () => {
  it('is the other way round', () => {
    const aliases = aliasesByLabel(labels);
    expect(aliases.get('sheep')).toContain('lamb');
    for (const [label, words] of aliases) for (const word of words) expect(labelOfAlias(word, labels)).toBe(label);
    expect(aliasesByLabel(['road', 'street']).get('road')).not.toContain('street');
  });
});
