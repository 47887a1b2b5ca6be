import { describe, expect, it, test } from 'vitest';
import { type LinkWords, predicateFor } from './predicate-phrases.ts';

const picturebook =
  'left of,right of,above,below,inside,surrounding,on,under,behind,in front of,next to,riding,holding,standing on'.split(
    ',',
  );
const visualGenome = 'beside,near,over,on top of,in,wearing,has,looking at,sitting on,covered in,parked on,with'.split(
  ',',
);
const ends = { subject: 'boat', object: 'ocean' };

function link(words: string): LinkWords {
  const [first, ...rest] = words.split(' ');
  const isVerb = /(?:ing|ed)$/.test(first!);
  return isVerb
    ? { gerund: first!.replace(/ed$/, 'ing'), form: first, preposition: rest.join(' ') || undefined }
    : { gerund: undefined, form: undefined, preposition: words };
}

describe('predicateFor', () => {
  it.each([
    ['to the left of', 'left of'],
    ['on the right hand side of', 'right of'],
    ['over', 'above'],
    ['beneath', 'below'],
    ['on top of', 'on'],
    ['close to', 'next to'],
    ['within', 'inside'],
    ['carrying', 'holding'],
    ['riding on', 'riding'],
    ['sitting on', 'on'],
    ['sleeping under', 'under'],
    ['eating', undefined],
    ['looking at', undefined],
    ['towards', undefined],
  ])('Picturebook: %s → %s', (words, predicate) => {
    expect(predicateFor(link(words), { predicates: picturebook, likely: [] }, ends)).toBe(predicate);
  });

  it.each([
    ['next to', 'beside'],
    ['above', 'over'],
    ['on', 'on top of'],
    ['dressed in', 'wearing'],
    ['watching', 'looking at'],
    ['covered with', 'covered in'],
    ['parked on', 'parked on'],
    ['with', 'with'],
  ])("Visual Genome's words: %s → %s", (words, predicate) => {
    expect(predicateFor(link(words), { predicates: visualGenome, likely: [] }, ends)).toBe(predicate);
  });

  test('a vague word means what the corpus shows between the two', () => {
    const likely = [{ subject: 'boat', predicate: 'on', object: 'ocean', count: 7 }];
    const known = { predicates: picturebook, likely };
    expect(predicateFor(link('in'), known, ends)).toBe('on');
    expect(predicateFor(link('in'), known, { subject: 'cat', object: 'box' })).toBe('inside');
    expect(predicateFor(link('under'), known, ends)).toBe('under');
  });

  test('without a model every phrase stands for itself', () => {
    const open = { predicates: null, likely: [] };
    expect(predicateFor(link('eating'), open, ends)).toBe('eating');
    expect(predicateFor(link('to the left of'), open, ends)).toBe('left of');
  });
});
