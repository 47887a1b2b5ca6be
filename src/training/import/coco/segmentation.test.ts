import { describe, expect, it } from 'vitest';
import { centreOfPixels, gridOfBox, gridOfPixels } from '#training/import/grid-mask.ts';
import { maskOfSegmentation } from './segmentation.ts';

describe('masks of COCO', () => {
  it('fills a polygon, and the union of two that overlap', () => {
    const one = maskOfSegmentation([[2, 1, 6, 1, 6, 4, 2, 4]], 8, 6);
    expect(one.pixels.reduce((sum, pixel) => sum + pixel, 0)).toBe(12);
    expect([one.pixels[1 * 8 + 2], one.pixels[0 * 8 + 2], one.pixels[3 * 8 + 5], one.pixels[4 * 8 + 5]]).toEqual([
      1, 0, 1, 0,
    ]);
    const two = maskOfSegmentation(
      [
        [2, 1, 6, 1, 6, 4, 2, 4],
        [4, 1, 8, 1, 8, 4, 4, 4],
      ],
      8,
      6,
    );
    expect(two.pixels.reduce((sum, pixel) => sum + pixel, 0)).toBe(18);
  });

  it('says the same of polygons and of run lengths', () => {
    const polygon = maskOfSegmentation([[1, 1, 4, 1, 4, 4, 1, 4]], 5, 5);
    const runs = maskOfSegmentation({ size: [5, 5], counts: '6320004' }, 5, 5);
    expect(runs).toEqual(polygon);
    expect(centreOfPixels(runs)).toEqual([0.5, 0.5]);
  });

  it('refuses run lengths of another size than the photograph', () => {
    expect(() => maskOfSegmentation({ size: [5, 5], counts: '6320004' }, 5, 6)).toThrow(
      '5 × 5 for a photograph of 5 × 6',
    );
  });

  it('gives shares of cells, the same from a box and from its pixels', () => {
    const box = [0.25, 0, 0.625, 0.5] as const;
    const pixels = maskOfSegmentation([[2, 0, 5, 0, 5, 4, 2, 4]], 8, 8);
    expect([...gridOfBox(box, 4)]).toEqual([0, 255, 128, 0, 0, 255, 128, 0, ...new Array(8).fill(0)]);
    expect([...gridOfPixels(pixels, 4)]).toEqual([...gridOfBox(box, 4)]);
    expect(centreOfPixels({ pixels: new Uint8Array(4), width: 2, height: 2 })).toBeUndefined();
  });
});
