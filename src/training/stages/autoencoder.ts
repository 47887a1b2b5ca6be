/**
 * Stage 3: the autoencoder whose latents the diffusion lives in. Loss: L1, L1 of pixel differences (edges), KL, and a linear
 * probe that must read the labels out of each latent cell, so that latents are arranged by meaning (after Yao et al. 2025, VA-VAE,
 * with the corpus's own masks in place of a foundation model).
 */
import { seededNoise } from '#diffusion/noise.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, exp, log, mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { slice } from '#onnx/ops/layout.ts';
import { meanAll, reduceMean } from '#onnx/ops/reduction.ts';
import type { TrainingConfig } from '../config.ts';
import { CELL, decoder, encoder } from '../networks/autoencoder.ts';
import { conv } from '../networks/layers.ts';
import { parametersFor } from '../trainer/checkpoint.ts';
import { defaultLoop, type LoopOptions, trainStage } from '../trainer/train-loop.ts';
import { initializeParameters, TrainingStep } from '../trainer/training-step.ts';
import { imageBatch, labelMaps } from './batches.ts';
import type { StageContext } from './context.ts';
import type { LatentStatistics } from './latents.ts';
import { binaryCrossEntropy, edgeLoss, klLoss, l1 } from './losses.ts';
import { principalComponents } from './principal-components.ts';
import { reconstructionSheet } from './sheets.ts';
import { invertedDecoder, startFolder, startStatistics, startWeights } from './start.ts';
import { type LatentPair, packagePairs } from './start-pairs.ts';

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
  known?: LatentStatistics,
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
  const told = known ? slice(g, probe, [0], [batch / 2], [batch]) : probe;
  const label = meanAll(g, binaryCrossEntropy(g, told, g.input('labels', told.shape)));
  const { klWeight, labelWeight } = config.autoencoder;
  // The probe's loss is a mean over mostly empty channels: scaled by their number it weighs like one decision per cell.
  const loss = add(g, add(g, add(g, pixels, edges), scale(g, kl, klWeight)), scale(g, label, labelWeight * labels));
  if (!known) return { g, loss, numbers: { loss, pixels, edges, kl, label } };
  // Pairs come first in a batch, then scenes, as many of each.
  const pairs = batch / 2;
  const off = sub(g, slice(g, mean, [0], [0], [pairs]), g.input('latent', [pairs, ...mean.shape.slice(1)]));
  const unit = known.deviations.map((deviation) => 1 / (known.scale * deviation));
  const row = g.constant({ type: 'float32', shape: [1, unit.length, 1, 1], data: Float32Array.from(unit) });
  const meaning = meanAll(g, square(g, mul(g, off, row)));
  const spread = spreadLoss(g, slice(g, mean, [0], [pairs], [batch]), known);
  const all = add(g, add(g, loss, scale(g, meaning, MEANING_WEIGHT)), scale(g, spread, SPREAD_WEIGHT));
  return { g, loss: all, numbers: { loss: all, pixels, edges, kl, label, meaning, spread } };
}

/** How far means and deviations (of logarithm) of a batch's channels are from those that the package's denoiser was trained on. */
function spreadLoss(g: GraphBuilder, latent: Value, { mean, scale: common, deviations }: LatentStatistics): Value {
  const row = (numbers: readonly number[]) =>
    g.constant({ type: 'float32', shape: [1, numbers.length, 1, 1], data: Float32Array.from(numbers) });
  const standard = mul(g, sub(g, latent, row(mean)), row(deviations.map((one) => 1 / (common * one))));
  const centre = reduceMean(g, standard, [0, 2, 3]);
  const power = reduceMean(g, square(g, standard), [0, 2, 3]);
  return add(g, meanAll(g, square(g, centre)), meanAll(g, square(g, log(g, shift(g, power, 1e-4)))));
}

/**
 * Of the squared error of a pair's latent in units of its channels' deviations. Reconstruction alone does not tell an encoder how long a latent
 * is, for the decoder's norms undo that: fine channels came out three times as large as the package's denoiser expects.
 */
const MEANING_WEIGHT = 0.5;
/**
 * With pairs alone the encoder was right on what the package paints and, on scenes, still twice too large: longer latents suffer less from the
 * noise that is added to them.
 */
const SPREAD_WEIGHT = 0.1;

