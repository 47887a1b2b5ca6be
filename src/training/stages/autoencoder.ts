/**
 * Stage 3: the autoencoder whose latents the diffusion lives in. Loss: L1, L1 of pixel differences (edges), KL, and a linear
 * probe that must read the labels out of each latent cell, so that latents are arranged by meaning (after Yao et al. 2025, VA-VAE,
 * with the corpus's own masks in place of a foundation model).
 */
import { seededNoise } from '#diffusion/noise.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, exp, mul, scale } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import type { TrainingConfig } from '../config.ts';
import { CELL, decoder, encoder } from '../networks/autoencoder.ts';
import { conv } from '../networks/layers.ts';
import { parametersFor } from '../trainer/checkpoint.ts';
import { defaultLoop, type LoopOptions, trainStage } from '../trainer/train-loop.ts';
import { initializeParameters, TrainingStep } from '../trainer/training-step.ts';
import { imageBatch, labelMaps } from './batches.ts';
import type { StageContext } from './context.ts';
import { binaryCrossEntropy, edgeLoss, klLoss, l1 } from './losses.ts';
import { principalComponents } from './principal-components.ts';
import { reconstructionSheet } from './sheets.ts';
import { invertedDecoder, startStatistics, startWeights } from './start.ts';
import { encoderLesson } from './start-encoder.ts';

/** Crops make four times as many different examples of the same work; whole pictures teach the last part what borders look like. */
const CROP = 64;
const CROP_BATCH = 12;
const WHOLE_BATCH = 4;
const CROP_SHARE = 0.5;

function build(
  config: TrainingConfig,
  labels: number,
  batch: number,
  size: number,
): { g: GraphBuilder; loss: Value; numbers: Record<string, Value> } {
  const g = new GraphBuilder();
  const image = g.input('image', [batch, 3, size, size]);
  const { mean, logVariance } = encoder(g, config.autoencoder, image);
  const noise = g.input('noise', mean.shape);
  const latent = add(g, mean, mul(g, exp(g, scale(g, logVariance, 0.5)), noise));
  const output = decoder(g, config.autoencoder, latent);
  const pixels = l1(g, output, image);
  const edges = edgeLoss(g, output, image);
  const kl = klLoss(g, mean, logVariance);
  const probe = conv(g, 'probe', latent, labels, 1);
  const label = meanAll(g, binaryCrossEntropy(g, probe, g.input('labels', probe.shape)));
  const { klWeight, labelWeight } = config.autoencoder;
  // The probe's loss is a mean over mostly empty channels: scaled by their number it weighs like one decision per cell.
  const loss = add(g, add(g, add(g, pixels, edges), scale(g, kl, klWeight)), scale(g, label, labelWeight * labels));
  return { g, loss, numbers: { loss, pixels, edges, kl, label } };
}

/** Trains encoder, decoder and probe. */
export async function trainAutoencoder(context: StageContext): Promise<void> {
  const { config, world, device } = context;
  const labels = new Map(world.objects.map((label, index) => [label, index]));
  const known = startStatistics(context);
  const crops = build(config, labels.size, CROP_BATCH, CROP);
  const wholes = build(config, labels.size, WHOLE_BATCH, config.imageSize);
  const begun = parametersFor(crops.g.parameters, await startWeights(context));
  // A package's denoiser knows the latents of its decoder: first a new encoder learns what they mean, then, with the encoder as it is, the
  // decoder learns to draw what is new.
  const used = (await context.store.secondsTrained('autoencoder')) / (60 * config.minutes.autoencoder);
  const lesson = known && used <= CROP_SHARE ? await encoderLesson(context, known) : undefined;
  const trains = (name: string) => !known || !name.startsWith('encoder.');
  const linearMaps = known ? invertedDecoder(begun) : await principalComponents(context);
  const stepOf = ({ g, loss, numbers }: typeof crops) =>
    TrainingStep.create({ builder: g, objectives: [{ loss, trains }], numbers, device });
  const [cropStep, wholeStep] = [await stepOf(crops), await stepOf(wholes)];
  const seen = Math.max(CROP_BATCH, WHOLE_BATCH) * (await context.store.stepsTrained('autoencoder'));
  const loader = context.loader('autoencoder', seen);
  const noise = seededNoise(config.seed + 1);
  const options: LoopOptions = { ...defaultLoop, learningRate: 1.5e-3, finalRate: 0.03 };
  const cells = config.imageSize / CELL;

  const ema = await trainStage({
    name: 'autoencoder',
    budget: { minutes: config.minutes.autoencoder },
    store: context.store,
    initial: initializeParameters(crops.g, config.seed, new Map([...begun, ...linearMaps])),
    trained: [...crops.g.parameters.keys()],
    options,
    picturesPerStep: WHOLE_BATCH,
    async step(parameters, { progress }) {
      const whole = progress > CROP_SHARE;
      if (lesson && !whole) return lesson.step.run(await lesson.feeds(), parameters);
      const batch = whole ? WHOLE_BATCH : CROP_BATCH;
      const size = whole ? config.imageSize : CROP;
      const records = await loader.scenes(whole ? WHOLE_BATCH : CROP_BATCH / 2);
      const pictures = whole ? records : [...records, ...records];
      const spare = cells - size / CELL;
      const at = pictures.map(() => [noise.integer(spare + 1), noise.integer(spare + 1)] as const);
      const feeds = {
        image: imageBatch(
          pictures,
          size,
          at.map(([x, y]) => [x * CELL, y * CELL] as const),
        ),
        labels: labelMaps(pictures, { labels, cells: size / CELL, at, whole: cells }),
        noise: noise.normals(batch * config.autoencoder.latentChannels * (size / CELL) ** 2),
      };
      return (whole ? wholeStep : cropStep).run(feeds, parameters);
    },
    sample: (weights, step) => reconstructionSheet(context, weights, step),
  });
  await context.store.publish('autoencoder', ema);
  await Promise.all([cropStep.release(), wholeStep.release(), lesson?.close(), loader.close()]);
}
