/** L_recon of one batch through a UNet that Optimum exported, and its gradient at every weight, beside PyTorch's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '#engine/formats/safetensors.ts';
import { adapterInputs } from '#engine/stable-diffusion/adapter-feeds.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { buildFinetuneGraph, openFinetuneStep } from './finetune-step.ts';
import { training } from './workshop.fixture.ts';

const folder = join(import.meta.dirname, 'golden');
const tensorsOf = (file: string) => readSafetensors(readFileSync(join(folder, file))).tensors;
const norm = (values: Float32Array): number => Math.hypot(...values);

it('gradients of all 440 weights are the reference’s', { timeout: 120_000 }, async () => {
  const model = {
    latent: [4, 16, 16] as const,
    readUnet: () => ({
      bytes: new Uint8Array(readFileSync(join(folder, 'unet.onnx'))),
      external: () => new Uint8Array(),
    }),
  };
  const room = { objects: 1, relations: 1, tokens: 77, length: 77 };
  const options = { ...training, train: 'everything' as const, batch: 2 };
  const built = await buildFinetuneGraph(model, { room, width: 32, features: 0, fusion: 'labels' as const }, options);
  expect([built.weights.size, built.sharesTimestep]).toEqual([440, false]);
  const step = await openFinetuneStep(built, 'cpu', 1);

  const batch = tensorsOf('unet-batch.safetensors');
  const given = (name: string) => Float32Array.from(batch.get(name)!.data as ArrayLike<number>);
  const none = Object.fromEntries(
    adapterInputs.map((name) => {
      const { shape } = built.g.inputs.find((input) => input.name === name)!;
      return [name, new Float32Array(shape.reduce((product, size) => product * size, 1))];
    }),
  );
  const feeds = {
    ...none,
    text_places: Float32Array.from({ length: 2 * 77 * 77 }, (_, i) => Number((i % 77 ** 2) % 78 === 0)),
    hidden_states: given('encoder_hidden_states'),
    empty_states: new Float32Array(77 * 32),
    keep: Float32Array.of(1, 1),
    sample: given('noisy'),
    target: given('noise'),
    timestep: given('timesteps'),
    loss_scale: Float32Array.of(1),
  };
  const { numbers, gradients } = await step.run(feeds, initializeParameters(built.g, 1, new Map(built.weights)));
  await step.release();
  expect(numbers.reconstruction).toBeCloseTo(0.7650284767150879, 5);
  const expected = tensorsOf('unet-gradients.safetensors');
  expect(expected.size).toBe(440);
  for (const [name, { data }] of expected) {
    const theirs = Float32Array.from(data as ArrayLike<number>);
    const missed = gradients.get(name)!.map((value, i) => value - theirs[i]!);
    expect(norm(missed), name).toBeLessThan(1e-3 * norm(theirs));
  }
});
