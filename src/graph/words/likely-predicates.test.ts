import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CountedTriple, rankPredicates } from './likely-predicates.ts';

const triple = (subject: string, predicate: string, object: string, count: number): CountedTriple => ({
  subject,
  predicate,
  object,
  count,
});
const predicates = ['left of', 'above', 'on', 'riding', 'standing on'];
const triples = [
  triple('boy', 'riding', 'horse', 10),
  triple('boy', 'on', 'horse', 6),
  triple('sheep', 'standing on', 'grass', 20),
  triple('dog', 'standing on', 'grass', 30),
  triple('dog', 'left of', 'cat', 12),
  triple('girl', 'riding', 'bike', 9),
  triple('sky', 'above', 'grass', 60),
];

describe('rankPredicates', () => {
  it('puts first what the corpus shows between just these two', () => {
    expect(rankPredicates(triples, predicates, { subject: 'boy', object: 'horse' }).slice(0, 2)).toEqual([
      'riding',
      'on',
    ]);
  });

  it('backs off to what each word does with others', () => {
    expect(rankPredicates(triples, predicates, { subject: 'girl', object: 'horse' })[0]).toBe('riding');
    expect(rankPredicates(triples, predicates, { subject: undefined, object: 'bike' })[0]).toBe('riding');
    expect(rankPredicates(triples, predicates, { subject: 'xqzzt', object: undefined })[0]).toBe('above');
  });

  it('keeps the order of the vocabulary when nothing is known', () => {
    expect(rankPredicates([], predicates, { subject: 'a', object: 'b' })).toEqual(predicates);
  });

  it('only ever reorders', () => {
    const word = fc.constantFrom('boy', 'horse', 'sky', 'nothing');
    const counted = fc.record({
      subject: word,
      predicate: fc.constantFrom(...predicates, 'unheard of'),
      object: word,
      count: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(counted), word, word, (list, subject, object) => {
        expect([...rankPredicates(list, predicates, { subject, object })].sort()).toEqual([...predicates].sort());
      }),
    );
  });
});
