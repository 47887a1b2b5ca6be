/** Stable Diffusion: S_cond is CLIP's encoding of the graph in words, with what a graph adapter makes of its edges where there is one. */

import type { DenoiserConditioning, DiffusionNetworks } from '#diffusion/networks.ts';
import { fromPicture } from '#diffusion/picture.ts';
import { type DiffusionModel, type PaintHooks, type PaintSettings, paintConditioned } from '#diffusion/pipeline.ts';
import { resizeBicubic } from '#diffusion/resize.ts';
import { discreteNoise } from '#diffusion/sampling/discrete-noise.ts';
import { assertFinite } from '#diffusion/sampling/non-finite.ts';
import { planSampling, type SamplingPlan } from '#diffusion/sampling/scheduler.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import { type TokenGraph, tokenGraphOf } from '#diffusion/tokens.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { latentFor, type ModelFacts } from '#engine/contract/manifest.ts';
import type { PaintingAccount, Picture, TextPrompt, Verification, WordReading } from '#engine/contract/protocol.ts';
import type { GraphPainter, PainterResult, PainterSettings } from '#engine/package/graph-painter.ts';
import { StageClock } from '#engine/package/stage-clock.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import { adapterFeeds } from './adapter-feeds.ts';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { type ConditioningPlan, type Fusion, planConditioning } from './conditioning-plan.ts';
import { StableDiffusionNetworks } from './networks.ts';
import type { StableDiffusionPackage } from './package.ts';
import type { PackageScheduler } from './read-configs.ts';
import { schedulerOf } from './scheduler-config.ts';

/** Prompts that S_cond is put together from, at most: 8 · 77 tokens are more than 30 objects and 60 relations take. */
const MAX_PROMPTS = 8;

/** What the networks are told, and what of it a user may want to know. */
interface Reading
  extends Pick<PaintingAccount, 'prompts' | 'negative' | 'tokenIds' | 'negativeTokenIds' | 'tokensCut'> {
  readonly conditioning: DenoiserConditioning;
}

export class StableDiffusionPainter implements GraphPainter {
  readonly networks: StableDiffusionNetworks;
  readonly encode: GraphPainter['encode'];
  readonly #facts: ModelFacts;
  readonly #scheduler: PackageScheduler;
  readonly #latentUnit: number;
  readonly #model: Omit<DiffusionModel, 'latent' | 'planOf'>;
  readonly #tokenizer: ClipTokenizer;
  readonly #fusion: Fusion | undefined;

  private constructor(
    facts: ModelFacts,
    scheduler: PackageScheduler,
    networks: StableDiffusionNetworks,
    tokenizer: ClipTokenizer,
    latentUnit: number,
    fusion: Fusion | undefined,
  ) {
    this.#facts = facts;
    this.networks = networks;
    this.encode = networks.hasEncoder ? (picture, size) => this.#encode(picture, size) : undefined;
    this.#tokenizer = tokenizer;
    this.#fusion = fusion;
    this.#scheduler = scheduler;
    this.#latentUnit = latentUnit;
    const { min, max } = discreteNoise(scheduler.spec.noise);
    // The scaling factor brings latents to unit variance.
    const sigma = { min, max, data: 1 };
    this.#model = { parametrisation: scheduler.spec.parametrisation, sigma };
  }

  /** @throws EngineError model-damaged or model-unsupported when the parts do not fit each other */
  static async open(
    { manifest, scheduler, scale, tokenizer, promptLength, latentUnit, models, fusion }: StableDiffusionPackage,
    runtime: Runtime,
  ): Promise<StableDiffusionPainter> {
    const encoder = await ClipTokenizer.open(tokenizer, promptLength);
    const networks = await StableDiffusionNetworks.open(runtime, models, scale);
    try {
      checkLatent(manifest, networks.latentDims);
      return new StableDiffusionPainter(manifest, scheduler, networks, encoder, latentUnit, fusion);
    } catch (error) {
      await networks.release().catch(() => undefined);
      throw error;
    }
  }