/** Trains encoder, decoder and probe. */
export async function trainAutoencoder(context: StageContext): Promise<void> {
  const { config, world, device } = context;
  const labels = new Map(world.objects.map((label, index) => [label, index]));
  const known = startStatistics(context);
  const crops = build(config, labels.size, CROP_BATCH, CROP, known);
  const wholes = build(config, labels.size, WHOLE_BATCH, config.imageSize);
  const begun = parametersFor(crops.g.parameters, await startWeights(context));
  const goesOn = begun.size > 0;
  // A package's denoiser knows the latents of its decoder: first a new encoder learns what they mean, then, with the encoder as it is, the
  // decoder learns to draw what is new.
  const isFirst = (name: string) => !goesOn || !name.startsWith('decoder.');
  const isSecond = (name: string) => !goesOn || !name.startsWith('encoder.');
  const linearMaps = goesOn ? invertedDecoder(begun) : await principalComponents(context);
  const cropStep = await TrainingStep.create({
    builder: crops.g,
    objectives: [{ loss: crops.loss, trains: isFirst }],
    numbers: crops.numbers,
    device,
  });
  const wholeStep = await TrainingStep.create({
    builder: wholes.g,
    objectives: [{ loss: wholes.loss, trains: isSecond }],
    numbers: wholes.numbers,
    device,
  });
  const seen = Math.max(CROP_BATCH, WHOLE_BATCH) * (await context.store.stepsTrained('autoencoder'));
  const pairs = known
    ? await packagePairs(context, startFolder(config.start), known, config.autoencoder.startPairs)
    : [];
  const loader = context.loader('autoencoder', seen);
  const noise = seededNoise(config.seed + 1);
  const options: LoopOptions = { ...defaultLoop, learningRate: 1.5e-3, finalRate: 0.03 };
  const cells = config.imageSize / CELL;

  const ema = await trainStage({
    name: 'autoencoder',
    budget: { minutes: config.minutes.autoencoder },
    store: context.store,
    initial: initializeParameters(crops.g, config.seed, new Map([...begun, ...linearMaps])),
    trained: [...new Set([...cropStep.trained, ...wholeStep.trained])],
    options,
    picturesPerStep: WHOLE_BATCH,
    async step(parameters, { progress }) {
      const whole = progress > CROP_SHARE;
      const batch = whole ? WHOLE_BATCH : CROP_BATCH;
      const size = whole ? config.imageSize : CROP;
      const paired =
        !whole && known ? Array.from({ length: CROP_BATCH / 2 }, () => pairs[noise.integer(pairs.length)]!) : [];
      const scenes = await loader.scenes(whole ? WHOLE_BATCH : CROP_BATCH / 2);
      const records = whole || known ? scenes : [...scenes, ...scenes];
      const pictures = [...paired, ...records];
      const spare = cells - size / CELL;
      const at = pictures.map(() => [noise.integer(spare + 1), noise.integer(spare + 1)] as const);
      const count = batch * config.autoencoder.latentChannels * (size / CELL) ** 2;
      const feeds = {
        image: imageBatch(
          pictures,
          size,
          at.map(([x, y]) => [x * CELL, y * CELL] as const),
        ),
        labels: labelMaps(records, { labels, cells: size / CELL, at: at.slice(paired.length), whole: cells }),
        // None where the encoder is learned anew: latents must not grow to drown it.
        noise: paired.length > 0 ? new Float32Array(count) : noise.normals(count),
        ...(paired.length > 0 && { latent: latentCrops(paired, at, cells, size / CELL) }),
      };
      return (whole ? wholeStep : cropStep).run(feeds, parameters);
    },
    sample: (weights, step) => reconstructionSheet(context, weights, step),
  });
  await context.store.publish('autoencoder', ema);
  await Promise.all([cropStep.release(), wholeStep.release(), loader.close()]);
}

/** (B, C, part, part) of latents (C, cells, cells), cropped at cells (x, y). */
function latentCrops(
  pairs: readonly LatentPair[],
  at: readonly (readonly [number, number])[],
  cells: number,
  part: number,
): Float32Array {
  const channels = (pairs[0]?.latent.length ?? 0) / cells ** 2;
  const crops = new Float32Array(pairs.length * channels * part * part);
  let next = 0;
  pairs.forEach(({ latent }, index) => {
    const [left, top] = at[index] as readonly [number, number];
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < part; y++) {
        const from = (channel * cells + top + y) * cells + left;
        crops.set(latent.subarray(from, from + part), next);
        next += part;
      }
    }
  });
  return crops;
}
