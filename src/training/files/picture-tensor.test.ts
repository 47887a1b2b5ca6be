import { describe, expect, it } from 'vitest';
import { pictureOfRgb, pictureTensor } from './picture-tensor.ts';

describe('pictureTensor', () => {
  // Two pixels in a row: red and a blue-grey one.
  const picture = pictureOfRgb(Uint8Array.of(255, 0, 0, 51, 102, 204), 2, 1);

  it('lays out planes and scales to [−1, 1]', () => {
    const { data, dims } = pictureTensor([picture]);
    expect(dims).toEqual([1, 3, 1, 2]);
    for (const [i, value] of [1, -0.6, -1, -0.2, -1, 0.6].entries()) expect(data[i]).toBeCloseTo(value, 6);
  });

  it('scales to [0, 1] and stacks a batch', () => {
    const { data, dims } = pictureTensor([picture, picture], 0);
    expect(dims).toEqual([2, 3, 1, 2]);
    for (const [i, value] of [1, 0.2, 0, 0.4, 0, 0.8].entries()) {
      expect(data[i]).toBeCloseTo(value, 6);
      expect(data[6 + i]).toBeCloseTo(value, 6);
    }
  });

  it('refuses uneven sizes', () => {
    expect(() => pictureTensor([picture, pictureOfRgb(new Uint8Array(3), 1, 1)])).toThrow('picture 1 is 1×1');
    expect(() => pictureTensor([])).toThrow('at least one');
  });
});