  /** Every word will do; only the number of them is bounded. */
  faultOf(graph: SceneGraph): string | undefined {
    const { vocabulary, limits } = this.#facts;
    const predicates = graph.relations.map(({ predicate }) => predicate);
    const open = { ...vocabulary, predicates };
    const fault = checkGraph(graph, open, limits, () => true).find(({ severity }) => severity === 'error');
    if (fault) return fault.message;
    const { prompts, sources, tooLong } = this.#layOut(tokenGraphOf(graph, 'any'));
    if (tooLong !== undefined) return `“${tooLong.slice(0, 60)}…” is too long for the model’s text encoder.`;
    if (sources.length <= this.#maxPrompts() * this.#tokenizer.length) return undefined;
    const tokens = this.#tokenizer.encode(prompts.join(', ')).length;
    const most = this.#maxPrompts() * this.#tokenizer.room;
    return `In words the graph takes ${tokens} tokens; this model reads at most ${most}. Remove some objects or relations.`;
  }

  readWord(word: string): WordReading {
    return { word, by: 'text' };
  }

  async paint(graph: SceneGraph, settings: PainterSettings, hooks: PaintHooks): Promise<PainterResult> {
    return this.#paint(() => this.#readGraph(graph), settings, hooks);
  }

  async paintText(text: TextPrompt, settings: PainterSettings, hooks: PaintHooks): Promise<PainterResult> {
    return this.#paint(() => this.#readText(text), settings, hooks);
  }

  faultOfSize({ width, height }: NonNullable<PainterSettings['size']>): string | undefined {
    const { width: usual, height: usualHeight } = this.#facts.image;
    const grain = usual / this.#facts.latent.width;
    const [, fixedHeight, fixedWidth] = this.networks.latentDims;
    const isFixed =
      (fixedWidth ?? width / grain) * grain !== width || (fixedHeight ?? height / grain) * grain !== height;
    if (isFixed) return `This model was exported for pictures of ${usual} × ${usualHeight} alone.`;
    const unit = grain * this.#latentUnit;
    if (width % unit === 0 && height % unit === 0) return undefined;
    return `The picture’s sides must be multiples of ${unit} for this model, not ${width} × ${height}.`;
  }

  async #encode({ pixels, ...from }: Picture, size: PainterSettings['size']): Promise<Tensor> {
    const { width, height } = size ?? this.#facts.image;
    const resized = resizeBicubic(pixels, [from.width, from.height], [width, height]);
    const latent = await this.networks.encode(fromPicture({ width, height, pixels: resized }));
    assertFinite(latent.data, 'the VAE encoder');
    const { channels, ...sides } = latentFor(this.#facts, size);
    const wanted = [1, channels, sides.height, sides.width];
    if (wanted.every((side, axis) => side === latent.dims[axis])) return latent;
    throw new EngineError(
      'model-damaged',
      `vae_encoder/model.onnx makes latents of (${latent.dims.join(', ')}), unet/model.onnx reads (${wanted.join(', ')}).`,
    );
  }

  async #paint(read: () => Promise<Reading>, settings: PainterSettings, hooks: PaintHooks): Promise<PainterResult> {
    const { initial, size, ...rest } = settings;
    const { latent: start, strength } = initial ?? {};
    const clock = new StageClock();
    const { conditioning, ...told } = await clock.time('read', read);
    const guided = this.networks.guided(settings.guidanceScale);
    const timesteps: number[] = [];
    const networks: DiffusionNetworks = {
      denoise: (input) => {
        timesteps.push(input.timestep.data[0]!);
        return clock.time('denoise', () => guided.networks.denoise(input));
      },
      decode: (latent) => clock.time('decode', () => guided.networks.decode(latent)),
    };
    const plan = this.#plan(settings);
    const model = { ...this.#model, latent: latentFor(this.#facts, size), planOf: () => plan };
    const conditioned = {
      ...rest,
      guidanceScale: guided.guidanceScale,
      ...(start && strength !== undefined && { initial: { latent: start, strength } }),
    };
    const { picture, latent } = await paintConditioned(networks, model, conditioning, conditioned, hooks);
    const account = { ...told, sigmas: plan.sigmas, timesteps };
    // The UNet keeps its attention to itself.
    const attention = { width: 1, height: 1, objects: {}, relations: {} };
    return { picture, latent, attention, account, stages: clock.stages };
  }

  /** @throws EngineError settings-invalid for more steps than the model knows, model-unsupported for a sampler that its scheduler's file rules out */
  #plan({ sampler, schedule, steps }: PaintSettings): SamplingPlan {
    const { config, spec } = this.#scheduler;
    if (sampler === 'student') throw new EngineError('settings-invalid', 'This model has no student.');
    const wanted = sampler === spec.name ? spec : schedulerOf(config, sampler);
    try {
      return planSampling(schedule ? { ...wanted, schedule } : wanted, steps);
    } catch (error) {
      if (error instanceof RangeError) throw new EngineError('settings-invalid', `For this model ${error.message}.`);
      throw error;
    }
  }

