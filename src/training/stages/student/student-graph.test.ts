import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { globalNorm } from '#onnx/optimizer.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';
import { studentGraph } from './student-graph.ts';

/** Of all weights together, along the slope. */
const STEP = 0.02;

const SHAPES = { batch: 2, tokens: 6, tokenWidth: 16, latent: [LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE] } as const;

it('begins as the denoiser itself, learns nothing but updates, and goes downhill on them', async () => {
  const folder = writeUntrainedPackage({ half: true });
  const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  const networks = await OnnxNetworks.open(nodeRuntime, {
    graphEncoder: file('graph-encoder.onnx'),
    denoiser: file('denoiser.onnx'),
    decoder: file('decoder.onnx'),
  });
  const noise = seededNoise(4);
  const drawn = (...dims: number[]) => ({ data: noise.normals(sizeOf(dims)), dims });
  const input = {
    sample: drawn(2, ...SHAPES.latent),
    timestep: { data: Float32Array.of(0.2, 0.9), dims: [2] },
    sCond: drawn(2, SHAPES.tokens, SHAPES.tokenWidth),
    mask: { data: new Float32Array(2 * SHAPES.tokens).fill(1), dims: [2, SHAPES.tokens] },
  };
  const { prediction } = await networks.denoise(input);
  await networks.release();

  const spread = 0.9;
  const graph = studentGraph(file('denoiser.onnx'), SHAPES, { rank: 2, spread });
  const step = await TrainingStep.create({ ...graph, device: 'cpu', fixed: { weights: graph.fixed, half: false } });
  const learned = [...graph.builder.parameters].filter(([name]) => !graph.fixed.has(name));
  expect(learned.length).toBeGreaterThan(graph.fixed.size);
  expect([...step.trained].sort()).toEqual(learned.map(([name]) => name).sort());
  const parameters = initializeParameters({ parameters: new Map(learned) }, 1);
  const feeds = (target: Float32Array) => ({
    sample: input.sample.data,
    timestep: input.timestep.data,
    s_cond: input.sCond.data,
    mask: input.mask.data,
    target,
  });
  // What is right is as near as the roots can tell.
  expect((await step.run(feeds(prediction.data), parameters)).numbers.loss).toBeLessThan(1e-3);

  // Two guesses that are wrong by e₁ and e₂, as the loss says it in plain loops.
  const errors = noise.normals(prediction.data.length).map((error, i) => (i % 3) * error);
  const half = errors.length / 2;
  const [first, second] = [errors.subarray(0, half), errors.subarray(half)];
  const between = first.map((error, i) => error - second[i]!);
  const score = (lengthOf(first) + lengthOf(second) - spread * lengthOf(between)) / 2;
  const wrong = feeds(prediction.data.map((value, i) => value - errors[i]!));
  expect((await step.run(wrong, parameters)).numbers.loss).toBeCloseTo(score, 4);

  const before = await step.run(wrong, parameters);
  const length = globalNorm(before.gradients);
  for (const [name, gradient] of before.gradients) {
    const weight = parameters.get(name)!;
    gradient.forEach((slope, i) => {
      weight[i]! -= (STEP * slope) / length;
    });
  }
  const after = await step.run(wrong, parameters);
  expect((before.numbers.loss! - after.numbers.loss!) / (STEP * length)).toBeCloseTo(1, 1);
  await step.release();
}, 60_000);

/** Mean of the root mean squares of a (C, h·w) latent: of all of it, of its cells, of its channels. */
function lengthOf(latent: Float32Array): number {
  const cells = LATENT_SIDE ** 2;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const root = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value ** 2)));
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const byCell = range(cells).map((cell) => root(range(LATENT_CHANNELS).map((c) => latent[c * cells + cell]!)));
  const byChannel = range(LATENT_CHANNELS).map((c) => root([...latent.subarray(c * cells, (c + 1) * cells)]));
  return mean([root([...latent]), mean(byCell), mean(byChannel)]);
}
