/**
 * Stage 5: the graph encoder is the generator of a GAN whose real samples are CLIP image features and whose fakes are G_global (alignment-gan.ts),
 * plus the MMD term.
 */
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, greater, neg, scale } from '#onnx/ops/arithmetic.ts';
import { cast, concat } from '#onnx/ops/layout.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { encodeGraph } from '#training/networks/graph-encoder.ts';
import { budgetOf } from '#training/run/budget.ts';
import type { StageContext } from '#training/run/context.ts';
import { graphEncoderConfig } from '#training/run/model-config.ts';
import { startStatistics, startWeights } from '#training/run/start.ts';
import { parametersFor } from '#training/trainer/checkpoint.ts';
import { trainStage } from '#training/trainer/train-loop.ts';
import { type Feeds, initializeParameters, type StepGraph, TrainingStep } from '#training/trainer/training-step.ts';
import { graphFeeds, PADDED, trainingGraphInputs } from './feeds/graph-feeds.ts';
import { paintersGraph } from './feeds/training-graphs.ts';
import { type LatentRecord, LatentSet } from './latents.ts';
import { alignmentGan, dropoutFeeds, ganLoop } from './losses/alignment-gan.ts';
import { fillPlaces, placeLoss } from './losses/places.ts';

const BATCH = 32;
const CELLS = LATENT_SIDE ** 2;

/** The game: the graph encoder goes downhill on `loss`, the discriminator on `judge`; CLIP's label embedding stays. */
export function buildGraphEncoderGame(context: StageContext): StepGraph {
  const { config } = context;
  const g = new GraphBuilder();
  const encoded = encodeGraph(g, graphEncoderConfig(context), config.clip, trainingGraphInputs(g, context, BATCH));
  const real = g.input('feature', encoded.gGlobal.shape);
  const { judge, fooling, discrepancy, cosine, fakeSeen, realSeen } = alignmentGan(g, encoded.gGlobal, real);
  const where = g.input('places', [BATCH, PADDED.objects, CELLS]);
  const places = placeLoss(g, 'places.local', encoded.objectVectors, where);
  const align = add(g, fooling, scale(g, discrepancy, config.graphEncoder.mmdWeight));
  const loss = add(g, align, scale(g, places, config.graphEncoder.placeWeight));
  const right = cast(g, greater(g, concat(g, [realSeen, neg(g, fakeSeen)], 0), g.scalar(0)), 'float32');
  return {
    builder: g,
    objectives: [
      { loss, trains: (name) => name.startsWith('graph.') || name.startsWith('places.') },
      { loss: judge, trains: (name) => name.startsWith('discriminator.') },
    ],
    numbers: { loss, judge, fooling, places, mmd: discrepancy, accuracy: meanAll(g, right), cosine },
  };
}

/** A batch: CLIP features, graphs of the scenes, where their objects are, and what dropout lets through. */
export function graphEncoderFeeds(context: StageContext, records: readonly LatentRecord[], random: NoiseSource): Feeds {
  const count = records.length;
  const drops = dropoutFeeds(random, count);
  const samples = records.map(({ scene }) => paintersGraph(context.config, scene, random));
  const places = new Float32Array(count * PADDED.objects * CELLS);
  samples.forEach(({ objects }, index) => {
    const rows = places.subarray(index * PADDED.objects * CELLS, (index + 1) * PADDED.objects * CELLS);
    fillPlaces(rows, objects, records[index]!.masks, CELLS, 'object');
  });
  const feature = joined(records.map(({ feature }) => feature));
  return { feature, places, ...drops, ...graphFeeds(context, samples) };
}

export async function trainGraphEncoder(context: StageContext): Promise<void> {
  const { config, device, store } = context;
  const latents = new LatentSet(context, startStatistics(context));
  const game = buildGraphEncoderGame(context);
  const known = parametersFor(game.builder.parameters, await startWeights(context), await store.weights('clip'));
  const initial = initializeParameters(game.builder, config.seed, known);
  if (config.start !== '') {
    // Anew from the GAN, S_cond would no longer be what the package's denoiser reads; fine-tuning keeps to L_CLIP and L_MMD.
    context.say(`graph-encoder: that of ${config.start} is aligned already`);
    await store.publish('graph-encoder', initial);
    return;
  }
  const step = await TrainingStep.create({ ...game, device });
  const random = seededNoise(config.seed + 5);
  const ema = await trainStage({
    name: 'graph-encoder',
    budget: budgetOf(config, 'graph-encoder'),
    store,
    initial,
    trained: step.trained,
    options: ganLoop,
    picturesPerStep: BATCH,
    step(parameters) {
      const records = Array.from({ length: BATCH }, () => latents.draw(random));
      return step.run(graphEncoderFeeds(context, records, random), parameters);
    },
  });
  await store.publish('graph-encoder', ema);
  await step.release();
}
