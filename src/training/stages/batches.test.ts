import { expect, test } from 'vitest';
import type { RenderedScene } from '../corpus/scene.ts';
import { cellShare, imageBatch } from './batches.ts';

/** 4 × 4 pixels whose red is x, green y and blue 255; a grid of 4 × 4 with the masks given. */
function scene(labels: readonly string[], masks: readonly number[]): RenderedScene {
  const rgb = Uint8Array.from({ length: 48 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % 4, Math.floor(pixel / 4), 255][i % 3] as number;
  });
  const objects = labels.map((label) => ({
    label,
    attributes: [],
    box: [0, 0, 1, 1] as const,
    depth: 0,
    isGround: false,
  }));
  return { scene: { style: 'noto', objects, relations: [] }, rgb, size: 4, masks: Uint8Array.from(masks), grid: 4 };
}

const grid = (cells: Readonly<Record<number, number>>): number[] => Array.from({ length: 16 }, (_, i) => cells[i] ?? 0);
const level = (value: number): number => Math.fround(value / 127.5 - 1);

test('pictures become planes in [−1, 1]', () => {
  const batch = imageBatch([scene([], []), scene([], [])]);
  expect(batch.length).toBe(2 * 48);
  expect([...batch.subarray(0, 5)]).toEqual([0, 1, 2, 3, 0].map(level));
  expect([...batch.subarray(16, 21)]).toEqual([0, 0, 0, 0, 1].map(level));
  expect(new Set(batch.subarray(32, 48))).toEqual(new Set([1]));
  expect(batch.subarray(48)).toEqual(batch.subarray(0, 48));
});

test('a cell share is the mean of the finer cells under it', () => {
  const rendered = scene(['cat'], grid({ 2: 255, 3: 51, 6: 0, 7: 102 }));
  expect(cellShare(rendered, 0, 1, 0, 2)).toBeCloseTo(408 / 1020, 6);
  expect(cellShare(rendered, 0, 2, 0, 4)).toBe(1);
});
