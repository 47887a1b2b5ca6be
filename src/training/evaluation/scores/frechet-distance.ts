/** Fréchet distance between two sets of pictures, through the Gaussians of their features. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Mean (C) and unbiased covariance (C × C) of a set of features. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * Mean and covariance with divisor n − 1 (numpy.cov, as the reference FID uses).
 * @throws RangeError for fewer than two features or features of different widths.
 */
export function gaussianOf(features: readonly ArrayLike<number>[]): Gaussian {
  const n = features.length;
  const width = features[0]?.length ?? 0;
  if (n < 2) throw new RangeError(`a covariance needs at least 2 features, not ${n}`);
  const mean = new Float64Array(width);
  for (const [i, feature] of features.entries()) {
    if (feature.length !== width) throw new RangeError(`feature ${i} has width ${feature.length}, not ${width}`);
    for (let c = 0; c < width; c++) mean[c]! += feature[c]! / n;
  }
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (const feature of features) {
    for (let c = 0; c < width; c++) centred[c] = feature[c]! - mean[c]!;
    for (let i = 0; i < width; i++) {
      const at = i * width;
      const scale = centred[i]! / (n - 1);
      for (let j = i; j < width; j++) sums[at + j]! += scale * centred[j]!;
    }
  }
  const covariance = new Matrix(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      covariance.set(i, j, sums[i * width + j]!);
      covariance.set(j, i, sums[i * width + j]!);
    }
  }
  return { mean, covariance };
}

/** The symmetric square root of a symmetric positive semi-definite matrix; eigenvalues below zero are rounding and count as 0. */
export function symmetricSquareRoot(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const scaled = vectors.clone();
  for (const [c, value] of realEigenvalues.entries()) scaled.mulColumn(c, Math.sqrt(Math.max(0, value)));
  return scaled.mmul(vectors.transpose());
}

/**
 * The distance to one reference set, as a function: the reference's square root, the costly part, is taken once.
 * d² = |μ₁ − μ₂|² + Tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½). The last term equals 2 (Σ₁Σ₂)^½ under the trace, but every matrix stays
 * symmetric, so no complex part can appear. Range [0, ∞), 0 only for equal Gaussians; lower is better.
 *
 * Biased upwards by about 1/n: compare values only at equal n.
 *
 * Source: Dowson and Landau, The Fréchet distance between multivariate normal distributions (1982); as a score of generators
 * Heusel et al., GANs Trained by a Two Time-Scale Update Rule (2017), arXiv 1706.08500.
 */
export function frechetDistanceTo(reference: Gaussian): (other: Gaussian) => number {
  const root = symmetricSquareRoot(reference.covariance);
  return (other) => {
    if (other.mean.length !== reference.mean.length) {
      throw new RangeError(
        `features of width ${other.mean.length} cannot be compared with width ${reference.mean.length}`,
      );
    }
    const inner = root.mmul(other.covariance).mmul(root);
    // Rounding leaves a trace of asymmetry that would send the decomposition down its slow general path.
    const symmetric = Matrix.add(inner, inner.transpose()).mul(0.5);
    const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
    let distance = reference.covariance.trace() + other.covariance.trace();
    for (const value of realEigenvalues) distance -= 2 * Math.sqrt(Math.max(0, value));
    for (let c = 0; c < other.mean.length; c++) distance += (other.mean[c]! - reference.mean[c]!) ** 2;
    return Math.max(0, distance);
  };
}
