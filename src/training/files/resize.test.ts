import { describe, expect, it } from 'vitest';
import type { Tensor } from '#diffusion/tensor.ts';
import { letterbox, resizeBilinear } from './resize.ts';

const image = (rows: readonly (readonly number[])[]): Tensor => ({
  data: Float32Array.from(rows.flat()),
  dims: [1, 1, rows.length, rows[0]!.length],
});

describe('resizeBilinear', () => {
  it('two pixels to four, as F.interpolate(align_corners=False) documents', () => {
    expect([...resizeBilinear(image([[1, 2]]), 1, 4).data]).toEqual([1, 1.25, 1.75, 2]);
  });

  it('2 × 2 to 3 × 3: corners, half-way edges and the mean in the middle', () => {
    const { data, dims } = resizeBilinear(
      image([
        [0, 6],
        [12, 18],
      ]),
      3,
      3,
    );
    expect(dims).toEqual([1, 1, 3, 3]);
    // Centres of the outer pixels fall at −1/6, clamped to 0, and at 7/6, where the edge is repeated.
    for (const [i, value] of [0, 3, 6, 6, 9, 12, 12, 15, 18].entries()) expect(data[i]).toBeCloseTo(value, 5);
  });

  it('shrinks by picking neighbours, without smoothing', () => {
    // 8 → 2: centres at 1.5 and 5.5 of [0, 1, 10, 3, 4, 5, 20, 7]
    expect([...resizeBilinear(image([[0, 1, 10, 3, 4, 5, 20, 7]]), 1, 2).data]).toEqual([5.5, 12.5]);
  });

  it('keeps planes apart and a picture of the same size as it is', () => {
    const planes: Tensor = { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), dims: [2, 2, 1, 2] };
    expect(resizeBilinear(planes, 1, 2)).toEqual(planes);
    expect([...resizeBilinear(planes, 1, 1).data]).toEqual([1.5, 3.5, 5.5, 7.5]);
  });
});

describe('letterbox', () => {
  it('centres a wide picture between two bars', () => {
    const box = letterbox(
      image([
        [1, 1, 1, 1],
        [3, 3, 3, 3],
      ]),
      8,
      9,
    ); // 4 × 2 → 8 × 4
    expect(box).toMatchObject({ left: 0, top: 2, width: 8, height: 4 });
    const column = Array.from({ length: 8 }, (_, y) => box.image.data[y * 8 + 3]);
    expect(column).toEqual([9, 9, 1, 1.5, 2.5, 3, 9, 9]);
  });

  it('leaves a square one without bars', () => {
    const box = letterbox(
      image([
        [1, 2],
        [3, 4],
      ]),
      2,
      0,
    );
    expect([...box.image.data]).toEqual([1, 2, 3, 4]);
  });
});
