/**
 * The encoder that a package lacks, learned from its decoder and its denoiser, which stay as they are: what it makes of a picture must
 * mean to both what the latents meant that they were trained on.
 *
 * The decoder alone does not say: its norms undo the length of a latent, and reconstruction at 28 dB left the fine channels three times too
 * large (L_recon of the package's denoiser, as fine-tuning measures it, 15; 0.31 on latents that it paints itself). From an encoder that had
 * learned on painted pictures (6.8) the losses below brought the one that is measured here from 4.5 to 0.75 in five minutes and to 0.33 in
 * nine more, with reconstruction at 28.0 dB; fine-tuning in a new world then began at 0.85 instead of 5.8.
 */
import { seededNoise } from '#diffusion/noise.ts';
import { createParametrisation } from '#diffusion/parametrisation.ts';
import { joined } from '#diffusion/tensor.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, log, mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { concat, slice } from '#onnx/ops/layout.ts';
import { meanAll, reduceMean } from '#onnx/ops/reduction.ts';
import { openEvaluationModel } from '../metrics/evaluation-model.ts';
import { wordsOf } from '../metrics/test-graphs.ts';
import { CELL, decoder, encoder } from '../networks/autoencoder.ts';
import { denoiser } from '../networks/denoiser.ts';
import { encodeGraph, fuse } from '../networks/graph-encoder.ts';
import { parametersFor } from '../trainer/checkpoint.ts';
import { type Feeds, initializeParameters, TrainingStep } from '../trainer/training-step.ts';
import { imageBatch } from './batches.ts';
import type { StageContext } from './context.ts';
import { graphFeeds, trainingGraphInputs } from './graph-feeds.ts';
import type { LatentStatistics } from './latents.ts';
import { edgeLoss, l1 } from './losses.ts';
import { denoiserConfig, graphEncoderConfig, PARAMETRISATION, SIGMA_DATA, SIGMA_RANGE } from './model-config.ts';
import { startFolder, startWeights } from './start.ts';
import { packageLatents } from './start-latents.ts';

/** Scenes in the package's own words, which its denoiser can judge, and scenes of the whole world. */
const [KNOWN, WIDE] = [5, 3];
/** As many pictures that the decoder draws from latents at hand. */
const BATCH = KNOWN + WIDE;
/** Scenes of the whole world start behind those in the package's words. */
const WIDE_OFFSET = 1 << 22;

/** Of the squared error of a known latent, in units of its channels' deviations. */
const INVERSION_WEIGHT = 0.5;
/** Of the difference between the scenes' channels and the package's, in mean and logarithm of the deviation. */
const SPREAD_WEIGHT = 0.3;
/** Of the package's own L_recon on the latents of scenes in its words. */
const DENOISER_WEIGHT = 0.3;

/** Noise levels at which the denoiser judges, ln sigma ~ N(0.8, 1): low ones, where the latent shows through. */
const LOG_SIGMA = { mean: 0.8, deviation: 1 } as const;
/**
 * Known latents are those of painted pictures, which are smoother than scenes, so they are shaken: by noise of up to 0.8 of each channel's
 * deviation, with up to a quarter of their cells taken from another picture, and grain of up to 0.03 on what the decoder draws.
 */
const SHAKEN = { noise: 0.8, cells: 0.25, grain: 0.03 } as const;

export interface EncoderLesson {
  /** Trains `encoder.*`; reads `encoder.*` and `decoder.*`. */
  readonly step: TrainingStep;
  feeds(): Promise<Feeds>;
  close(): Promise<void>;
}

/**
 * @param known statistics of the latents that the package was trained on
 * @throws ConfigError when the package of `config.start` cannot be gone on from
 */
