/** A loaded model that paints: package + runtime → pictures. The same in the browser's worker and in Node. */

import * as v from 'valibot';
import { decodePicture } from '#diffusion/picture.ts';
import type { InitialLatent, PaintSettings, PaintStep } from '#diffusion/pipeline.ts';
import { placeOf } from '#diffusion/sampling/inpainting.ts';
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { addObject } from '#graph/edits.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import type { AnyPackage } from './any-package.ts';
import { EngineError } from './contract/engine-error.ts';
import {
  type GenerationSettings,
  settingBounds,
  settingsSchema,
  stepsOver,
  strengthSchema,
} from './contract/generation-settings.ts';
import { type ModelFacts, samplersOf } from './contract/manifest.ts';
import type {
  GenerationResult,
  Inpainting,
  KeepRest,
  Machine,
  Overpainting,
  Picture,
  TextPrompt,
  Verification,
  WordReading,
} from './contract/protocol.ts';
import { paintNothingLost } from './nothing-lost.ts';
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
  readonly inpainting?: KeepRest | undefined;
  /** Starts from a picture in place of noise. */
  readonly over?: Overpainting | undefined;
  /** Drawn from in place of the seed. */
  readonly noise?: NoiseSource | undefined;
}

interface Kept {
  readonly inpainting?: Inpainting | undefined;
}

const NO_TEXT = 'This model reads a graph, not a text: give it one, or take a Stable Diffusion model.';
const NO_ATTENTION = 'This model does not show where its objects are, so the rest cannot be kept. Paint it anew.';
const NO_ENCODER = 'This model was opened without its VAE encoder, so it cannot paint over a picture.';
const BROKEN_PICTURE = 'The picture that is to be painted over is damaged.';
const NO_VERIFIER =
  'This model cannot see what is in a picture. Take the built-in one by “Model…”, then open the picture again.';
const OTHER_MODEL = 'The earlier picture was painted by another model, so its rest cannot be kept. Paint it anew.';

export class Engine {
  readonly manifest: ModelFacts;
  readonly machine: Machine;
  readonly #painter: GraphPainter;
  readonly #previews = new PreviewBudget();

  private constructor(manifest: ModelFacts, machine: Machine, painter: GraphPainter) {
    this.manifest = manifest;
    this.machine = machine;
    this.#painter = painter;
  }

  /** @throws EngineError when the package's parts do not fit, or Error of the runtime when it cannot run its models */
  static async open(modelPackage: AnyPackage, runtime: Runtime): Promise<Engine> {
    const { backend, adapter, threads } = runtime;
    const painter = await openPainter(modelPackage, runtime);
    const { precision } = painter.networks;
    return new Engine(modelPackage.manifest, { backend, adapter, threads, precision }, painter);
  }

