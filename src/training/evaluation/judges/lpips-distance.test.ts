import { describe, expect, it } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { square, sub } from '#onnx/ops/arithmetic.ts';
import { averagePool } from '#onnx/ops/pooling.ts';
import { reduceMean } from '#onnx/ops/reduction.ts';
import { pictureOfRgb, pictureTensor } from '#training/files/picture-tensor.ts';
import golden from './lpips-distance.fixture.json';
import { layerDistances, lpipsDistance, lpipsScaled } from './lpips-distance.ts';
import { smallNetwork } from './onnx-network.fixture.ts';

const flat = (r: number, g: number, b: number): Picture =>
  pictureOfRgb(
    Uint8Array.from({ length: 12 }, (_, i) => [r, g, b][i % 3]!),
    2,
    2,
  );

describe('lpipsScaled', () => {
  it("takes out ImageNet's mean and deviation, colour by colour", () => {
    const { data } = lpipsScaled(pictureTensor([flat(255, 0, 255)]));
    expect(data[0]).toBeCloseTo((1 + 0.03) / 0.458, 5);
    expect(data[4]).toBeCloseTo((-1 + 0.088) / 0.448, 5);
    expect(data[11]).toBeCloseTo((1 + 0.188) / 0.45, 5);
  });
});

describe('layerDistances', () => {
  it('compares directions, not lengths, and averages over places', () => {
    // Two channels at two places: (3, 4) against (6, 8) is the same direction; (1, 0) against (0, 5) is at a right angle.
    const a = { data: Float32Array.of(3, 1, 4, 0), dims: [1, 2, 1, 2] };
    const b = { data: Float32Array.of(6, 0, 8, 5), dims: [1, 2, 1, 2] };
    expect(layerDistances(a, b)[0]).toBeCloseTo((0 + 2) / 2, 6);
    expect(layerDistances(a, a)[0]).toBe(0);
  });

  it('summed over two layers is the reference’s', () => {
    const layers = golden.shapes.map((dims, i) => {
      const [a, b] = [golden.a[i]!, golden.b[i]!].map((data) => ({ data: Float32Array.from(data), dims }));
      return layerDistances(a!, b!)[0]!;
    });
    expect(layers.reduce((sum, distance) => sum + distance, 0)).toBeCloseTo(golden.distance, 5);
  });

  it('bears places where nothing fires', () => {
    const dead = { data: new Float32Array(4), dims: [1, 2, 1, 2] };
    expect(layerDistances(dead, dead)[0]).toBe(0);
  });
});

describe('lpipsDistance', () => {
  it('with two inputs takes the network at its word, pictures in [−1, 1]', async () => {
    const network = await smallNetwork({ in0: [1, 3, 2, 2], in1: [1, 3, 2, 2] }, (g, { in0, in1 }) => ({
      distance: reduceMean(g, square(g, sub(g, in0!, in1!)), [1, 2, 3], { keepdims: true }),
    }));
    const lpips = lpipsDistance(network);
    expect(lpips.name).toBe('LPIPS');
    const many = Array.from({ length: 17 }, (_, i) => flat(255, 255, i === 16 ? 255 : 0));
    const distances = await lpips.between(many, new Array(17).fill(flat(255, 255, 255)));
    expect(distances).toHaveLength(17);
    expect(distances[0]).toBeCloseTo(4 / 3, 5);
    expect(distances[16]).toBe(0);
  });

  it('with one input sums the layers of a backbone', async () => {
    const backbone = await smallNetwork({ image: [1, 3, 2, 2] }, (g, { image }) => ({
      fine: image!,
      coarse: averagePool(g, image!, 2),
    }));
    const [a, b] = [flat(255, 0, 0), flat(0, 255, 0)];
    const [distance] = await lpipsDistance(backbone).between([a], [b]);
    // Flat pictures: both layers hold the same vector everywhere, so the distance is twice that of one place.
    const unit = (picture: Picture) => {
      const { data } = lpipsScaled(pictureTensor([picture]));
      const vector = [data[0]!, data[4]!, data[8]!];
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    };
    const [u, v] = [unit(a), unit(b)];
    const once = u.reduce((sum, value, c) => sum + (value - v[c]!) ** 2, 0);
    expect(distance).toBeCloseTo(2 * once, 5);
  });

  it('refuses a network with three inputs', async () => {
    const shape = [1, 3, 2, 2];
    const odd = await smallNetwork({ a: shape, b: shape, c: shape }, (g, { a, b, c }) => ({
      out: sub(g, sub(g, a!, b!), c!),
    }));
    expect(() => lpipsDistance(odd)).toThrow('it has 3');
  });
});
