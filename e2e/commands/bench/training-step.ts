/** One training step: forward, gradients, clipping, AdamW. */
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { elements, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { adamW, clipScale, globalNorm } from '#onnx/optimizer.ts';
import { type Feeds, initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';
import { secondsOf } from './figures.ts';

/** Seconds of each round, on noise. */
export async function secondsOfSteps(builder: GraphBuilder, loss: Value, rounds: number): Promise<number[]> {
  const step = await TrainingStep.create({ builder, objectives: [{ loss }], numbers: { loss }, device: 'cpu' });
  const parameters = initializeParameters(builder, 1);
  const seconds = await secondsOf(rounds, optimised(step, randomFeeds(builder.inputs), parameters));
  await step.release();
  return seconds;
}

/** A step with its optimiser, to be done again and again. */
export function optimised(
  step: TrainingStep,
  feeds: Feeds,
  parameters: Map<string, Float32Array>,
): () => Promise<void> {
  const optimizer = adamW({ betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0.01 });
  let state = optimizer.init(parameters);
  return async () => {
    const { gradients } = await step.run(feeds, parameters);
    state = optimizer.update(parameters, gradients, state, 1e-5, clipScale(globalNorm(gradients), 1));
  };
}

function randomFeeds(inputs: readonly Value[]): Feeds {
  const noise = seededNoise(1);
  return Object.fromEntries(inputs.map(({ name, shape }) => [name, noise.normals(elements(shape))]));
}
