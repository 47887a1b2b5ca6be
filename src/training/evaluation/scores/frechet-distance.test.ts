import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import golden from './frechet-distance.fixture.json';
import { frechetDistanceTo, gaussianOf, symmetricSquareRoot } from './frechet-distance.ts';

const gaussian = (mean: readonly number[], covariance: readonly (readonly number[])[]) => ({
  mean: Float64Array.from(mean),
  covariance: new Matrix(covariance.map((row) => [...row])),
});

describe('gaussianOf', () => {
  it('gives mean and covariance with divisor n − 1', () => {
    // x: −1, 0, 1 and y: 1, 4, 1 by hand: var x = 2/2, var y = (1 + 4 + 1)/2, cov = (−1·−1 + 0·2 + 1·−1)/2
    const { mean, covariance } = gaussianOf([
      [-1, 1],
      [0, 4],
      [1, 1],
    ]);
    expect(mean[0]).toBeCloseTo(0, 12);
    expect(mean[1]).toBeCloseTo(2, 12);
    const expected = new Matrix([
      [1, 0],
      [0, 3],
    ]);
    expect(Matrix.sub(covariance, expected).norm()).toBeLessThan(1e-12);
  });

  it('keeps correlation', () => {
    const { covariance } = gaussianOf([
      [0, 0],
      [2, 4],
    ]);
    expect(covariance.to2DArray()).toEqual([
      [2, 4],
      [4, 8],
    ]);
  });

  it('refuses a single feature and uneven widths', () => {
    expect(() => gaussianOf([[1, 2]])).toThrow('at least 2');
    expect(() => gaussianOf([[1, 2], [1]])).toThrow('feature 1 has width 1, not 2');
  });
});

describe('symmetricSquareRoot', () => {
  it('of [[2, 1], [1, 2]], whose eigenvalues are 3 and 1', () => {
    const root = symmetricSquareRoot(
      new Matrix([
        [2, 1],
        [1, 2],
      ]),
    );
    const diagonal = (Math.sqrt(3) + 1) / 2;
    const off = (Math.sqrt(3) - 1) / 2;
    expect(root.get(0, 0)).toBeCloseTo(diagonal, 12);
    expect(root.get(0, 1)).toBeCloseTo(off, 12);
    expect(root.get(1, 1)).toBeCloseTo(diagonal, 12);
  });

  it('squares to its matrix, a singular one too', () => {
    const noise = seededNoise(4);
    const factor = new Matrix(Array.from({ length: 3 }, () => Array.from({ length: 7 }, () => noise.normal())));
    const singular = factor.transpose().mmul(factor); // rank 3 of 7
    const root = symmetricSquareRoot(singular);
    expect(Matrix.sub(root.mmul(root), singular).norm()).toBeLessThan(1e-10);
    expect(Matrix.sub(root, root.transpose()).norm()).toBeLessThan(1e-10);
  });
});

describe('frechetDistanceTo', () => {
  it('is the squared distance of the means when the covariances agree', () => {
    const covariance = [
      [2, 0.5],
      [0.5, 1],
    ];
    expect(frechetDistanceTo(gaussian([0, 0], covariance))(gaussian([3, 4], covariance))).toBeCloseTo(25, 10);
  });

  it('is Σ (σ₁ − σ₂)² for diagonal covariances of equal mean', () => {
    const a = gaussian(
      [1, 1],
      [
        [9, 0],
        [0, 1],
      ],
    );
    const b = gaussian(
      [1, 1],
      [
        [4, 0],
        [0, 16],
      ],
    );
    expect(frechetDistanceTo(a)(b)).toBeCloseTo((3 - 2) ** 2 + (1 - 4) ** 2, 10);
  });

  it('for 2 × 2 covariances that do not commute: Tr (Σ₁Σ₂)^½ = sqrt(Tr Σ₁Σ₂ + 2 sqrt(det Σ₁Σ₂))', () => {
    const first = [
      [2, 1],
      [1, 3],
    ];
    const second = [
      [5, -1],
      [-1, 1],
    ];
    // Σ₁Σ₂ = [[9, −1], [2, 2]]: trace 11, determinant 5 · 4 = 20
    const expected = 2 + 3 + 5 + 1 - 2 * Math.sqrt(11 + 2 * Math.sqrt(20));
    expect(frechetDistanceTo(gaussian([0, 0], first))(gaussian([0, 0], second))).toBeCloseTo(expected, 10);
    expect(frechetDistanceTo(gaussian([0, 0], second))(gaussian([0, 0], first))).toBeCloseTo(expected, 10);
  });

  it('of two sets of features is torchmetrics’, whichever is the reference', () => {
    const gaussianOfRows = (numbers: readonly number[]) =>
      gaussianOf(
        Array.from({ length: numbers.length / golden.width }, (_, row) =>
          numbers.slice(row * golden.width, (row + 1) * golden.width),
        ),
      );
    const [real, fake] = [gaussianOfRows(golden.real), gaussianOfRows(golden.fake)];
    expect(frechetDistanceTo(real)(fake)).toBeCloseTo(golden.distance, 7);
    expect(frechetDistanceTo(fake)(real)).toBeCloseTo(golden.distance, 7);
  });

  it('is 0 for one set against itself, with fewer features than dimensions too', () => {
    const noise = seededNoise(7);
    const few = gaussianOf(Array.from({ length: 10 }, () => noise.normals(24)));
    expect(frechetDistanceTo(few)(few)).toBeLessThan(1e-6);
  });

  it('falls towards 0 as two sets of one distribution grow, and sees a shift', () => {
    const noise = seededNoise(11);
    const sets = (n: number, shift = 0) =>
      gaussianOf(Array.from({ length: n }, () => noise.normals(8).map((value) => value + shift)));
    const small = frechetDistanceTo(sets(40))(sets(40));
    const large = frechetDistanceTo(sets(2000))(sets(2000));
    expect(large).toBeLessThan(small / 5);
    expect(frechetDistanceTo(sets(2000))(sets(2000, 0.5))).toBeCloseTo(8 * 0.25, 0);
  });

  it('refuses different widths', () => {
    const one = gaussian([0], [[1]]);
    const two = gaussian(
      [0, 0],
      [
        [1, 0],
        [0, 1],
      ],
    );
    expect(() => frechetDistanceTo(one)(two)).toThrow('width');
  });
});
