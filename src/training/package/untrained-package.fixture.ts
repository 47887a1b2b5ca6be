/** A whole model package of the real networks at a small size, with seeded weights that nobody trained: it paints coloured noise. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, MODEL_FORMAT, MODEL_VERSION } from '#engine/contract/manifest.ts';
import { writeSafetensors } from '#engine/formats/safetensors.ts';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import { denoiser, denoiserInputs } from '#training/networks/denoiser.ts';
import { encodeGraph, fuse, graphInputs } from '#training/networks/graph-encoder.ts';
import { verifier } from '#training/networks/verifier.ts';
import { defaultConfig, type TrainingConfig } from '#training/run/config.ts';
import { createContext, type StageContext } from '#training/run/context.ts';
import {
  decoderConfig,
  denoiserConfig,
  graphEncoderConfig,
  PARAMETRISATION,
  SIGMA_DATA,
  SIGMA_RANGE,
  seenSize,
} from '#training/run/model-config.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { fileEntry } from './file-entry.ts';
import { clipImageModel, decoderModel, denoiserModel, graphEncoderModel, verifierModel } from './package-models.ts';

const WORD_WIDTH = 8;

export interface UntrainedOptions {
  /** Pixels; 64 unless said otherwise. */
  readonly imageSize?: number;
  /** Words with a vector, beside the world's. */
  readonly words?: readonly string[];
  /** The denoiser's weights as a real package stores them. */
  readonly half?: boolean;
}

const configFor = ({ imageSize = 64 }: UntrainedOptions): TrainingConfig => ({
  ...defaultConfig,
  name: 'untrained',
  imageSize,
  autoencoder: { ...defaultConfig.autoencoder, texels: 4, groundWidth: 16, width: 16 },
  clip: { image: { widths: [16, 16], blocks: [1, 1] }, labelWidth: 16, featureWidth: 16, batch: 2 },
  verifier: { widths: [16, 16, 16], blocks: [1, 1], thresholdScenes: 64 },
  graphEncoder: { ...defaultConfig.graphEncoder, width: 16, layers: 2 },
  denoiser: { ...defaultConfig.denoiser, tokenWidth: 16, channels: 16, blocks: 1, heads: 2, convolutions: 1 },
});

/** Writes the package into a new folder and returns its path. */
export function writeUntrainedPackage(options: UntrainedOptions = {}): string {
  const config = configFor(options);
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  const words = wordVectors(options.words ?? []);
  const store = new CheckpointStore(join(folder, 'cache'), config);
  const context = createContext({ config, device: 'cpu', store, embedding: new WordVectors(words) });
  const weights = untrainedWeights(context);
  const statistics = { mean: new Array(LATENT_CHANNELS).fill(0), ...evenSpread(LATENT_CHANNELS) };
  const files: Record<string, Uint8Array> = {
    'graph-encoder.onnx': graphEncoderModel(context, weights, false),
    'denoiser.onnx': denoiserModel(context, weights, statistics, options.half ?? false),
    'decoder.onnx': decoderModel(context, weights, statistics, false),
    'verifier.onnx': verifierModel(context, weights, false),
    'clip-image.onnx': clipImageModel(context, weights, false),
    'word-vectors.safetensors': words,
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifestOf(context, files)));
  return folder;
}

const evenSpread = (channels: number) => ({ scale: 1, deviations: new Array<number>(channels).fill(1) });

/** Every word of the world, with a vector drawn by chance. */
function wordVectors(more: readonly string[]): Uint8Array {
  const words = [...new Set([...worldVocabulary.objects.flatMap((label) => label.split(' ')), ...more])];
  const random = seededRandom(5);
  const vectors = Int8Array.from({ length: words.length * WORD_WIDTH }, () => random.integer(255) - 127);
  return writeSafetensors(
    new Map([
      ['vectors', { dtype: 'I8', shape: [words.length, WORD_WIDTH], data: vectors }],
      ['scales', { dtype: 'F32', shape: [words.length], data: new Float32Array(words.length).fill(1 / 127) }],
    ]),
    { words: words.join('\n') },
  );
}

function untrainedWeights(context: StageContext): Map<string, Float32Array> {
  const { config, tokenSpec } = context;
  const g = new GraphBuilder();
  const inputs = graphInputs(g, tokenSpec.embedding.width, 1, 2, 2);
  const encoder = graphEncoderConfig(context);
  fuse(g, encoder, config.clip, inputs, encodeGraph(g, encoder, config.clip, inputs));
  const shape = denoiserConfig(context, { mean: new Array(LATENT_CHANNELS).fill(0), ...evenSpread(LATENT_CHANNELS) });
  denoiser(g, shape, denoiserInputs(g, shape, 1, 6));
  const image = g.input('image', [1, 3, seenSize(config), seenSize(config)]);
  decoder(g, decoderConfig(config), g.input('latent', [1, shape.latentChannels, shape.height, shape.width]));
  verifier(g, config.verifier, image);
  clipImageTower(g, config.clip, image);
  return initializeParameters(g, 1);
}

function manifestOf({ config, world }: StageContext, files: Readonly<Record<string, Uint8Array>>): Manifest {
  const entries = Object.entries(files).map(([name, bytes]) => [name, fileEntry(bytes)]);
  return {
    format: MODEL_FORMAT,
    version: MODEL_VERSION,
    kind: 'picturebook',
    name: config.name,
    title: 'Untrained',
    vocabulary: { objects: [...world.objects], predicates: [...world.predicates], attributes: [] },
    styles: [...world.styles],
    limits: { objects: 30, relations: 60 },
    image: { width: config.imageSize, height: config.imageSize },
    latent: { channels: LATENT_CHANNELS, height: LATENT_SIDE, width: LATENT_SIDE },
    parametrisation: PARAMETRISATION,
    sigma: { ...SIGMA_RANGE, data: SIGMA_DATA },
    defaults: { sampler: 'euler', steps: 2, guidanceScale: 2, style: 'any' },
    verifier: { grid: seenSize(config) / 8, thresholds: world.objects.map(() => 0.5) },
    files: Object.fromEntries(entries),
    licence: 'Apache-2.0',
    credits: [],
    kinds: { ...world.kinds },
    meanings: world.meanings,
    likely: [],
    training: { config: { things: config.things } },
    evaluation: {},
  };
}