export async function encoderLesson(context: StageContext, known: LatentStatistics): Promise<EncoderLesson> {
  const { config, device } = context;
  const g = new GraphBuilder();
  const { loss, numbers } = build(g, context, known);
  const isLearned = (name: string) => name.startsWith('encoder.');
  const isFixed = (name: string) => !isLearned(name) && !name.startsWith('decoder.');
  const weights = initializeParameters(g, config.seed, parametersFor(g.parameters, await startWeights(context)));
  const step = await TrainingStep.create({
    builder: g,
    objectives: [{ loss, trains: isLearned }],
    numbers,
    device,
    fixed: { weights: new Map([...weights].filter(([name]) => isFixed(name))), half: false },
  });
  const model = await openEvaluationModel(startFolder(config.start));
  const latents = await packageLatents(model, config.things, known, config.autoencoder.startLatents);
  const seen = BATCH * (await context.store.stepsTrained('autoencoder'));
  const inItsWords = context.loader('autoencoder', seen, wordsOf(model.manifest));
  const wide = context.loader('autoencoder', WIDE_OFFSET + seen);
  const random = seededNoise(config.seed + 2);
  const { coefficients } = createParametrisation(PARAMETRISATION, SIGMA_DATA);

  const drawLatent = () => latents[random.integer(latents.length)] as Float32Array;
  const shaken = (): Float32Array => {
    const [one, other] = [drawLatent(), drawLatent()];
    const cells = one.length / known.deviations.length;
    const strength = random.uniform();
    const isOther = Array.from({ length: cells }, () => random.uniform() < SHAKEN.cells * strength);
    return one.map((value, i) => {
      const deviation = (known.deviations[Math.floor(i / cells)] as number) * known.scale;
      const from = isOther[i % cells] ? (other[i] as number) : value;
      return from + SHAKEN.noise * strength * deviation * random.normal();
    });
  };
  const sigmas = () =>
    Array.from({ length: BATCH }, () => {
      const { mean, deviation } = LOG_SIGMA;
      return Math.min(SIGMA_RANGE.max, Math.max(SIGMA_RANGE.min, Math.exp(mean + deviation * random.normal())));
    });

  const feeds = async (): Promise<Feeds> => {
    const records = [...(await inItsWords.records(KNOWN)), ...(await wide.records(WIDE))];
    const levels = sigmas();
    const each = levels.map(coefficients);
    const pixels = BATCH * 3 * config.imageSize ** 2;
    const grain = SHAKEN.grain * random.uniform();
    const latent = joined(Array.from({ length: BATCH }, shaken));
    return {
      latent,
      grain: random.normals(pixels).map((value) => value * grain),
      image: imageBatch(records.map(({ rendered }) => rendered)),
      noise: random.normals(latent.length),
      sigma: Float32Array.from(levels),
      in: Float32Array.from(each, (one) => one.in),
      skip: Float32Array.from(each, ({ skip }) => skip),
      perOut: Float32Array.from(each, ({ out }) => 1 / out),
      timestep: Float32Array.from(each, ({ timestep }) => timestep),
      ...graphFeeds(
        context,
        records.map(({ sample }) => sample),
        () => random.uniform(),
      ),
    };
  };
  const close = async () => {
    await Promise.all([step.release(), inItsWords.close(), wide.close()]);
  };
  return { step, feeds, close };
}

function build(
  g: GraphBuilder,
  context: StageContext,
  known: LatentStatistics,
): { loss: Value; numbers: Record<string, Value> } {
  const { config } = context;
  const side = config.imageSize / CELL;
  const row = (numbers: readonly number[]) =>
    g.constant({ type: 'float32', shape: [1, numbers.length, 1, 1], data: Float32Array.from(numbers) });
  const perDeviation = row(known.deviations.map((deviation) => 1 / (known.scale * deviation)));

  const latent = g.input('latent', [BATCH, config.autoencoder.latentChannels, side, side]);
  const image = g.input('image', [BATCH, 3, config.imageSize, config.imageSize]);
  const drawn = add(g, decoder(g, config.autoencoder, latent), g.input('grain', image.shape));
  const encoded = encoder(g, config.autoencoder, concat(g, [drawn, image], 0)).mean;
  const [ofDrawn, ofScenes] = [slice(g, encoded, [0], [0], [BATCH]), slice(g, encoded, [0], [BATCH], [2 * BATCH])];

  const inversion = meanAll(g, square(g, mul(g, sub(g, ofDrawn, latent), perDeviation)));
  const again = decoder(g, config.autoencoder, ofScenes);
  const [pixels, edges] = [l1(g, again, image), edgeLoss(g, again, image)];
  const centred = sub(g, ofScenes, row(known.mean));
  const standard = mul(g, centred, perDeviation);
  const centre = reduceMean(g, standard, [0, 2, 3]);
  const power = reduceMean(g, square(g, standard), [0, 2, 3]);
  const spread = add(g, meanAll(g, square(g, centre)), meanAll(g, square(g, log(g, shift(g, power, 1e-4)))));
  const own = slice(g, scale(g, centred, 1 / known.scale), [0], [0], [KNOWN]);
  const reconstruction = denoiserLoss(g, context, known, own);

  let loss = add(g, add(g, pixels, edges), scale(g, inversion, INVERSION_WEIGHT));
  loss = add(g, add(g, loss, scale(g, spread, SPREAD_WEIGHT)), scale(g, reconstruction, DENOISER_WEIGHT));
  return { loss, numbers: { loss, pixels, edges, inversion, spread, reconstruction } };
}

/** L_recon of the package's denoiser on standardised latents (KNOWN, C, h, w), which the gradient flows to. */
function denoiserLoss(g: GraphBuilder, context: StageContext, known: LatentStatistics, latent: Value): Value {
  const first = (value: Value) => slice(g, value, [0], [0], [KNOWN]);
  const inputs = trainingGraphInputs(g, context, BATCH);
  const config = graphEncoderConfig(context);
  const encoded = encodeGraph(g, config, context.config.clip, inputs);
  const { sCond, mask } = fuse(g, config, context.config.clip, inputs, encoded);
  const level = (name: string) => first(g.input(name, [BATCH, 1, 1, 1]));
  const noise = first(g.input('noise', [BATCH, ...latent.shape.slice(1)]));
  const noisy = add(g, latent, mul(g, noise, level('sigma')));
  const sample = mul(g, noisy, level('in'));
  const target = mul(g, sub(g, latent, mul(g, noisy, level('skip'))), level('perOut'));
  const timestep = first(g.input('timestep', [BATCH]));
  const shape = denoiserConfig(context, known);
  const { prediction } = denoiser(g, shape, { sample, timestep, sCond: first(sCond), mask: first(mask) });
  return meanAll(g, square(g, sub(g, prediction, target)));
}
