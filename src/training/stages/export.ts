/** Stage 9: writes what the browser loads: models with averaged weights, word vectors, manifest and model card. */
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  type Manifest,
  MODEL_FORMAT,
  MODEL_VERSION,
  manifestSchema,
  type PackageFile,
  packageFiles,
  type SpriteSheet,
  STUDENT_FILE,
} from '#engine/contract/manifest.ts';
import { graphFrequencies } from '#training/corpus/sample/frequencies.ts';
import { classNames } from '#training/corpus/sample/sights.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import { replaceFolder } from '#training/files/replace-file.ts';
import { fileEntry } from '#training/package/file-entry.ts';
import { writeModelCard } from '#training/package/model-card.ts';
import {
  clipImageModel,
  decoderModel,
  denoiserModel,
  graphEncoderModel,
  verifierModel,
} from '#training/package/package-models.ts';
import { spriteSheet } from '#training/package/sprite-sheet.ts';
import { verifierThresholds } from '#training/package/thresholds.ts';
import type { StageContext } from '#training/run/context.ts';
import {
  DEFAULT_STEPS,
  LATENT,
  PARAMETRISATION,
  SIGMA_DATA,
  SIGMA_RANGE,
  seenSize,
} from '#training/run/model-config.ts';
import { secondsBefore, startStatistics } from '#training/run/start.ts';
import { corpusStatistics } from './corpus.ts';
import { paintersExamples } from './feeds/training-graphs.ts';
import { LatentSet } from './latents.ts';

/** CLIP's image tower is for metrics: in the package, but not loaded by the browser. */
const CLIP_IMAGE = 'clip-image.onnx';
const WORD_VECTORS = 'word-vectors.safetensors';
const LIMITS = { objects: 30, relations: 60 } as const;

/** Graphs whose frequencies the card gives. */
const COUNTED = 1000;

/** The stage that is furthest along: a package can be exported before fine-tuning is done, or begun. */
function generatorStage({ store }: StageContext): 'finetune' | 'denoiser' {
  if (store.hasWeights('finetune')) return 'finetune';
  if (store.hasWeights('denoiser')) return 'denoiser';
  throw new Error('nothing to export: run "npm run train -- all" first');
}

/**
 * Written beside its place and moved there when it is whole; what else lies in the folder stays.
 * @param folder of the package; its word vectors are those of the built-in package unless it has its own.
 */
export async function exportPackage(context: StageContext, folder = packageFolder(context.config.name)): Promise<void> {
  const { config, store, world } = context;
  const stage = generatorStage(context);
  const weights = new Map([
    ...(await store.weights('clip')),
    ...(await store.weights('graph-encoder')),
    ...(await store.weights(stage)),
  ]);
  const latents = new LatentSet(context, startStatistics(context));
  const autoencoder = await store.weights('autoencoder');
  const verifier = await store.weights('verifier');
  const models: Partial<Record<PackageFile | typeof CLIP_IMAGE, Uint8Array>> = {
    'graph-encoder.onnx': graphEncoderModel(context, weights, true, stage === 'denoiser' ? 'labels' : undefined),
    'denoiser.onnx': denoiserModel(context, weights, latents.statistics, true),
    'decoder.onnx': decoderModel(context, autoencoder, latents.statistics, true),
    'verifier.onnx': verifierModel(context, verifier, true),
    [CLIP_IMAGE]: clipImageModel(context, await store.weights('clip'), true),
  };
  const statistics = corpusStatistics(context);
  const thresholds = await verifierThresholds(context, verifier);
  const seconds = await trainedSeconds(context);
  const manifestOf = (fresh: string, sprites: SpriteSheet): Manifest =>
    v.parse(manifestSchema, {
      format: MODEL_FORMAT,
      version: MODEL_VERSION,
      kind: 'picturebook',
      name: config.name,
      title: 'Picturebook',
      vocabulary: { objects: world.objects, predicates: world.predicates, attributes: world.attributes },
      styles: world.styles,
      limits: LIMITS,
      image: { width: config.imageSize, height: config.imageSize },
      latent: LATENT,
      parametrisation: PARAMETRISATION,
      sigma: { ...SIGMA_RANGE, data: SIGMA_DATA },
      defaults: {
        sampler: 'dpmpp-2m-sde',
        steps: DEFAULT_STEPS,
        guidanceScale: 2,
        relationFactor: 2,
        style: world.styles[0],
      },
      verifier: { grid: seenSize(config) / 8, thresholds },
      files: Object.fromEntries(
        [...packageFiles, CLIP_IMAGE, sprites.file].map((name) => [name, fileEntry(readFileSync(join(fresh, name)))]),
      ),
      licence: 'Apache-2.0',
      credits: [...world.credits],
      kinds: world.kinds,
      meanings: world.meanings,
      likely: statistics.likely,
      sprites,
      training: {
        config,
        seconds,
        before: secondsBefore(context),
        latents: latents.statistics,
        sights: classNames,
        graphs: graphFrequencies(paintersExamples(config, COUNTED).map(({ sample }) => sample)),
      },
      evaluation: {},
    });
  let bytes = 0;
  replaceFolder(folder, (fresh) => {
    if (existsSync(folder)) cpSync(folder, fresh, { recursive: true });
    if (!existsSync(join(fresh, WORD_VECTORS))) {
      copyFileSync(join(packageFolder('picturebook'), WORD_VECTORS), join(fresh, WORD_VECTORS));
    }
    // It was taught by the denoiser before this one.
    rmSync(join(fresh, STUDENT_FILE), { force: true });
    for (const [name, content] of Object.entries(models)) writeFileSync(join(fresh, name), content);
    const manifest = manifestOf(fresh, writeSprites(fresh, world.objects));
    writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    writeModelCard(fresh, manifest);
    bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  });
  context.say(`export: ${folder}, ${(bytes / 2 ** 20).toFixed(1)} MB`);
}

/** @returns what the manifest says of the sheet */
function writeSprites(folder: string, labels: readonly string[]): SpriteSheet {
  const { png, layout } = spriteSheet(labels);
  writeFileSync(join(folder, layout.file), png);
  return layout;
}

async function trainedSeconds({ store, config }: StageContext): Promise<Record<string, number>> {
  const entries = Object.keys(config.minutes).map(
    async (stage) => [stage, Math.round(await store.secondsTrained(stage))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