  /**
   * Same graph or words, settings and backend: same bytes.
   * @throws EngineError graph-invalid or settings-invalid, NonFiniteError, or the signal's reason
   */
  async generate(
    subject: SceneGraph | TextPrompt,
    settings: GenerationSettings,
    hooks: GenerateHooks = {},
  ): Promise<GenerationResult> {
    const { inpainting, over, onStep } = hooks;
    if (!('prompt' in subject)) this.checkGraph(subject);
    else if (!this.#painter.paintText) throw new EngineError('settings-invalid', NO_TEXT);
    this.#checkSettings(settings);
    if (inpainting) this.#checkInpainting(inpainting);
    if (over) this.#checkOverpainting(over, settings);
    if (!inpainting || 'prompt' in subject) return this.#paintOnce(subject, settings, hooks);
    return paintNothingLost(
      (keep, nth) => {
        const report: GenerateHooks['onStep'] = (step, steps, preview) =>
          onStep?.(nth * steps + step, (nth + 1) * steps, preview);
        return this.#paintOnce(subject, settings, { ...hooks, inpainting: keep, onStep: report });
      },
      subject,
      inpainting,
    );
  }

  async #paintOnce(
    subject: SceneGraph | TextPrompt,
    settings: GenerationSettings,
    { onStep, signal, inpainting, over, noise }: Omit<GenerateHooks, 'inpainting'> & Kept,
  ): Promise<GenerationResult> {
    const text = 'prompt' in subject ? subject : undefined;
    const graph = 'prompt' in subject ? undefined : subject;
    const start = performance.now();
    this.#previews.start();
    let previewing = 0;
    const report = async ({ index, steps, denoised }: PaintStep): Promise<void> => {
      if (!onStep) return;
      const isLast = index === steps - 1; // the picture itself follows at once
      const before = performance.now();
      const preview = isLast
        ? undefined
        : await this.#previews.spend(() => decodePicture(this.#painter.networks, denoised));
      previewing += performance.now() - before;
      await onStep(index + 1, steps, preview);
    };
    const hooks = { onStep: report, ...(signal && { signal }) };
    const initial = over ? await this.#encode(over, settings) : inpainting && this.#initialOf(inpainting);
    const seed = (settings.seed + (inpainting?.further ?? 0)) % (settingBounds.seed.max + 1);
    const painterSettings = { ...settings, seed, noise, ...(initial && { initial }) };
    const painting = graph
      ? await this.#painter.paint(graph, painterSettings, hooks)
      : await this.#painter.paintText!(text!, painterSettings, hooks);
    const { picture, attention, account } = painting;
    const painted = performance.now();
    const latent = new Float32Array(painting.latent.data);
    const verification = graph ? await this.#painter.verify(graph, picture) : { objects: {}, relations: {} };
    const end = performance.now();
    const stages = { ...painting.stages, preview: previewing, verify: end - painted };
    const { backend } = this.machine;
    const made = { picture, attention, verification, latent, backend, stages, account };
    return { ...made, milliseconds: end - start, ...(inpainting && { keep: inpainting }) };
  }

  /** Whether the model is small enough to be open on two backends at once. */
  get canBeTried(): boolean {
    return this.#painter.trial !== undefined;
  }

