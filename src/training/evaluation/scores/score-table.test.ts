import { expect, it } from 'vitest';
import { scoreTable } from './score-table.ts';

it('aligns the columns and lets a reason stand in the place of numbers', () => {
  const table = scoreTable([
    ['oor', { value: 0.6125, ceiling: 0.98, floor: 0.1, n: 812, interval: [0.58, 0.6401], unit: 'objects' }],
    [
      'fd',
      {
        value: null,
        ceiling: null,
        floor: null,
        n: 3,
        interval: null,
        unit: 'pictures',
        reason: 'no CLIP here, sorry',
      },
    ],
    ['is', { value: 12.345, ceiling: null, floor: 1, n: 200, interval: null, unit: 'pictures' }],
  ]);
  expect(table.split('\n')).toEqual([
    'score  value  95 % interval  ceiling  floor  n',
    'oor    0.613  0.580 – 0.640  0.980    0.100  812 objects',
    'fd     –      no CLIP here, sorry',
    'is     12.3   –              –        1.00   200 pictures',
  ]);
});
