import { expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { cocoClasses, wordAmong } from './coco-classes.ts';
import { asJudged } from './judge.ts';

it('numbers the classes as COCO detectors do', () => {
  expect(cocoClasses).toHaveLength(80);
  expect([cocoClasses[0], cocoClasses[16], cocoClasses[79]]).toEqual(['person', 'dog', 'toothbrush']);
});

it('knows our words for the classes of a detector, and what it does not see', () => {
  const labels = ['boy', 'plane', 'dog', 'house', 'sky'];
  expect(labels.map(wordAmong(cocoClasses))).toEqual(['person', 'airplane', 'dog', undefined, undefined]);
  expect(labels.map(wordAmong(['boy', 'house']))).toEqual(['boy', undefined, undefined, 'house', undefined]);
});

it('a graph is judged in the words of its judge, without what the judge cannot say', () => {
  const graph = graphOf(
    ['boy', 'sky', 'bike'],
    [
      [1, 'above', 0],
      [0, 'riding', 2],
      [0, 'behind', 2],
    ],
  );
  const asked = asJudged(graph, { word: wordAmong(cocoClasses), decides: (predicate) => predicate !== 'behind' });
  expect(asked.objects.map(({ label }) => label)).toEqual(['person', 'bicycle']);
  expect(asked.relations.map(({ predicate }) => predicate)).toEqual(['riding']);
});
