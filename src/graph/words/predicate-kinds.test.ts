import { expect, it } from 'vitest';
import { predicateKind } from './predicate-kinds.ts';

it('tells where things are from what they touch and from what they do', () => {
  const words = ['left of', 'in front of', 'inside', 'on', 'standing on', 'has', 'riding', 'holding', 'juggling'];
  expect(words.map(predicateKind)).toEqual([
    ...['geometric', 'geometric', 'geometric'],
    ...['contact', 'contact', 'contact'],
    ...['action', 'action', 'action'],
  ]);
});
