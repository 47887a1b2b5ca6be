import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { concat, reshape, slice } from '#onnx/ops/layout.ts';
import { reduceMean } from '#onnx/ops/reduction.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { clipFeatureSpace, featureDistance } from './feature-space.ts';
import { inceptionInput, inceptionSpaces } from './inception-space.ts';
import { smallNetwork } from './onnx-network.fixture.ts';
import { openNetwork } from './onnx-network.ts';

const flat = (r: number, g: number, b: number, size = 4): Picture =>
  pictureOfRgb(
    Uint8Array.from({ length: size * size * 3 }, (_, i) => [r, g, b][i % 3]!),
    size,
    size,
  );

describe('inceptionInput', () => {
  it('resizes to 299 × 299 and scales to [−1, 1]', () => {
    const { data, dims } = inceptionInput([flat(255, 0, 51)]);
    expect(dims).toEqual([1, 3, 299, 299]);
    const area = 299 * 299;
    expect(data[0]).toBeCloseTo(1, 6);
    expect(data[area + 77]).toBeCloseTo(-1, 6);
    expect(data[3 * area - 1]).toBeCloseTo(-0.6, 6);
  });
});

describe('inceptionSpaces', () => {
  const means = (names: Record<string, string>) =>
    smallNetwork({ image: [1, 3, 299, 299] }, (g, { image }) => {
      const pooled = reduceMean(g, image!, [2, 3], { keepdims: true });
      return { [names.pool!]: pooled, [names.logits!]: reshape(g, pooled, [1, 3]) };
    });

  it('reads pool3 and turns logits into posteriors', async () => {
    const { features, posterior } = inceptionSpaces(await means({ pool: 'pool3', logits: 'logits' }));
    const pictures = Array.from({ length: 18 }, (_, i) => flat(i * 10, 255, 0)); // more than one batch
    const rows = await features.features(pictures);
    expect(rows).toHaveLength(18);
    expect([...rows[17]!].map((value) => Math.round(value * 1000) / 1000)).toEqual([0.333, 1, -1]);
    const [first] = await posterior.posteriors([flat(255, 255, 0)]);
    const sum = Math.E + Math.E + 1 / Math.E;
    expect(first![0]).toBeCloseTo(Math.E / sum, 5);
    expect(first![2]).toBeCloseTo(1 / Math.E / sum, 5);
  });

  it('says what it looked for when the outputs do not fit', async () => {
    const { features } = inceptionSpaces(await means({ pool: 'a', logits: 'b' }));
    await expect(features.features([flat(1, 2, 3)])).rejects.toThrow(
      /needs an output "pool3" or one of 2048 .* a \(1, 3, 1, 1\)/,
    );
  });

  it('finds pool3 by its width whatever its name', async () => {
    const wide = await smallNetwork({ image: [1, 3, 299, 299] }, (g, { image }) => {
      const pooled = reshape(g, reduceMean(g, image!, [2, 3], { keepdims: true }), [1, 3]);
      const repeated = concat(g, new Array(683).fill(pooled), 1);
      return { other: pooled, anything: slice(g, repeated, [1], [0], [2048]) };
    });
    const [row] = await inceptionSpaces(wide).features.features([flat(255, 0, 0)]);
    expect(row).toHaveLength(2048);
  });
});

describe('clipFeatureSpace', () => {
  it('feeds [−1, 1] at the size of the model; its distance is 1 − cosine', async () => {
    // Unit length by construction: one channel is ±1, the others 0.
    const network = await smallNetwork({ image: [1, 3, 2, 2] }, (g, { image }) => ({
      feature: reshape(g, reduceMean(g, image!, [2, 3], { keepdims: true }), [1, 3]),
    }));
    const space = clipFeatureSpace(network, { height: 2, width: 2 });
    const grey = 127.5;
    const features = await space.features([flat(255, grey, grey), flat(grey, grey, 0)]);
    expect(features[0]![0]).toBeCloseTo(1, 5);
    expect(features[1]![2]).toBeCloseTo(-1, 5);
    const distances = await featureDistance(space).between(
      [flat(255, grey, grey), flat(255, grey, grey)],
      [flat(255, grey, grey), flat(0, grey, grey)],
    );
    expect(distances[0]).toBeCloseTo(0, 1);
    expect(distances[1]).toBeCloseTo(2, 1);
  });
});

describe('openNetwork', () => {
  it('refuses what is no model, in one line', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'sgraffito-')), 'not.onnx');
    writeFileSync(path, 'hello');
    await expect(openNetwork(path)).rejects.toThrow(/not\.onnx cannot be opened as an ONNX model: [^\n]+$/);
    await expect(openNetwork(`${path}.missing`)).rejects.toThrow(/cannot be opened/);
  });

  it('says which shapes do not fit', async () => {
    const network = await smallNetwork({ image: [1, 3, 4, 4] }, (g, { image }) => ({
      out: reduceMean(g, image!, [2, 3], { keepdims: true }),
    }));
    const wrong = { data: new Float32Array(12), dims: [1, 3, 2, 2] };
    await expect(network.run({ image: wrong })).rejects.toThrow(/cannot be run on image \(1, 3, 2, 2\)/);
  });
});