  /** Of a model that can be tried. The first pass compiles, the second is timed. */
  async trial(): Promise<{ readonly milliseconds: number; readonly prediction: Float32Array } | undefined> {
    if (!this.#painter.trial) return undefined;
    await this.#painter.trial();
    const start = performance.now();
    const prediction = await this.#painter.trial();
    return { milliseconds: performance.now() - start, prediction };
  }

  /**
   * A picture of one step that nobody sees. WebAssembly and shaders are compiled as they first run: a visit's first picture took 2.3 s in Chromium where
   * the next one took 1.2, and after this 1.5.
   */
  async warmUp(hooks: GenerateHooks): Promise<void> {
    const { vocabulary, defaults } = this.manifest;
    const { graph } = addObject(EMPTY_SCENE_GRAPH, { label: vocabulary.objects[0]!, position: { x: 0, y: 0 } });
    await this.generate(graph, { ...defaults, seed: 0, steps: 1 }, hooks);
  }

  /** The graph of a picture whose own was lost. @throws EngineError when the model has no verifier, or paints pictures of another size */
  async readPicture(picture: Picture): Promise<SceneGraph> {
    if (!this.#painter.readPicture) throw new EngineError('settings-invalid', NO_VERIFIER);
    this.#checkOwnSize(picture);
    return this.#painter.readPicture(picture);
  }

  /**
   * What the verifier says of a picture by another view of it: of another size, and mirrored.
   * @throws EngineError graph-invalid, or settings-invalid when the model has no verifier, or paints pictures of another size
   */
  async verifyAgain(graph: SceneGraph, picture: Picture): Promise<Verification> {
    if (!this.#painter.verifyAgain) throw new EngineError('settings-invalid', NO_VERIFIER);
    this.checkGraph(graph);
    this.#checkOwnSize(picture);
    return this.#painter.verifyAgain(graph, picture);
  }

  #checkOwnSize(picture: Picture): void {
    const { width, height } = this.manifest.image;
    if (picture.width !== width || picture.height !== height || !isWhole(picture))
      throw new EngineError('settings-invalid', `The picture must have ${width} × ${height} pixels.`);
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

  /** @returns why the model cannot paint this size, in a sentence */
  faultOfSize(size: NonNullable<GenerationSettings['size']>): string | undefined {
    return this.#painter.faultOfSize(size);
  }

  async release(): Promise<void> {
    await this.#painter.release();
  }

  #initialOf(inpainting: Inpainting): NonNullable<PaintSettings['initial']> {
    const { latent, strength, before, objects, fixed, keepsWhole } = inpainting;
    const { channels, height, width } = this.manifest.latent;
    const region = { before: placeOf(before, height * width), objects, fixed, keepsWhole };
    return { latent: { data: latent, dims: [1, channels, height, width] }, strength, region };
  }

  async #encode({ picture, strength }: Overpainting, settings: GenerationSettings): Promise<InitialLatent> {
    const latent = await this.#painter.encode!(picture, settings.size);
    return { latent, strength: stepsOver(settings, strength) / settings.steps };
  }

  #checkOverpainting({ picture, strength }: Overpainting, settings: GenerationSettings): void {
    if (!this.#painter.encode) throw new EngineError('settings-invalid', NO_ENCODER);
    if (!isWhole(picture)) throw new EngineError('settings-invalid', BROKEN_PICTURE);
    const { issues } = v.safeParse(strengthSchema, strength);
    if (issues) throw new EngineError('settings-invalid', `The strength ${issues[0].message}, not ${strength}.`);
    const { steps } = settings;
    if (stepsOver(settings, strength) > 0) return;
    const least = Math.ceil(100 / steps) / 100;
    const message = `Of ${steps} steps a strength of ${strength} runs none: take at least ${least}, or more steps.`;
    throw new EngineError('settings-invalid', message);
  }

  #checkInpainting({ latent, strength, before, fixed, others }: KeepRest): void {
    if (this.manifest.kind !== 'picturebook') throw new EngineError('settings-invalid', NO_ATTENTION);
    const { channels, height, width } = this.manifest.latent;
    const maps = [...before, ...(fixed ? [fixed] : []), ...Object.values(others ?? {})];
    const fits = latent.length === channels * height * width && maps.every((map) => map.length === height * width);
    if (!fits) throw new EngineError('settings-invalid', OTHER_MODEL);
    const isSound = [latent, ...maps].every((numbers) => numbers.every(Number.isFinite));
    if (!isSound) throw new EngineError('settings-invalid', 'The earlier picture’s latent is damaged. Paint it anew.');
    if (!(strength >= 0 && strength <= 1)) {
      throw new EngineError('settings-invalid', `The strength must be from 0 to 1, not ${strength}.`);
    }
  }

  #checkSettings(settings: GenerationSettings): void {
    const { issues } = v.safeParse(settingsSchema, settings);
    if (issues) {
      const [{ message, path, input }] = issues;
      const title = titles[path![0].key as keyof GenerationSettings];
      throw new EngineError('settings-invalid', `${title} ${message}, not ${input}.`);
    }
    const samplers = samplersOf(this.manifest);
    if (!samplers.includes(settings.sampler)) {
      const message = `The model cannot be sampled by “${settings.sampler}”; it can by ${samplers.join(', ')}.`;
      throw new EngineError('settings-invalid', message);
    }
    const sizeFault = settings.size && this.#painter.faultOfSize(settings.size);
    if (sizeFault !== undefined) throw new EngineError('settings-invalid', sizeFault);
    const styles = [...this.manifest.styles, 'any'];
    if (styles.includes(settings.style)) return;
    const message = `The model has no style “${settings.style}”; it has ${styles.join(', ')}.`;
    throw new EngineError('settings-invalid', message);
  }
}

const titles: Readonly<Record<keyof GenerationSettings, string>> = {
  seed: 'The seed',
  steps: 'Steps',
  guidanceScale: 'Guidance',
  relationFactor: 'The factor of relations',
  sampler: 'The sampler',
  style: 'The style',
  size: 'Width and height',
};

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

const isWhole = ({ width, height, pixels }: Picture): boolean =>
  [width, height].every((side) => Number.isInteger(side) && side > 0) && pixels.length === 4 * width * height;
