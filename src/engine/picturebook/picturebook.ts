/** Packages that the teacher made: graph encoder, denoiser, decoder, verifier and word vectors. */

import type { Networks } from '#diffusion/networks.ts';
import { type PaintHooks, type PaintModel, type PaintSettings, paint } from '#diffusion/pipeline.ts';
import { assertFinite } from '#diffusion/sampling/non-finite.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import type { Picture, Verification, WordReading } from '#engine/contract/protocol.ts';
import type { GraphPainter, PainterResult } from '#engine/package/graph-painter.ts';
import type { ModelPackage } from '#engine/package/package-loader.ts';
import { StageClock } from '#engine/package/stage-clock.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import { type DetectionSpec, detectionSpecOf } from '#engine/verifier/detect.ts';
import { graphOfPicture } from '#engine/verifier/graph-of-picture.ts';
import { type DetectionMaps, OnnxVerifier } from '#engine/verifier/onnx-verifier.ts';
import { fromOtherView, otherView } from '#engine/verifier/other-view.ts';
import { imageOf, verify } from '#engine/verifier/verify.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import { type LabelEmbedding, labelEmbeddingOf } from './label-embedding.ts';
import { networkFiles, OnnxNetworks } from './onnx-networks.ts';

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
    const networks = await OnnxNetworks.open(runtime, networkFiles(files));
    const verifier = new OnnxVerifier(await runtime.open(files['verifier.onnx']));
    return new PicturebookPainter(manifest, networks, verifier, labelEmbeddingOf({ manifest, files }));
  }

  faultOf(graph: SceneGraph): string | undefined {
    const { vocabulary, limits } = this.#manifest;
    const knowsWord = (word: string): boolean => this.#model.embedding.vector(word) !== undefined;
    return checkGraph(graph, vocabulary, limits, knowsWord).find(({ severity }) => severity === 'error')?.message;
  }

  readWord(word: string): WordReading {
    return this.#model.embedding.read(word);
  }

  async paint(graph: SceneGraph, settings: PaintSettings, hooks: PaintHooks): Promise<PainterResult> {
    const clock = new StageClock();
    const { student } = this.networks;
    const networks: Networks = {
      encodeGraph: (tokens) => clock.time('read', () => this.networks.encodeGraph(tokens)),
      denoise: (input) => clock.time('denoise', () => this.networks.denoise(input)),
      ...(student && { student: (input) => clock.time('denoise', () => student(input)) }),
      decode: (latent) => clock.time('decode', () => this.networks.decode(latent)),
    };
    return { ...(await paint(networks, this.#model, graph, settings, hooks)), stages: clock.stages };
  }

  async trial(): Promise<Float32Array> {
    return (await this.networks.denoise(this.networks.trialInput(this.#manifest.latent))).prediction.data;
  }

  faultOfSize(): string {
    const { width, height } = this.#manifest.image;
    return `This model paints pictures of ${width} × ${height} alone.`;
  }

  async verify(graph: SceneGraph, picture: Picture): Promise<Verification> {
    return verify(this.#model.embedding.translate(graph), await this.#look(picture), this.#detection);
  }

  async readPicture(picture: Picture): Promise<SceneGraph> {
    return graphOfPicture(await this.#look(picture), this.#manifest);
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
