/**
 * The stage `graph-encoder`: the encoder is the generator of a GAN whose real samples are CLIP's features of the pictures and whose fakes are
 * G_global (alignment-gan.ts), plus the MMD term.
 */
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { adapterInputs } from '#engine/stable-diffusion/adapter-feeds.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import { pairCosines } from '#training/evaluation/scores/pair-cosines.ts';
import { recallAt } from '#training/evaluation/scores/recall.ts';
import { meanOf } from '#training/evaluation/scores/score.ts';
import { type GraphAdapterConfig, graphAdapterInputs, summedUp } from '#training/networks/graph-adapter.ts';
import { alignmentGan, dropoutFeeds, ganLoop } from '#training/stages/losses/alignment-gan.ts';
import type { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { type Budget, trainStage } from '#training/trainer/train-loop.ts';
import {
  type Device,
  type Feeds,
  ForwardPass,
  initializeParameters,
  TrainingStep,
} from '#training/trainer/training-step.ts';
import type { Example, FeatureSet } from './features.ts';

export interface GraphEncoderOptions {
  readonly budget: Budget;
  readonly seed: number;
  readonly device: Device;
}

/** The authors' code's; of fewer pictures, as many as there are. */
const BATCH = 16;

/** Trains, or goes on; the averaged weights. The set has CLIP features. */
export async function trainGraphEncoder(
  set: FeatureSet,
  config: GraphAdapterConfig,
  store: CheckpointStore,
  { budget, seed, device }: GraphEncoderOptions,
): Promise<Map<string, Float32Array>> {
  const batch = Math.min(BATCH, set.count);
  const { g, step } = await openGan(set, config, batch, device);
  const random = seededNoise(seed + 5 + 1000 * Math.round(await store.secondsTrained('graph-encoder')));
  try {
    const weights = await trainStage({
      name: 'graph-encoder',
      budget,
      store,
      initial: initializeParameters(g, seed),
      trained: step.trained,
      options: ganLoop,
      picturesPerStep: batch,
      step(parameters) {
        const examples = Array.from({ length: batch }, () => set.example(random.integer(set.count)));
        return step.run(
          { ...encoderFeeds(examples), ...dropoutFeeds(random, batch), feature: featuresOf(examples) },
          parameters,
        );
      },
    });
    await store.publish('graph-encoder', weights);
    return weights;
  } finally {
    await step.release();
  }
}

async function openGan(
  { room, width, features }: FeatureSet,
  config: GraphAdapterConfig,
  batch: number,
  device: Device,
) {
  const g = new GraphBuilder();
  const { gGlobal } = summedUp(g, config, graphAdapterInputs(g, { batch, width, ...room }));
  const real = g.input('feature', [batch, features]);
  const { judge, fooling, discrepancy, cosine } = alignmentGan(g, gGlobal, real);
  const loss = add(g, fooling, discrepancy);
  const step = await TrainingStep.create({
    builder: g,
    objectives: [
      { loss, trains: (name) => !name.startsWith('discriminator.') },
      { loss: judge, trains: (name) => name.startsWith('discriminator.') },
    ],
    numbers: { loss, judge, fooling, mmd: discrepancy, cosine },
    device,
  });
  return { g, step };
}

const encoderFeeds = (examples: readonly Example[]): Feeds => ({
  hidden_states: joined(examples.map(({ text }) => text)),
  ...Object.fromEntries(adapterInputs.map((name) => [name, joined(examples.map(({ feeds }) => feeds[name].data))])),
});

const featuresOf = (examples: readonly Example[]): Float32Array => joined(examples.map(({ feature }) => feature!));

export interface EncoderAlignment {
  readonly pictures: number;
  /** Mean cosine of G_global and the CLIP feature of its own picture, and of others. */
  readonly own: number;
  readonly others: number;
  /** Share of graphs whose own picture is the nearest, and among the nearest ten. */
  readonly recallAt1: number;
  readonly recallAt10: number;
}

/** Pictures that are compared with one another. */
const COMPARED = 1000;

/** How far G_global is where its picture is, on the first pictures of the set. */
export async function measureEncoder(
  set: FeatureSet,
  config: GraphAdapterConfig,
  weights: ReadonlyMap<string, Float32Array>,
  device: Device,
): Promise<EncoderAlignment> {
  const g = new GraphBuilder();
  g.output('global', summedUp(g, config, graphAdapterInputs(g, { batch: 1, width: set.width, ...set.room })).gGlobal);
  const forward = await ForwardPass.create(g, device);
  const pictures = Math.min(COMPARED, set.count);
  const [globals, features]: [Float32Array[], Float32Array[]] = [[], []];
  for (let i = 0; i < pictures; i++) {
    const example = set.example(i);
    globals.push((await forward.run(encoderFeeds([example]), weights)).global!.slice());
    features.push(example.feature!);
  }
  await forward.release();
  const [queries, targets] = [joined(globals), joined(features)];
  const [recallAt1 = 0, recallAt10 = 0] = recallAt(queries, targets, set.features, [1, 10]);
  const { own, others } = pairCosines(globals, features);
  return { pictures, own: meanOf(own), others: pictures > 1 ? others : 0, recallAt1, recallAt10 };
}
