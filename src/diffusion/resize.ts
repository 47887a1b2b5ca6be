/** Pictures of another size, by arithmetic of our own: the same bytes in every browser and in Node. */

type Size = readonly [width: number, height: number];

/** RGBA bytes → RGBA bytes as Pillow's BICUBIC gives them: across first, then down, rounded to bytes in between. */
export function resizeBicubic(
  pixels: Uint8ClampedArray,
  [width, height]: Size,
  to: Size,
): Uint8ClampedArray<ArrayBuffer> {
  const columns = tapsOf(width, to[0]);
  const across = new Uint8ClampedArray(to[0] * height * 4);
  for (let y = 0; y < height; y++) {
    for (const [x, taps] of columns.entries()) {
      mix(pixels, (y * width + taps.first) * 4, 4, taps.weights, across, (y * to[0] + x) * 4);
    }
  }
  const down = new Uint8ClampedArray(to[0] * to[1] * 4);
  for (const [y, taps] of tapsOf(height, to[1]).entries()) {
    for (let x = 0; x < to[0]; x++) {
      mix(across, (taps.first * to[0] + x) * 4, to[0] * 4, taps.weights, down, (y * to[0] + x) * 4);
    }
  }
  return down;
}

/** Bytes are rounded to the nearest by the array itself. */
function mix(
  from: Uint8ClampedArray,
  start: number,
  stride: number,
  weights: Float64Array,
  to: Uint8ClampedArray,
  at: number,
): void {
  for (let c = 0; c < 4; c++) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * from[start + i * stride + c]!;
    to[at + c] = sum;
  }
}

interface Taps {
  readonly first: number;
  /** They add to 1. */
  readonly weights: Float64Array;
}

/** Where a side grows the kernel is as wide as the pixels that it reads, where it shrinks as wide as those that it writes. */
function tapsOf(from: number, to: number): Taps[] {
  const ratio = from / to;
  const stretch = Math.max(1, ratio);
  const support = 2 * stretch;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * ratio;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw = Float64Array.from({ length: end - first }, (_, k) => cubic((first + k - centre + 0.5) / stretch));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Keys 1981 with a = −1/2. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}
