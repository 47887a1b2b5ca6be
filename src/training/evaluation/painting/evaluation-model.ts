/** A model package of either kind, opened for evaluation. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Networks } from '#diffusion/networks.ts';
import type { Picture } from '#diffusion/picture.ts';
import type { PaintModel } from '#diffusion/pipeline.ts';
import { loadAnyPackage } from '#engine/any-package.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { type Manifest, type ModelFacts, STUDENT_FILE } from '#engine/contract/manifest.ts';
import { Engine } from '#engine/engine.ts';
import { diskFile, folderSource } from '#engine/package/package-folder.ts';
import type { ModelPackage } from '#engine/package/package-loader.ts';
import { labelEmbeddingOf } from '#engine/picturebook/label-embedding.ts';
import { networkFiles, OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { readOnnxHeader } from '#engine/runtime/onnx-header.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { INDEX_FILE } from '#engine/stable-diffusion/layout.ts';
import type { StableDiffusionPackage } from '#engine/stable-diffusion/package.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import { OnnxVerifier } from '#engine/verifier/onnx-verifier.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { clipFeatureSpace, clipTowerSpace, type FeatureSpace } from '#training/evaluation/judges/feature-space.ts';
import type { Judge } from '#training/evaluation/judges/judge.ts';
import { openNetwork } from '#training/evaluation/judges/onnx-network.ts';
import { verifierJudge } from '#training/evaluation/judges/verifier-judge.ts';
import { faultByWords, type TestModel } from '#training/evaluation/study/test-graphs.ts';
import { openClipTower } from '#training/text-to-image/clip/clip-tower.ts';
import { folderHash } from './folder-hash.ts';
import { type PaintMany, paintMany } from './paint-many.ts';

/** CLIP's image tower lies in a package for metrics alone; the browser does not load it. */
const CLIP_IMAGE = 'clip-image.onnx';

interface OpenedModel extends TestModel {
  readonly facts: ModelFacts;
  readonly paintMany: PaintMany;
  /** Why it cannot paint pictures of a size, in a sentence; undefined when it can. */
  faultOfSize(size: NonNullable<GenerationSettings['size']>): string | undefined;
  /** Undefined when the package has no image tower and none was given. */
  readonly clip: FeatureSpace | undefined;
  /** Of everything that decides a picture, 16 hexadecimal digits. */
  readonly hash: string;
  release(): Promise<void>;
}

/** It was trained on the corpus and has a verifier. */
export interface PicturebookModel extends OpenedModel {
  readonly kind: 'picturebook';
  readonly manifest: Manifest;
  readonly judge: Judge<Detection>;
  readonly networks: Networks;
  readonly paintModel: PaintModel;
}

/** It knows every word, and has neither a corpus nor a verifier. */
export interface StableDiffusionModel extends OpenedModel {
  readonly kind: 'stable-diffusion';
}

export type EvaluationModel = PicturebookModel | StableDiffusionModel;

/**
 * @param clipFile of an image tower outside the package.
 * @throws EngineError when the package is missing, damaged or of an unknown version; BaseModelError or NetworkShapeError for a CLIP that is none
 */
export async function openEvaluationModel(folder: string, clipFile?: string): Promise<EvaluationModel> {
  checkFolder(folder);
  const opened = await loadAnyPackage(folderSource(folder), { title: basename(resolve(folder)) });
  return opened.kind === 'picturebook'
    ? openPicturebook(folder, opened, clipFile)
    : openStableDiffusion(folder, opened, clipFile);
}

function checkFolder(folder: string): void {
  if (['manifest.json', INDEX_FILE].some((name) => existsSync(join(folder, name)))) return;
  throw new EngineError(
    'model-not-found',
    `${join(folder, 'manifest.json')} cannot be read: there is ${existsSync(folder) ? 'neither that nor' : 'no such folder, and no'} ${INDEX_FILE}; --model takes the name of a package, or the folder of one or of a Stable Diffusion exported to ONNX.`,
  );
}

