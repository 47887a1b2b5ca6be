/** Seeded Gaussian noise: the only randomness of the product's pictures. */
import { type RandomSource, seededRandom } from '#graph/random.ts';

export interface NoiseSource extends RandomSource {
  /** Standard normal. */
  normal(): number;
  /** (count) standard normal numbers. */
  normals(count: number): Float32Array<ArrayBuffer>;
}

/**
 * Marsaglia's polar method (Marsaglia and Bray 1964) over xoshiro128**. Math.log may differ between engines in its last bit, so the
 * logarithm is our own; addition, multiplication, division and square root are exact by IEEE 754. Same seed, same bytes, everywhere.
 */
export function seededNoise(seed: number): NoiseSource {
  const random = seededRandom(seed);
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * random.uniform() - 1;
      const v = 2 * random.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * naturalLog(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
  const normals = (count: number) => {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = normal();
    return numbers;
  };
  return { ...random, normal, normals };
}

/**
 * ln(x) for 0 < x < ∞ by basic arithmetic: x = m·2ᵉ with m in [√½, √2), ln m = 2·artanh(s) with s = (m − 1)/(m + 1), |s| < 0.172.
 * Twelve terms leave less than 1e-19.
 */
export function naturalLog(x: number): number {
  let m = x;
  let exponent = 0;
  for (; m >= Math.SQRT2; m /= 2) exponent++;
  for (; m < Math.SQRT1_2; m *= 2) exponent--;
  const s = (m - 1) / (m + 1);
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * s * s + 1 / k;
  return exponent * Math.LN2 + 2 * s * sum;
}
