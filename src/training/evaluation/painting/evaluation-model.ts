/** A model package, opened for evaluation. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Networks } from '#diffusion/networks.ts';
import type { PaintModel } from '#diffusion/pipeline.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { LabelEmbedding } from '#engine/picturebook/label-embedding.ts';
import { OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { OnnxVerifier } from '#engine/verifier/onnx-verifier.ts';
import { clipFeatureSpace, type FeatureSpace } from '#training/evaluation/judges/feature-space.ts';
import { openNetwork } from '#training/evaluation/judges/onnx-network.ts';

/** CLIP's image tower lies in a package for metrics alone; the browser does not load it. */
const CLIP_IMAGE = 'clip-image.onnx';

export interface EvaluationModel {
  readonly manifest: Manifest;
  readonly networks: Networks;
  readonly paintModel: PaintModel;
  readonly verifier: OnnxVerifier;
  /** Undefined when the package has no image tower and none was given. */
  readonly clip: FeatureSpace | undefined;
  /** Of everything that decides a picture, 16 hexadecimal digits. */
  readonly hash: string;
}

/**
 * @param clipFile of an image tower outside the package.
 * @throws EngineError when the package is missing, damaged or of an unknown version.
 */
export async function openEvaluationModel(folder: string, clipFile?: string): Promise<EvaluationModel> {
  const { manifest, files } = await loadPackage(folderSource(folder));
  const networks = await OnnxNetworks.open(nodeRuntime, {
    graphEncoder: files['graph-encoder.onnx'],
    denoiser: files['denoiser.onnx'],
    decoder: files['decoder.onnx'],
  });
  const vectors = new WordVectors(files['word-vectors.safetensors']);
  const ownClip = join(folder, CLIP_IMAGE);
  const clipPath = clipFile ?? (existsSync(ownClip) ? ownClip : undefined);
  return {
    manifest,
    networks,
    paintModel: { ...manifest, embedding: new LabelEmbedding(vectors, manifest.vocabulary.objects) },
    verifier: new OnnxVerifier(await nodeRuntime.open(files['verifier.onnx'])),
    clip: clipPath === undefined ? undefined : clipFeatureSpace(await openNetwork(clipPath), manifest.image),
    hash: modelHash(manifest),
  };
}

/** Two packages with this hash in common paint the same; their evaluation numbers and descriptions may differ. */
export function modelHash({ files, latent, parametrisation, sigma, vocabulary, styles }: Manifest): string {
  const painting = ['graph-encoder.onnx', 'denoiser.onnx', 'decoder.onnx', 'word-vectors.safetensors'];
  const weights = painting.map((name) => files[name]?.sha256);
  const content = [weights, latent, parametrisation, sigma, vocabulary.predicates, styles];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
