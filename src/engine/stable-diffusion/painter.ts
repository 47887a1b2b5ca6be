/** Stable Diffusion: S_cond is CLIP's encoding of the graph in words, with what a graph adapter makes of its edges where there is one. */

import type { DenoiserConditioning } from '#diffusion/networks.ts';
import {
  type DiffusionModel,
  type PaintHooks,
  type Painting,
  type PaintSettings,
  paintConditioned,
} from '#diffusion/pipeline.ts';
import { discreteNoise } from '#diffusion/sampling/discrete-noise.ts';
import { planSampling } from '#diffusion/sampling/scheduler.ts';
import { type TokenGraph, tokenGraphOf } from '#diffusion/tokens.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Verification, WordReading } from '#engine/contract/protocol.ts';
import type { GraphPainter } from '#engine/package/graph-painter.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import { adapterFeeds } from './adapter-feeds.ts';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { type ConditioningPlan, type Fusion, planConditioning } from './conditioning-plan.ts';
import { StableDiffusionNetworks } from './networks.ts';
import type { PackageScheduler, StableDiffusionPackage } from './package.ts';
import { schedulerOf } from './scheduler-config.ts';

/** Prompts that S_cond is put together from, at most: 8 · 77 tokens are more than 30 objects and 60 relations take. */
const MAX_PROMPTS = 8;

export class StableDiffusionPainter implements GraphPainter {
  readonly networks: StableDiffusionNetworks;
  readonly #facts: ModelFacts;
  readonly #model: DiffusionModel;
  readonly #tokenizer: ClipTokenizer;
  readonly #fusion: Fusion | undefined;

  private constructor(
    facts: ModelFacts,
    scheduler: PackageScheduler,
    networks: StableDiffusionNetworks,
    tokenizer: ClipTokenizer,
    fusion: Fusion | undefined,
  ) {
    this.#facts = facts;
    this.networks = networks;
    this.#tokenizer = tokenizer;
    this.#fusion = fusion;
    const { config, spec } = scheduler;
    const { min, max } = discreteNoise(spec.noise);
    this.#model = {
      parametrisation: spec.parametrisation,
      // The scaling factor brings latents to unit variance.
      sigma: { min, max, data: 1 },
      latent: facts.latent,
      planOf: ({ sampler, schedule, steps }) => {
        const wanted = sampler === spec.name ? spec : schedulerOf(config, sampler);
        return planSampling(schedule ? { ...wanted, schedule } : wanted, steps);
      },
    };
  }

  /** @throws EngineError model-damaged or model-unsupported when the parts do not fit each other */
  static async open(
    { manifest, scheduler, scale, tokenizer, promptLength, models, fusion }: StableDiffusionPackage,
    runtime: Runtime,
  ): Promise<StableDiffusionPainter> {
    const encoder = await ClipTokenizer.open(tokenizer, promptLength);
    const networks = await StableDiffusionNetworks.open(runtime, models, scale);
    try {
      checkLatent(manifest, networks.latentDims);
      return new StableDiffusionPainter(manifest, scheduler, networks, encoder, fusion);
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
    const { prompts, sources, tooLong } = this.#plan(tokenGraphOf(graph, 'any'));
    if (tooLong !== undefined) return `“${tooLong.slice(0, 60)}…” is too long for the model’s text encoder.`;
    if (sources.length <= this.#maxPrompts() * this.#tokenizer.length) return undefined;
    const tokens = this.#tokenizer.encode(prompts.join(', ')).length;
    const most = this.#maxPrompts() * this.#tokenizer.room;
    return `In words the graph takes ${tokens} tokens; this model reads at most ${most}. Remove some objects or relations.`;
  }

  readWord(word: string): WordReading {
    return { word, by: 'text' };
  }

  async paint(graph: SceneGraph, settings: PaintSettings, hooks: PaintHooks): Promise<Painting> {
    const conditioning = await this.#read(graph);
    const { initial, ...rest } = settings;
    const { latent: start, strength } = initial ?? {};
    const { networks, guidanceScale } = this.networks.guided(settings.guidanceScale);
    const conditioned = {
      ...rest,
      guidanceScale,
      ...(start && strength !== undefined && { initial: { latent: start, strength } }),
    };
    const { picture, latent } = await paintConditioned(networks, this.#model, conditioning, conditioned, hooks);
    // The UNet keeps its attention to itself.
    return { picture, latent, attention: { width: 1, height: 1, objects: {}, relations: {} } };
  }

  async verify(): Promise<Verification> {
    return { objects: {}, relations: {} };
  }

  release(): Promise<void> {
    return this.networks.release();
  }

  /** The unconditional branch is the empty prompt, as long as S_cond: it sees neither words nor G_global. */
  async #read(graph: SceneGraph): Promise<DenoiserConditioning> {
    const tokens = tokenGraphOf(graph, 'any');
    const plan = this.#plan(tokens);
    const text = await this.networks.encodeText(plan.prompts.map((prompt) => this.#tokenizer.prompt(prompt)));
    const room = {
      objects: Math.max(1, tokens.objects.length),
      relations: Math.max(1, tokens.relations.length),
      tokens: text.dims[1]!,
      length: plan.sources.length,
    };
    const sCond = await this.networks.adapt(text, adapterFeeds(tokens, plan, room));
    const empty = Array.from({ length: plan.sources.length / this.#tokenizer.length }, () =>
      this.#tokenizer.prompt(''),
    );
    return this.networks.conditioning(sCond, await this.networks.encodeText(empty));
  }

  #plan(tokens: TokenGraph): ConditioningPlan {
    return planConditioning(tokens, this.#tokenizer, this.#fusion);
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