async function openPicturebook(
  folder: string,
  { manifest, files }: ModelPackage,
  clipFile: string | undefined,
): Promise<PicturebookModel> {
  const { width, height } = manifest.image;
  const ownClip = join(folder, CLIP_IMAGE);
  const clipPath = clipFile ?? (existsSync(ownClip) ? ownClip : undefined);
  // What a user may have got wrong comes first.
  const clip = clipPath === undefined ? undefined : await openClip(clipPath, manifest.image);
  const networks = await OnnxNetworks.open(nodeRuntime, networkFiles(files));
  const paintModel = { ...manifest, embedding: labelEmbeddingOf({ manifest, files }) };
  const verifier = new OnnxVerifier(await nodeRuntime.open(files['verifier.onnx']));
  return {
    kind: 'picturebook',
    manifest,
    facts: manifest,
    networks,
    paintModel,
    paintMany: (jobs, onPicture) => paintMany(networks, paintModel, jobs, onPicture),
    faultOf: faultByWords(manifest, (word) => paintModel.embedding.vector(word) !== undefined),
    knowsAttribute: (attribute) => manifest.vocabulary.attributes.includes(attribute),
    faultOfSize: (size) =>
      size.width === width && size.height === height
        ? undefined
        : `This model paints ${width} × ${height} alone, not ${size.width} × ${size.height}.`,
    judge: verifierJudge(verifier, manifest),
    clip: clip?.space,
    hash: modelHash(manifest),
    async release() {
      await Promise.all([networks.release(), verifier.release(), clip?.release()]);
    },
  };
}

async function openStableDiffusion(
  folder: string,
  opened: StableDiffusionPackage,
  clipFile: string | undefined,
): Promise<StableDiffusionModel> {
  const { image, latent } = opened.manifest;
  const clip = clipFile === undefined ? undefined : await openClip(clipFile, image);
  const engine = await Engine.open(opened, nodeRuntime);
  return {
    kind: 'stable-diffusion',
    facts: opened.manifest,
    paintMany: (jobs, onPicture) => paintOneByOne(engine, jobs, onPicture),
    faultOf(graph, at) {
      try {
        engine.checkGraph(graph);
        return undefined;
      } catch (error) {
        if (error instanceof EngineError) return `${at}: ${error.message}`;
        throw error;
      }
    },
    knowsAttribute: () => true,
    faultOfSize: (size) => engine.faultOfSize(size),
    clip: clip?.space,
    hash: folderHash(folder, { image, latent }),
    async release() {
      await Promise.all([engine.release(), clip?.release()]);
    },
  };
}

/** A UNet of this size fills every processor with one picture. */
async function paintOneByOne(engine: Engine, ...[jobs, onPicture]: Parameters<PaintMany>): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const [i, { graph, settings }] of jobs.entries()) {
    const { picture } = await engine.generate(graph, settings);
    await onPicture?.(picture, i);
    pictures.push(picture);
  }
  return pictures;
}

/** Real CLIP is told apart from our own tower by the name that its exporters give a picture as its processor prepares it. */
const PREPARED = 'pixel_values';

async function openClip(
  file: string,
  size: { readonly height: number; readonly width: number },
): Promise<{ readonly space: FeatureSpace; release(): Promise<void> }> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile())
    throw new EvaluationInputError(`there is no file ${file}: --clip takes CLIP's image tower as ONNX`);
  const { inputs } = await readOnnxHeader(diskFile(file, found.size), file);
  if (inputs.some(({ name }) => name === PREPARED)) {
    const tower = await openClipTower(file);
    return { space: clipTowerSpace(tower), release: () => tower.release() };
  }
  const network = await openNetwork(file);
  return { space: clipFeatureSpace(network, size), release: () => network.release() };
}

/** Two packages with this hash in common paint the same; their evaluation numbers and descriptions may differ. */
export function modelHash({ files, latent, parametrisation, sigma, vocabulary, styles, student }: Manifest): string {
  const painting = ['graph-encoder.onnx', 'denoiser.onnx', 'decoder.onnx', 'word-vectors.safetensors'];
  const weights = painting.map((name) => files[name]?.sha256);
  // Packages without one keep the hash that they had before there were any.
  if (student) weights.push(files[STUDENT_FILE]?.sha256, JSON.stringify(student));
  const content = [weights, latent, parametrisation, sigma, vocabulary.predicates, styles];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
