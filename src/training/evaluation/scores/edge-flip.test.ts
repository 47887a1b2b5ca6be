import { describe, expect, it } from 'vitest';
import { edgeFlipOutcome, edgeFlipTally, pairName } from './edge-flip.ts';

interface Spot {
  readonly label: string;
  readonly score: number;
  readonly x: number;
}

const holds = (predicate: string, subject: Spot, object: Spot): boolean =>
  predicate === 'left of' ? subject.x < object.x : predicate === 'right of' && subject.x > object.x;
const side = (predicate: string, dogAt: number | undefined) => ({
  graph: {
    objects: [{ label: 'dog' }, { label: 'car' }, { label: 'sky' }],
    relations: [
      { subject: 2, predicate: 'above', object: 1 },
      { subject: 0, predicate, object: 1 },
    ],
  },
  detections: [
    { label: 'car', score: 1, x: 5 },
    ...(dogAt === undefined ? [] : [{ label: 'dog', score: 1, x: dogAt }]),
  ],
});
const flip = (dogBefore: number | undefined, dogAfter: number | undefined) =>
  edgeFlipOutcome(side('left of', dogBefore), side('right of', dogAfter), 1, holds);

describe('edge flip', () => {
  it('is hit only when both pictures are right', () => {
    expect(flip(2, 8)).toEqual({ pair: 'left of / right of', before: true, after: true });
    expect(edgeFlipTally(flip(2, 8))).toEqual({ hits: 1, total: 1 });
    expect(edgeFlipTally(flip(2, 2))).toEqual({ hits: 0, total: 1 });
    expect(edgeFlipTally(flip(8, 8))).toEqual({ hits: 0, total: 1 });
    expect(edgeFlipTally(flip(8, 2))).toEqual({ hits: 0, total: 1 });
  });

  it('is missed when an end disappears', () => {
    expect(flip(undefined, 8)).toMatchObject({ before: false, after: true });
    expect(edgeFlipTally(flip(2, undefined))).toEqual({ hits: 0, total: 1 });
  });

  it('names a pair the same from both sides', () => {
    expect(pairName('right of', 'left of')).toBe(pairName('left of', 'right of'));
  });
});
