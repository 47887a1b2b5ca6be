/** A loaded model that paints: package + runtime → pictures. The same in the browser's worker and in Node. */

import { decodePicture } from '#diffusion/picture.ts';
import type { PaintSettings, PaintStep } from '#diffusion/pipeline.ts';
import { unionOf } from '#diffusion/sampling/inpainting.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { AnyPackage } from './any-package.ts';
import { EngineError } from './contract/engine-error.ts';
import { MAX_RELATION_FACTOR, type ModelFacts, samplersOf } from './contract/manifest.ts';
import type {
  Backend,
  GenerationResult,
  GenerationSettings,
  KeepRest,
  Picture,
  WordReading,
} from './contract/protocol.ts';
import type { GraphPainter } from './package/graph-painter.ts';
import { PicturebookPainter } from './picturebook/picturebook.ts';
import { PreviewBudget } from './preview-budget.ts';
import type { Runtime } from './runtime/sessions.ts';
import { StableDiffusionPainter } from './stable-diffusion/painter.ts';

export interface GenerateHooks {
  /** `done` of `steps` steps are done; a preview comes as often as it costs less than a fifth of the time. Awaited. */
  readonly onStep?: (done: number, steps: number, preview: Picture | undefined) => void | Promise<void>;
  /** Checked between steps. */
  readonly signal?: AbortSignal;
  /** Paints an earlier picture anew only where its graph was changed. */
  readonly keep?: KeepRest | undefined;
}

const NO_ATTENTION = 'This model does not show where its objects are, so the rest cannot be kept. Paint it anew.';
const OTHER_MODEL = 'The earlier picture was painted by another model, so its rest cannot be kept. Paint it anew.';

export class Engine {
  readonly manifest: ModelFacts;
  readonly backend: Backend;
  readonly #painter: GraphPainter;
  readonly #previews = new PreviewBudget();

  private constructor(manifest: ModelFacts, backend: Backend, painter: GraphPainter) {
    this.manifest = manifest;
    this.backend = backend;
    this.#painter = painter;
  }

  /** @throws EngineError when the package's parts do not fit, or Error of the runtime when it cannot run its models */
  static async open(modelPackage: AnyPackage, runtime: Runtime): Promise<Engine> {
    return new Engine(modelPackage.manifest, runtime.backend, await openPainter(modelPackage, runtime));
  }

  /**
   * Same graph, settings and backend: same bytes.
   * @throws EngineError graph-invalid or settings-invalid, NonFiniteError, or the signal's reason
   */
  async generate(
    graph: SceneGraph,
    settings: GenerationSettings,
    { onStep, signal, keep }: GenerateHooks = {},
  ): Promise<GenerationResult> {
    this.checkGraph(graph);
    this.#checkSettings(settings);
    if (keep) this.#checkKeep(keep);
    const start = performance.now();
    this.#previews.start();
    const report = async ({ index, steps, denoised }: PaintStep): Promise<void> => {
      if (!onStep) return;
      const isLast = index === steps - 1; // the picture itself follows at once
      const preview = isLast
        ? undefined
        : await this.#previews.spend(() => decodePicture(this.#painter.networks, denoised));
      await onStep(index + 1, steps, preview);
    };
    const hooks = { onStep: report, ...(signal && { signal }) };
    const initial = keep && this.#initialOf(keep);
    const painting = await this.#painter.paint(graph, { ...settings, ...(initial && { initial }) }, hooks);
    const { picture, attention } = painting;
    const latent = new Float32Array(painting.latent.data);
    const verification = await this.#painter.verify(graph, picture);
    const milliseconds = performance.now() - start;
    return { picture, attention, verification, latent, backend: this.backend, milliseconds };
  }

  /** What the model makes of a word for an object. */
  readWord(word: string): WordReading {
    return this.#painter.readWord(word);
  }

  /** @throws EngineError graph-invalid with the first fault */
  checkGraph(graph: SceneGraph): void {
    const fault = this.#painter.faultOf(graph);
    if (fault !== undefined) throw new EngineError('graph-invalid', fault);
  }

  async release(): Promise<void> {
    await this.#painter.release();
  }

  #initialOf({ latent, strength, before, ...touched }: KeepRest): NonNullable<PaintSettings['initial']> {
    const { channels, height, width } = this.manifest.latent;
    const region = { before: unionOf(before, { height, width }), ...touched };
    return { latent: { data: latent, dims: [1, channels, height, width] }, strength, region };
  }

  #checkKeep({ latent, strength, before }: KeepRest): void {
    if (this.manifest.kind !== 'picturebook') throw new EngineError('settings-invalid', NO_ATTENTION);
    const { channels, height, width } = this.manifest.latent;
    const fits = latent.length === channels * height * width && before.every((map) => map.length === height * width);
    if (!fits) throw new EngineError('settings-invalid', OTHER_MODEL);
    const isSound = [latent, ...before].every((numbers) => numbers.every(Number.isFinite));
    if (!isSound) throw new EngineError('settings-invalid', 'The earlier picture’s latent is damaged. Paint it anew.');
    if (!(strength >= 0 && strength <= 1)) {
      throw new EngineError('settings-invalid', `The strength must be from 0 to 1, not ${strength}.`);
    }
  }

  #checkSettings({ seed, steps, guidanceScale, relationFactor = 1, sampler, style }: GenerationSettings): void {
    const check = (holds: boolean, message: string): void => {
      if (!holds) throw new EngineError('settings-invalid', message);
    };
    check(seed >>> 0 === seed, `The seed must be a whole number from 0 to ${2 ** 32 - 1}, not ${seed}.`);
    check(
      Number.isInteger(steps) && steps >= 1 && steps <= 200,
      `Steps must be a whole number from 1 to 200, not ${steps}.`,
    );
    check(guidanceScale >= 0 && guidanceScale <= 30, `Guidance must be from 0 to 30, not ${guidanceScale}.`);
    check(
      relationFactor >= 1 && relationFactor <= MAX_RELATION_FACTOR,
      `The factor of relations must be from 1 to ${MAX_RELATION_FACTOR}, not ${relationFactor}.`,
    );
    const samplers = samplersOf(this.manifest.kind);
    check(samplers.includes(sampler), `The model cannot be sampled by “${sampler}”; it can by ${samplers.join(', ')}.`);
    const styles = [...this.manifest.styles, 'any'];
    check(styles.includes(style), `The model has no style “${style}”; it has ${styles.join(', ')}.`);
  }
}

function openPainter(modelPackage: AnyPackage, runtime: Runtime): Promise<GraphPainter> {
  switch (modelPackage.kind) {
    case 'picturebook':
      return PicturebookPainter.open(modelPackage, runtime);
    case 'stable-diffusion':
      return StableDiffusionPainter.open(modelPackage, runtime);
    default:
      return modelPackage satisfies never;
  }
}
