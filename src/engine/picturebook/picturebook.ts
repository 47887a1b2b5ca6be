/** Packages that the teacher made: graph encoder, denoiser, decoder, verifier and word vectors. */

import { type PaintHooks, type Painting, type PaintModel, type PaintSettings, paint } from '#diffusion/pipeline.ts';
import { assertFinite } from '#diffusion/sampling/non-finite.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import type { Picture, Verification, WordReading } from '#engine/contract/protocol.ts';
import type { GraphPainter } from '#engine/package/graph-painter.ts';
import type { ModelPackage } from '#engine/package/package-loader.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import { type DetectionSpec, detectionSpecOf } from '#engine/verifier/detect.ts';
import { type DetectionMaps, OnnxVerifier } from '#engine/verifier/onnx-verifier.ts';
import { fromOtherView, otherView } from '#engine/verifier/other-view.ts';
import { imageOf, verify } from '#engine/verifier/verify.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import { LabelEmbedding } from './label-embedding.ts';
import { OnnxNetworks } from './onnx-networks.ts';
import { WordVectors } from './word-vectors.ts';

export class PicturebookPainter implements GraphPainter {
  readonly networks: OnnxNetworks;
  readonly #manifest: Manifest;
  readonly #verifier: OnnxVerifier;
  readonly #model: PaintModel & { readonly embedding: LabelEmbedding };
  readonly #detection: DetectionSpec;

  private constructor(manifest: Manifest, networks: OnnxNetworks, verifier: OnnxVerifier, embedding: LabelEmbedding) {
    this.networks = networks;
    this.#manifest = manifest;
    this.#verifier = verifier;
    this.#model = { ...manifest, embedding };
    this.#detection = detectionSpecOf(manifest);
  }

  static async open({ manifest, files }: ModelPackage, runtime: Runtime): Promise<PicturebookPainter> {
    const networks = await OnnxNetworks.open(runtime, {
      graphEncoder: files['graph-encoder.onnx'],
      denoiser: files['denoiser.onnx'],
      decoder: files['decoder.onnx'],
    });
    const verifier = new OnnxVerifier(await runtime.open(files['verifier.onnx']));
    const vectors = new WordVectors(files['word-vectors.safetensors']);
    const embedding = new LabelEmbedding(vectors, manifest.vocabulary.objects);
    return new PicturebookPainter(manifest, networks, verifier, embedding);
  }

  faultOf(graph: SceneGraph): string | undefined {
    const { vocabulary, limits } = this.#manifest;
    const knowsWord = (word: string): boolean => this.#model.embedding.vector(word) !== undefined;
    return checkGraph(graph, vocabulary, limits, knowsWord).find(({ severity }) => severity === 'error')?.message;
  }

  readWord(word: string): WordReading {
    return this.#model.embedding.read(word);
  }

  paint(graph: SceneGraph, settings: PaintSettings, hooks: PaintHooks): Promise<Painting> {
    return paint(this.networks, this.#model, graph, settings, hooks);
  }

  faultOfSize(): string {
    const { width, height } = this.#manifest.image;
    return `This model paints pictures of ${width} × ${height} alone.`;
  }

  async verify(graph: SceneGraph, picture: Picture): Promise<Verification> {
    return verify(this.#model.embedding.translate(graph), await this.#look(picture), this.#detection);
  }

  async verifyAgain(graph: SceneGraph, picture: Picture): Promise<Verification> {
    const maps = await this.#look(otherView(picture));
    return verify(this.#model.embedding.translate(graph), maps, this.#detection, fromOtherView);
  }

  async #look(picture: Picture): Promise<DetectionMaps> {
    const maps = await this.#verifier.look(imageOf(picture));
    assertFinite(maps.presence.data, 'the verifier');
    return maps;
  }

  async release(): Promise<void> {
    await Promise.all([this.networks.release(), this.#verifier.release()]);
  }
}
