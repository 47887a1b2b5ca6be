/** What a step hears of the step before, on a denoiser whose answer is known: F = 2 · sample + 3 · previous + timestep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/noise.ts';
import { createParametrisation } from '#diffusion/parametrisation.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, scale } from '#onnx/ops/arithmetic.ts';
import { unsqueeze } from '#onnx/ops/layout.ts';
import { ForwardPass } from '../trainer/training-step.ts';
import { PARAMETRISATION, SIGMA_DATA, SIGMA_RANGE } from './model-config.ts';
import { earlierSigma, earlierThought } from './self-conditioning.ts';

test('an earlier level is at most two of sixteen steps up, within the range of the sampler', () => {
  fc.assert(
    fc.property(
      fc.double({ ...SIGMA_RANGE, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (sigma, share) => {
        const earlier = earlierSigma(sigma, { uniform: () => share });
        expect(earlier).toBeGreaterThanOrEqual(sigma * (1 - 1e-9));
        expect(earlier).toBeLessThanOrEqual(SIGMA_RANGE.max);
      },
    ),
  );
  // 80 to 0.25 in fifteen equal steps of the seventh root: 1.870, 1.800 …
  expect(earlierSigma(1.8 ** 7, { uniform: () => 0.5 })).toBeCloseTo(80, 0);
});

test('half of the steps hear what the denoiser says at the earlier level, of the same picture and its noise', async () => {
  const shape = [2, 3, 4, 4];
  const size = 48;
  const g = new GraphBuilder();
  const [sample, previous] = [g.input('sample', shape), g.input('previous', shape)];
  const timestep = unsqueeze(g, g.input('timestep', [2]), [1, 2, 3]);
  g.output('prediction', add(g, add(g, scale(g, sample, 2), scale(g, previous, 3)), timestep));
  const denoiser = await ForwardPass.create(g, 'cpu');
  const { coefficients } = createParametrisation(PARAMETRISATION, SIGMA_DATA);
  const sigmas = [1, 9];
  const feeds = { sample: seededNoise(1).normals(2 * size) };
  const thoughts = [];
  for (let seed = 0; seed < 60; seed++) {
    thoughts.push(await earlierThought(denoiser, feeds, sigmas, new Map(), seededNoise(seed)));
  }
  await denoiser.release();
  const heard = thoughts.filter((thought) => thought.some((value) => value !== 0));
  expect(heard.length).toBeGreaterThan(15);
  expect(heard.length).toBeLessThan(45);
  // D = skip · x + out · (2 · in · x + timestep) with x = sample / in + more noise; over many draws the noise is nothing.
  const meanThought = (at: number) => heard.reduce((sum, thought) => sum + (thought[at] as number), 0) / heard.length;
  for (const row of [0, 1]) {
    const sigma = sigmas[row] as number;
    const [here, far] = [sigma, earlierSigma(sigma, { uniform: () => 1 })].map(coefficients);
    const bounds = [here!, far!].map(({ skip, out, in: into }) => skip + 2 * out * into);
    const offsets = [here!, far!].map(({ out, timestep }) => out * timestep);
    const xs = Array.from({ length: size }, (_, i) => feeds.sample[row * size + i]! / here!.in);
    const slopeOf = (values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / size;
      const xMean = xs.reduce((sum, x) => sum + x, 0) / size;
      const both = xs.reduce((sum, x, i) => sum + (x - xMean) * (values[i]! - mean), 0);
      const slope = both / xs.reduce((sum, x) => sum + (x - xMean) ** 2, 0);
      return { slope, offset: mean - slope * xMean };
    };
    const { slope, offset } = slopeOf(xs.map((_, i) => meanThought(row * size + i)));
    expect(slope).toBeGreaterThan(Math.min(...bounds) - 0.1);
    expect(slope).toBeLessThan(Math.max(...bounds) + 0.1);
    expect(offset).toBeGreaterThan(Math.min(...offsets) - 0.5);
    expect(offset).toBeLessThan(Math.max(...offsets) + 0.5);
  }
});
