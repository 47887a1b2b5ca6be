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

  const graph = studentGraph(file('denoiser.onnx'), SHAPES, 2);
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
  expect((await step.run(feeds(prediction.data), parameters)).numbers.loss).toBeLessThan(1e-9);

  const elsewhere = feeds(prediction.data.map((value) => value + 0.1));
  const before = await step.run(elsewhere, parameters);
  const length = globalNorm(before.gradients);
  for (const [name, gradient] of before.gradients) {
    const weight = parameters.get(name)!;
    gradient.forEach((slope, i) => {
      weight[i]! -= (0.3 * slope) / length;
    });
  }
  const after = await step.run(elsewhere, parameters);
  expect(before.numbers.loss).toBeCloseTo(0.01, 4);
  expect(after.numbers.loss).toBeLessThan(0.9 * before.numbers.loss!);
  await step.release();
}, 60_000);
