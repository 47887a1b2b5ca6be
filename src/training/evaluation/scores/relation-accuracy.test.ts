import { describe, expect, it } from 'vitest';
import { bindDetections } from '#engine/verifier/bind-detections.ts';
import { predicateConfusion } from './predicate-confusion.ts';
import { relationOutcomes, relationTally } from './relation-accuracy.ts';

interface Spot {
  readonly label: string;
  readonly score: number;
  readonly x: number;
}

const spot = (label: string, x: number, score = 1): Spot => ({ label, x, score });
const holds = (predicate: string, subject: Spot, object: Spot): boolean => {
  if (predicate === 'left of') return subject.x < object.x;
  if (predicate === 'right of') return subject.x > object.x;
  return predicate === 'next to' && Math.abs(subject.x - object.x) < 2;
};
const graph = (labels: string[], ...relations: [number, string, number][]) => ({
  objects: labels.map((label) => ({ label })),
  relations: relations.map(([subject, predicate, object]) => ({ subject, predicate, object })),
});
const predicates = ['left of', 'right of', 'next to'];

describe('relationOutcomes', () => {
  it('judges each relation between what was detected', () => {
    const outcomes = relationOutcomes(
      graph(['dog', 'cat', 'car'], [0, 'left of', 1], [1, 'left of', 0], [0, 'next to', 2]),
      [spot('dog', 0), spot('cat', 5)],
      holds,
      predicates,
    );
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['holds', 'fails', 'missing']);
    expect(outcomes.map(({ observed }) => observed)).toEqual([['left of'], ['right of'], []]);
    expect(outcomes[1]).toMatchObject({ subject: 'cat', predicate: 'left of', object: 'dog' });
    expect(relationTally(outcomes)).toEqual({ hits: 1, total: 3 });
  });

  it('tests the asked predicate even when it is not among those to observe', () => {
    const [outcome] = relationOutcomes(graph(['a', 'b'], [0, 'next to', 1]), [spot('a', 0), spot('b', 1)], holds, []);
    expect(outcome).toMatchObject({ verdict: 'holds', observed: ['next to'] });
  });

  it('an empty picture fulfils nothing', () => {
    const outcomes = relationOutcomes(graph(['dog', 'cat'], [0, 'left of', 1]), [], holds);
    expect(relationTally(outcomes)).toEqual({ hits: 0, total: 1 });
  });
});

describe('bindDetections', () => {
  it('lets the picture choose which of two sheep is which', () => {
    // "the first sheep is right of the dog": the confident detection is left of it, the other one right.
    const detections = [spot('sheep', 0, 0.9), spot('dog', 3), spot('sheep', 6, 0.5)];
    const binding = bindDetections(graph(['sheep', 'dog', 'sheep'], [0, 'right of', 1]), detections, holds);
    expect(binding.map((d) => d?.x)).toEqual([6, 3, 0]);
  });

  it('never gives one detection to two objects', () => {
    const two = graph(['sheep', 'dog', 'sheep'], [0, 'left of', 1], [2, 'left of', 1]);
    const outcomes = relationOutcomes(two, [spot('sheep', 0), spot('dog', 3)], holds);
    expect(outcomes.map(({ verdict }) => verdict).sort()).toEqual(['holds', 'missing']);
  });

  it('a single detection goes to the sheep whose relation it fulfils', () => {
    const two = graph(['sheep', 'dog', 'sheep'], [0, 'left of', 1], [2, 'right of', 1]);
    const outcomes = relationOutcomes(two, [spot('sheep', 6), spot('dog', 3)], holds);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['missing', 'holds']);
  });

  it('satisfies a chain among three of one label that only one order fulfils', () => {
    const chain = graph(['sheep', 'sheep', 'sheep'], [0, 'left of', 1], [1, 'left of', 2]);
    const binding = bindDetections(chain, [spot('sheep', 9, 0.9), spot('sheep', 1, 0.8), spot('sheep', 5, 0.7)], holds);
    expect(binding.map((d) => d?.x)).toEqual([1, 5, 9]);
  });

  it('gives crowds their most confident detections instead of trying for hours', () => {
    const crowd = graph(new Array<string>(9).fill('sheep'), [0, 'left of', 1]);
    const detections = Array.from({ length: 20 }, (_, i) => spot('sheep', i, i / 20));
    const binding = bindDetections(crowd, detections, holds);
    expect(binding.map((d) => d?.x)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });
});

describe('predicateConfusion', () => {
  it('spreads a failure over what holds instead', () => {
    const outcomes = [
      { predicate: 'left of', verdict: 'holds', observed: ['left of', 'next to'] },
      { predicate: 'left of', verdict: 'fails', observed: ['right of', 'next to'] },
      { predicate: 'left of', verdict: 'missing', observed: [] },
      { predicate: 'left of', verdict: 'fails', observed: [] },
      { predicate: 'next to', verdict: 'fails', observed: ['left of'] },
    ] as const;
    const confusion = predicateConfusion(
      outcomes.map((outcome) => ({ ...outcome, subject: 'dog', object: 'cat' })),
      predicates,
    );
    expect(confusion.columns).toEqual(['left of', 'right of', 'next to', 'none', 'missing']);
    expect(confusion.shares).toEqual([
      [0.25, 0.125, 0.125, 0.25, 0.25],
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    expect(confusion.asked).toEqual([4, 0, 1]);
  });
});
