/** A loaded model that paints: package + runtime → pictures. The same in the browser's worker and in Node. */
import { assertFinite } from '#diffusion/non-finite.ts';
import { decodePicture } from '#diffusion/picture.ts';
import { type PaintModel, type PaintStep, paint } from '#diffusion/pipeline.ts';
import { checkGraph } from '#graph/check.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type DetectionSpec, detectionSpecOf } from './detect.ts';
import { EngineError } from './engine-error.ts';
import { type Manifest, samplerNames } from './manifest.ts';
import { OnnxNetworks, OnnxVerifier } from './onnx-networks.ts';
import type { ModelPackage } from './package-loader.ts';
import { PreviewBudget } from './preview-budget.ts';
import type { Backend, GenerationResult, GenerationSettings, Picture, Verification } from './protocol.ts';
import type { Runtime } from './sessions.ts';
import { imageOf, verify } from './verify.ts';
import { WordVectors } from './word-vectors.ts';

export interface GenerateHooks {
  /** `done` of `steps` steps are done; a preview comes as often as it costs less than a fifth of the time. Awaited. */
  readonly onStep?: (done: number, steps: number, preview: Picture | undefined) => void | Promise<void>;
  /** Checked between steps. */
  readonly signal?: AbortSignal;
}

interface EngineParts {
  readonly manifest: Manifest;
  readonly backend: Backend;
  readonly networks: OnnxNetworks;
  readonly verifier: OnnxVerifier;
  readonly embedding: WordVectors;
}

export class Engine {
  readonly manifest: Manifest;
  readonly backend: Backend;
  readonly networks: OnnxNetworks;
  readonly verifier: OnnxVerifier;
  /** What `paint` must know of the model. */
  readonly model: PaintModel & { readonly embedding: WordVectors };
  readonly detection: DetectionSpec;
  readonly #previews = new PreviewBudget();

  private constructor({ manifest, backend, networks, verifier, embedding }: EngineParts) {
    this.manifest = manifest;
    this.backend = backend;
    this.networks = networks;
    this.verifier = verifier;
    this.model = { ...manifest, embedding };
    this.detection = detectionSpecOf(manifest);
  }

  /** @throws Error of the runtime when it cannot run the package's models */
  static async open({ manifest, files }: ModelPackage, runtime: Runtime): Promise<Engine> {
    const networks = await OnnxNetworks.open(runtime, {
      graphEncoder: files['graph-encoder.onnx'],
      denoiser: files['denoiser.onnx'],
      decoder: files['decoder.onnx'],
    });
    const verifier = new OnnxVerifier(await runtime.open(files['verifier.onnx']));
    const embedding = new WordVectors(files['word-vectors.safetensors']);
    return new Engine({ manifest, backend: runtime.backend, networks, verifier, embedding });
  }

  /**
   * Same graph, settings and backend: same bytes.
   * @throws EngineError graph-invalid or settings-invalid, NonFiniteError, or the signal's reason
   */
  async generate(
    graph: SceneGraph,
    settings: GenerationSettings,
    { onStep, signal }: GenerateHooks = {},
  ): Promise<GenerationResult> {
    this.checkGraph(graph);
    this.#checkSettings(settings);
    const start = performance.now();
    this.#previews.start();
    const report = async ({ index, steps, denoised }: PaintStep): Promise<void> => {
      if (!onStep) return;
      const isLast = index === steps - 1; // the picture itself follows at once
      const preview = isLast ? undefined : await this.#previews.spend(() => decodePicture(this.networks, denoised));
      await onStep(index + 1, steps, preview);
    };
    const hooks = { onStep: report, ...(signal && { signal }) };
    const { picture, attention } = await paint(this.networks, this.model, graph, settings, hooks);
    const verification = await this.verify(graph, picture);
    return { picture, attention, verification, backend: this.backend, milliseconds: performance.now() - start };
  }

  async verify(graph: SceneGraph, picture: Picture): Promise<Verification> {
    const sighting = await this.verifier.look(imageOf(picture));
    assertFinite(sighting.presence.data, 'the verifier');
    return verify(graph, sighting, this.detection);
  }

  /** @throws EngineError graph-invalid with the first fault */
  checkGraph(graph: SceneGraph): void {
    const { vocabulary, limits } = this.manifest;
    const knowsWord = (word: string): boolean => this.model.embedding.vector(word) !== undefined;
    const fault = checkGraph(graph, vocabulary, limits, knowsWord).find(({ severity }) => severity === 'error');
    if (fault) throw new EngineError('graph-invalid', fault.message);
  }

  async release(): Promise<void> {
    await Promise.all([this.networks.release(), this.verifier.release()]);
  }

  #checkSettings({ seed, steps, guidanceScale, sampler, style }: GenerationSettings): void {
    const check = (holds: boolean, message: string): void => {
      if (!holds) throw new EngineError('settings-invalid', message);
    };
    check(seed >>> 0 === seed, `The seed must be a whole number from 0 to ${2 ** 32 - 1}, not ${seed}.`);
    check(
      Number.isInteger(steps) && steps >= 1 && steps <= 200,
      `Steps must be a whole number from 1 to 200, not ${steps}.`,
    );
    check(guidanceScale >= 0 && guidanceScale <= 30, `Guidance must be from 0 to 30, not ${guidanceScale}.`);
    check(samplerNames.includes(sampler), `There is no sampler “${sampler}”; there are ${samplerNames.join(', ')}.`);
    const styles = [...this.manifest.styles, 'any'];
    check(styles.includes(style), `The model has no style “${style}”; it has ${styles.join(', ')}.`);
  }
}
