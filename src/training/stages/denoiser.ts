/**
 * Stages 6 and 7. `denoiser` trains on labels alone: our stand-in for a pre-trained text-to-image model. `finetune` is the paper's
 * step: S_cond from the whole graph, L_train = λ·L_recon + (1 − λ)·(β·L_CLIP + (1 − β)·L_MMD).
 */
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, log, mul, neg, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { slice, unsqueeze } from '#onnx/ops/layout.ts';
import { meanAll, sumAll } from '#onnx/ops/reduction.ts';
import { isThing } from '#training/corpus/world/scene.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import {
  FEATURE_COUNT,
  LATENT_CHANNELS,
  LATENT_SIDE,
  nightFeatures,
  paintFeatures,
} from '#training/networks/autoencoder.ts';
import { drawingLoss, settingLoss } from '#training/networks/bayes.ts';
import { denoiser } from '#training/networks/denoiser.ts';
import { encodeGraph, fuse } from '#training/networks/graph-encoder.ts';
import { budgetOf } from '#training/run/budget.ts';
import type { StageContext } from '#training/run/context.ts';
import {
  denoiserConfig,
  FEATURE_SCALE,
  graphEncoderConfig,
  PARAMETRISATION,
  SIGMA_DATA,
  SIGMA_RANGE,
} from '#training/run/model-config.ts';
import { keptFrom, startStatistics, startWeights } from '#training/run/start.ts';
import { parametersFor } from '#training/trainer/checkpoint.ts';
import { type Budget, defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import { type Feeds, initializeParameters, type StepGraph, TrainingStep } from '#training/trainer/training-step.ts';
import { canonicalSample } from './feeds/canonical-sample.ts';
import { graphFeeds, PADDED, TRAINING_LAYOUT, trainingGraphInputs } from './feeds/graph-feeds.ts';
import { paintersGraph } from './feeds/training-graphs.ts';
import { type LatentRecord, LatentSet } from './latents.ts';
import { l2, mmd } from './losses/losses.ts';
import { fillMeanings, MEANING, meaningLoss } from './losses/meanings.ts';
import { fillPlaces, placeLoss } from './losses/places.ts';
import { sizeWeight } from './losses/size-weight.ts';
import { paintedSheet } from './sheets/painted-sheet.ts';

type Stage = 'denoiser' | 'finetune';

/** The loss and its parts by name, and what learns: all but CLIP. @param statistics of the latents that it is fed */
export function buildDenoiserGraph(context: StageContext, stage: Stage, statistics: LatentStatistics): StepGraph {
  const { config } = context;
  const { batch } = config.denoiser;
  const g = new GraphBuilder();
  const inputs = trainingGraphInputs(g, context, batch);
  const encoder = graphEncoderConfig(context);
  const encoded = stage === 'finetune' ? encodeGraph(g, encoder, config.clip, inputs) : undefined;
  const { sCond, mask } = fuse(g, encoder, config.clip, inputs, encoded);
  const shape = denoiserConfig(context, statistics);
  const cells = shape.height * shape.width;
  const sample = g.input('sample', [batch, shape.latentChannels, shape.height, shape.width]);
  const timestep = g.input('timestep', [batch]);
  // 0 for pictures that are trained without conditioning: the denoiser then sees its null token alone.
  const kept = mul(g, mask, unsqueeze(g, g.input('keep', [batch]), [1]));
  const { prediction, attention, expectation, read, drawings, setting } = denoiser(g, shape, {
    sample,
    timestep,
    sCond,
    mask: kept,
  });
  const errors = mul(g, square(g, sub(g, prediction, g.input('target', prediction.shape))), channelWeights(g));
  const weight = g.input('weight', [batch, 1, shape.height, shape.width]);
  const reconstruction = meanAll(g, mul(g, errors, weight));
  const numbers: Record<string, Value> = { reconstruction };
  let loss = reconstruction;
  if (config.denoiser.drawingWeight > 0) {
    const latent = g.input('latent', sample.shape);
    numbers.drawing = drawingLoss(g, shape, latent, drawings, weight);
    numbers.setting = settingLoss(g, shape, latent, setting);
    loss = add(g, loss, scale(g, add(g, numbers.drawing, numbers.setting), config.denoiser.drawingWeight));
  }
  if (config.denoiser.groundingWeight > 0) {
    const places = g.input('places', [batch, TRAINING_LAYOUT.tokens, cells]);
    const paidTo = (maps: Value) => slice(g, maps, [1], [0], [TRAINING_LAYOUT.tokens]); // without copies of G_global
    const grounding = groundingLoss(g, paidTo(attention), places);
    const expecting = groundingLoss(g, paidTo(expectation), places);
    Object.assign(numbers, { grounding, expecting });
    loss = add(g, loss, scale(g, add(g, grounding, expecting), config.denoiser.groundingWeight));
  }
  const { meaningWeight } = config.denoiser;
  if (meaningWeight > 0) {
    const objects = objectTokens(g, sCond);
    const shape = [batch, PADDED.objects, MEANING];
    const meaning = meaningLoss(g, 'meanings', objects, g.input('meanings', shape), g.input('meant', shape));
    numbers.meaning = meaning;
    loss = add(g, loss, scale(g, meaning, meaningWeight));
  }
  if (encoded) {
    const { lambda, beta } = config.finetune;
    if (config.graphEncoder.placeWeight > 0 && encoder.fusion !== 'labels' && encoder.fusion !== 'words') {
      const where = g.input('where', [batch, PADDED.objects, cells]);
      const placesIn = (tokens: Value, name: string) => placeLoss(g, name, objectTokens(g, tokens), where);
      const places = placesIn(sCond, 'places.tokens');
      const found = placesIn(read, 'places.read');
      Object.assign(numbers, { places, found });
      loss = add(g, loss, scale(g, add(g, places, found), config.graphEncoder.placeWeight));
    }
    const feature = g.input('feature', encoded.gGlobal.shape);
    const [ours, theirs] = [scale(g, encoded.gGlobal, FEATURE_SCALE), scale(g, feature, FEATURE_SCALE)] as const;
    const clip = l2(g, ours, theirs);
    const discrepancy = mmd(g, ours, theirs);
    numbers.clip = clip;
    numbers.mmd = discrepancy;
    numbers.cosine = scale(g, sumAll(g, mul(g, encoded.gGlobal, feature)), 1 / batch);
    const align = add(g, scale(g, clip, beta), scale(g, discrepancy, 1 - beta));
    loss = add(g, scale(g, loss, lambda), scale(g, align, 1 - lambda));
  }
  const trains = (name: string) => !name.startsWith('clip.');
  return { builder: g, objectives: [{ loss, trains }], numbers: { loss, ...numbers } };
}

/** (B, S, D) → (B, O, D) */
const objectTokens = (g: GraphBuilder, sCond: Value): Value =>
  slice(g, sCond, [1], [TRAINING_LAYOUT.objects.start], [TRAINING_LAYOUT.objects.end]);

/** Paint and night are zero in most cells and 1 % of the squares, and pictures ignored both: they count so many times. */
const SELDOM_WEIGHT = 6;

/** (1, C, 1, 1) */
function channelWeights(g: GraphBuilder): Value {
  const seldom = new Set([...paintFeatures, ...nightFeatures]);
  const data = Float32Array.from({ length: LATENT_CHANNELS }, (_, channel) =>
    seldom.has(channel % FEATURE_COUNT) ? SELDOM_WEIGHT : 1,
  );
  return g.constant({ type: 'float32', shape: [1, LATENT_CHANNELS, 1, 1], data });
}

/** −log of the attention that each object's pixels pay to its token; `places` (B, S, h·w) weighs them and sums to 1 per picture. */
function groundingLoss(g: GraphBuilder, attention: Value, places: Value): Value {
  const [batch] = attention.shape as [number];
  const paid = neg(g, log(g, shift(g, attention, 1e-3)));
  return scale(g, sumAll(g, mul(g, places, paid)), 1 / batch);
}

/** Skipped where training goes on from a package: its denoiser knows more than labels already. */
export async function pretrainDenoiser(context: StageContext): Promise<void> {
  if (context.config.start === '') await trainDenoiser(context, 'denoiser');
  else context.say(`denoiser: fine-tuning goes on from ${context.config.start}`);
}

export const finetuneDenoiser = (context: StageContext, budget?: Budget): Promise<void> =>
  trainDenoiser(context, 'finetune', budget);

async function trainDenoiser(
  context: StageContext,
  stage: Stage,
  budget: Budget = budgetOf(context.config, stage),
): Promise<void> {
  const { config, device, store } = context;
  const latents = new LatentSet(context, startStatistics(context));
  const graph = buildDenoiserGraph(context, stage, latents.statistics);
  const { builder } = graph;
  const step = await TrainingStep.create({ ...graph, device });
  const before =
    stage === 'finetune'
      ? [
          ...(config.graphEncoder.aligned ? [await store.weights('graph-encoder')] : []),
          ...(config.start === '' ? [await store.weights('denoiser')] : []),
        ]
      : [];
  const start = await startWeights(context);
  const known = parametersFor(builder.parameters, start, await store.weights('clip'), ...before);
  const random = seededNoise(
    config.seed + (stage === 'finetune' ? 7 : 6) + 1000 * Math.round(await store.secondsTrained(stage)),
  );
  const ema = await trainStage({
    name: stage,
    budget,
    store,
    initial: initializeParameters(builder, config.seed, known),
    trained: step.trained,
    options: {
      ...defaultLoop,
      learningRate: stage === 'finetune' ? config.finetune.learningRate : config.denoiser.learningRate,
      // Fine-tuning goes on from the end of a decayed schedule and shares one decay with it.
      finalRate: stage === 'finetune' ? 0.02 : 0.5,
      warmUpSteps: 200,
    },
    picturesPerStep: config.denoiser.batch,
    step: (parameters) => {
      const records = Array.from({ length: config.denoiser.batch }, () => latents.draw(random));
      return step.run(denoiserFeeds(context, records, random), parameters);
    },
    sample: (weights, at) => paintedSheet(context, stage, weights, latents.statistics, at),
  });
  await store.publish(stage, keptFrom(start, ema, config.finetune.kept));
  await step.release();
}

/** A batch: graphs of the scenes, noise on their latents, and what is taught of them. Same records and source, same feeds. */
export function denoiserFeeds(context: StageContext, records: readonly LatentRecord[], random: NoiseSource): Feeds {
  const { config } = context;
  const parametrisation = createParametrisation(PARAMETRISATION, SIGMA_DATA);
  const size = records[0]?.latent.length ?? 0;
  const cells = LATENT_SIDE ** 2;
  const feeds = {
    latent: new Float32Array(records.length * size),
    sample: new Float32Array(records.length * size),
    target: new Float32Array(records.length * size),
    timestep: new Float32Array(records.length),
    keep: new Float32Array(records.length).fill(1),
    weight: new Float32Array(records.length * cells),
    places: new Float32Array(records.length * TRAINING_LAYOUT.tokens * cells),
    where: new Float32Array(records.length * PADDED.objects * cells),
    feature: new Float32Array(records.length * config.clip.featureWidth),
    meanings: new Float32Array(records.length * PADDED.objects * MEANING),
    meant: new Float32Array(records.length * PADDED.objects * MEANING),
  };
  const samples = records.map(({ scene }) => canonicalSample(paintersGraph(config, scene, random), scene.objects));
  records.forEach(({ latent, masks, feature, scene }, index) => {
    const { mean, deviation } = config.denoiser.logSigma;
    const { min, max } = SIGMA_RANGE;
    const sigma = Math.min(max, Math.max(min, Math.exp(mean + deviation * random.normal())));
    const noise = random.normals(size);
    feeds.latent.set(latent, index * size);
    feeds.sample.set(parametrisation.trainingInput(latent, noise, sigma), index * size);
    feeds.target.set(parametrisation.trainingTarget(latent, noise, sigma), index * size);
    feeds.timestep[index] = parametrisation.coefficients(sigma).timestep;
    const keep = random.uniform() >= config.denoiser.dropout;
    if (!keep) feeds.keep[index] = 0;
    feeds.feature.set(feature, index * config.clip.featureWidth);
    weighCells(
      feeds.weight.subarray(index * cells, (index + 1) * cells),
      masks,
      scene.objects.map(isThing),
      config.denoiser.objectWeight,
    );
    const sample = samples[index]!;
    const { objects } = sample;
    const [first, past] = [index, index + 1].map((row) => row * PADDED.objects * MEANING) as [number, number];
    fillMeanings(feeds.meanings.subarray(first, past), feeds.meant.subarray(first, past), sample, scene.objects);
    const at = index * PADDED.objects * cells;
    fillPlaces(feeds.where.subarray(at, at + PADDED.objects * cells), objects, masks, cells, 'object');
    if (keep) {
      const from = (index * TRAINING_LAYOUT.tokens + TRAINING_LAYOUT.objects.start) * cells;
      // At every noise level: far above the signal this teaches attention where the graph lets each object be, which is what moves
      // the picture when an edge changes.
      fillPlaces(feeds.places.subarray(from, from + PADDED.objects * cells), objects, masks, cells, 'area');
    }
  });
  return { ...feeds, ...graphFeeds(context, samples, () => random.uniform()) };
}

/** 1 + objectWeight · (visible share of things, the more the smaller they are), scaled to mean 1. */
function weighCells(weights: Float32Array, masks: Uint8Array, isThing: readonly boolean[], objectWeight: number): void {
  const cells = weights.length;
  weights.fill(1);
  isThing.forEach((thing, place) => {
    if (!thing) return;
    const mask = masks.subarray(place * cells, (place + 1) * cells);
    const size = mask.reduce((sum, share) => sum + share, 0) / 255;
    const weight = objectWeight * sizeWeight(size / cells);
    mask.forEach((share, cell) => {
      weights[cell] = weights[cell]! + (weight * share) / 255;
    });
  });
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / cells;
  for (let cell = 0; cell < cells; cell++) weights[cell] = weights[cell]! / mean;
}