  async verify(): Promise<Verification> {
    return { objects: {}, relations: {} };
  }

  release(): Promise<void> {
    return this.networks.release();
  }

  /** The unconditional branch is the empty prompt, as long as S_cond: it sees neither words nor G_global. */
  async #readGraph(graph: SceneGraph): Promise<Reading> {
    const tokens = tokenGraphOf(graph, 'any');
    const plan = this.#layOut(tokens);
    const ids = plan.prompts.map((prompt) => this.#tokenizer.prompt(prompt));
    const text = await this.networks.encodeText(ids);
    const room = {
      objects: Math.max(1, tokens.objects.length),
      relations: Math.max(1, tokens.relations.length),
      tokens: text.dims[1]!,
      length: plan.sources.length,
    };
    const sCond = await this.networks.adapt(text, adapterFeeds(tokens, plan, room));
    const empty = this.#tokenizer.prompt('');
    const empties = Array.from({ length: plan.sources.length / this.#tokenizer.length }, () => empty);
    const unconditional = await this.networks.encodeText(empties);
    return {
      conditioning: this.networks.conditioning(sCond, unconditional),
      prompts: plan.prompts,
      negative: '',
      tokenIds: ids.map((each) => [...each]),
      negativeTokenIds: [...empty],
      tokensCut: 0,
    };
  }

  #layOut(tokens: TokenGraph): ConditioningPlan {
    return planConditioning(tokens, this.#tokenizer, this.#fusion);
  }

  /** As diffusers' pipelines read a prompt: one, cut where it is too long, and the negative one in place of nothing. */
  async #readText({ prompt, negative = '' }: TextPrompt): Promise<Reading> {
    const [told, away] = [this.#tokenizer.prompt(prompt), this.#tokenizer.prompt(negative)];
    const sCond = await this.networks.encodeText([told]);
    return {
      conditioning: this.networks.conditioning(sCond, await this.networks.encodeText([away])),
      prompts: [prompt],
      negative,
      tokenIds: [[...told]],
      negativeTokenIds: [...away],
      tokensCut: this.#tokenizer.excess(prompt) + this.#tokenizer.excess(negative),
    };
  }

  #maxPrompts(): number {
    const { textLength } = this.networks;
    return textLength === undefined ? MAX_PROMPTS : Math.max(1, Math.floor(textLength / this.#tokenizer.length));
  }
}

function checkLatent({ latent }: ModelFacts, fixed: readonly (number | undefined)[]): void {
  const said = [latent.channels, latent.height, latent.width];
  if (said.every((size, axis) => fixed[axis] === undefined || fixed[axis] === size)) return;
  const file = `(${fixed.map((size) => size ?? 'any').join(', ')})`;
  throw new EngineError(
    'model-damaged',
    `unet/model.onnx takes latents of ${file}, unet/config.json says (${said.join(', ')}).`,
  );
}
