import { expect, test } from 'vitest';
import { fillPlaces } from './places.ts';

const CELLS = 4;
/** Three scene objects: one fills two cells, one a quarter of a cell, one is hidden. */
const masks = Uint8Array.of(255, 255, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0);
const rowsOf = (objects: readonly number[], weigh: 'area' | 'object'): number[][] => {
  const rows = new Float32Array(objects.length * CELLS);
  fillPlaces(
    rows,
    objects.map((sceneIndex) => ({ sceneIndex })),
    masks,
    CELLS,
    weigh,
  );
  return objects.map((_, place) => [...rows.subarray(place * CELLS, (place + 1) * CELLS)]);
};

test('by area, a cell counts by what is seen of the object in it, and all cells are 1 in all', () => {
  const [hidden, small, large] = rowsOf([2, 1, 0], 'area');
  const total = 255 + 255 + 64;
  expect(hidden).toEqual([0, 0, 0, 0]);
  expect(small?.[2]).toBeCloseTo(64 / total);
  expect(large?.[0]).toBeCloseTo(255 / total);
  expect([hidden, small, large].flatMap((row) => row ?? []).reduce((sum, share) => sum + share)).toBeCloseTo(1);
});

test('by object, a small one counts as much as a large one and a hidden one not at all', () => {
  const [large, small, hidden] = rowsOf([0, 1, 2], 'object');
  expect(large).toEqual([0.25, 0.25, 0, 0].map((share) => expect.closeTo(share)));
  expect(small).toEqual([0, 0, 0.5, 0].map((share) => expect.closeTo(share)));
  expect(hidden).toEqual([0, 0, 0, 0]);
});

test('objects that are all hidden teach nothing', () => {
  expect(rowsOf([2], 'object')).toEqual([[0, 0, 0, 0]]);
  expect(rowsOf([2], 'area')).toEqual([[0, 0, 0, 0]]);
});
