import { expect, test } from 'vitest';
import { nextTile } from './tile-keys.ts';

test('the focus moves over a grid and stays inside it', () => {
  const moves = (from: number) =>
    ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'a'].map((key) => nextTile(key, from, 8, 3));
  expect(moves(0)).toEqual([0, 1, 0, 3, 0, 7, undefined]);
  expect(moves(4)).toEqual([3, 5, 1, 7, 0, 7, undefined]);
  expect(moves(7)).toEqual([6, 7, 4, 7, 0, 7, undefined]);
});
