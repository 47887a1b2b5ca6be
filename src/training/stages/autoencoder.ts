/**
 * Stage 3: the decoder of the latents that the diffusion lives in learns to paint what they say, with a little noise on them; encoding is
 * exact. Loss: L1 and L1 of pixel differences (edges); drawings weigh more than ground.
 */
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, mul } from '#onnx/ops/arithmetic.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import { drawnTextures, trimmed } from '#training/networks/decoder/textures.ts';
import { budgetOf } from '#training/run/budget.ts';
import type { StageContext } from '#training/run/context.ts';
import { decoderConfig } from '#training/run/model-config.ts';
import { startWeights } from '#training/run/start.ts';
import { parametersFor } from '#training/trainer/checkpoint.ts';
import { defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import { initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';
import { drawingFeeds, pixelWeights, sceneLatent } from './feeds/autoencoder-feeds.ts';
import { imageBatch } from './feeds/batches.ts';
import { edgeLoss, l1 } from './losses/losses.ts';
import { reconstructionSheet } from './sheets/sheets.ts';

const FIRST_RATE = 3e-3;
/** Of a decoder that goes on: at the first rate its loss rose from 0.095 to 0.139 in 90 steps. */
const NEXT_RATE = 5e-4;

export async function trainAutoencoder(context: StageContext): Promise<void> {
  const { config, device } = context;
  const { batch, noise: mostNoise, objectWeight, things } = config.autoencoder;
  const size = config.imageSize;
  const g = new GraphBuilder();
  const image = g.input('image', [batch, 3, size, size]);
  const latent = g.input('latent', [batch, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]);
  const known = {
    drawings: g.input('drawings', [batch, GRID * GRID], 'int32'),
    style: g.input('style', [batch], 'int32'),
  };
  const output = decoder(g, decoderConfig(config), latent, known);
  const weight = g.input('weight', [batch, 1, size, size]);
  const pixels = l1(g, mul(g, output, weight), mul(g, image, weight));
  const edges = edgeLoss(g, output, image);
  const loss = add(g, pixels, edges);
  const begun = parametersFor(g.parameters, drawnTextures(config.autoencoder.texels), await startWeights(context));
  const step = await TrainingStep.create({
    builder: g,
    objectives: [{ loss }],
    numbers: { loss, pixels, edges },
    device,
  });
  const offset = batch * (await context.store.stepsTrained('autoencoder'));
  const loader = context.loader('autoencoder', { offset, things, evenly: 1, mixture: config.mixture });
  const noise = seededNoise(config.seed + 1 + offset);

  const ema = await trainStage({
    name: 'autoencoder',
    budget: budgetOf(config, 'autoencoder'),
    store: context.store,
    initial: initializeParameters(g, config.seed, begun),
    trained: step.trained,
    options: {
      ...defaultLoop,
      learningRate: config.start === '' ? FIRST_RATE : NEXT_RATE,
      warmUpSteps: 50,
      finalRate: 0.03,
    },
    picturesPerStep: batch,
    async step(parameters) {
      const scenes = await loader.scenes(batch);
      const latents = scenes.map((scene) => {
        const deviation = mostNoise * noise.uniform();
        return sceneLatent(scene).map((value) => value + deviation * noise.normal());
      });
      const feeds = { image: imageBatch(scenes), latent: joined(latents), weight: pixelWeights(scenes, objectWeight) };
      return step.run({ ...feeds, ...drawingFeeds(scenes) }, parameters);
    },
    sample: (weights, at) => reconstructionSheet(context, weights, at),
  });
  await context.store.publish('autoencoder', trimmed(ema, config.autoencoder.texels));
  await Promise.all([step.release(), loader.close()]);
}
