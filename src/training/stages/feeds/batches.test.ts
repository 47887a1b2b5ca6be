import { expect, test } from 'vitest';
import type { RenderedScene } from '#training/corpus/world/scene.ts';
import { imageBatch } from './batches.ts';

/** 4 × 4 pixels whose red is x, green y and blue 255. */
function scene(): Pick<RenderedScene, 'rgb' | 'size'> {
  const rgb = Uint8Array.from({ length: 48 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % 4, Math.floor(pixel / 4), 255][i % 3]!;
  });
  return { rgb, size: 4 };
}

const level = (value: number): number => Math.fround(value / 127.5 - 1);

test('pictures become planes in [−1, 1]', () => {
  const batch = imageBatch([scene(), scene()]);
  expect(batch.length).toBe(2 * 48);
  expect([...batch.subarray(0, 5)]).toEqual([0, 1, 2, 3, 0].map(level));
  expect([...batch.subarray(16, 21)]).toEqual([0, 0, 0, 0, 1].map(level));
  expect(new Set(batch.subarray(32, 48))).toEqual(new Set([1]));
  expect(batch.subarray(48)).toEqual(batch.subarray(0, 48));
});
