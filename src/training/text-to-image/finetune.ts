/** The stage `finetune`: the paper's step on a base model, an imported Stable Diffusion with its graph adapter. */
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { joined, sizeOf } from '#diffusion/tensor.ts';
import { adapterInputs } from '#engine/stable-diffusion/adapter-feeds.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { graphAdapterInputs, summedUp } from '#training/networks/graph-adapter.ts';
import type { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { collectGarbage } from '#training/trainer/collect-garbage.ts';
import { type Budget, defaultLoop, type LoopOptions, trainStage } from '#training/trainer/train-loop.ts';
import {
  type Device,
  type Feeds,
  ForwardPass,
  initializeParameters,
  type StepResult,
  type TrainingStep,
} from '#training/trainer/training-step.ts';
import type { BaseModel } from './base-model.ts';
import type { Example, FeatureSet } from './features.ts';
import {
  buildFinetuneGraph,
  type FinetuneGraph,
  type FinetuneSettings,
  finetuneFeeds,
  openFinetuneStep,
} from './finetune-step.ts';
import { LossScale } from './unet/half-precision.ts';

export interface FinetuneOptions extends FinetuneSettings {
  readonly budget: Budget;
  readonly learningRate: number;
  readonly seed: number;
  readonly device: Device;
}

/** What the stage works on. */
export interface FinetuneInput {
  readonly model: BaseModel;
  readonly set: FeatureSet;
  readonly store: CheckpointStore;
  /** Weights that it starts from, by name: the encoder that the GAN aligned. */
  readonly start?: ReadonlyMap<string, Float32Array>;
}

interface Opened {
  readonly graph: FinetuneGraph;
  readonly step: TrainingStep;
  readonly initial: Map<string, Float32Array>;
  /** Averaged over the accumulated batches. */
  run(parameters: Map<string, Float32Array>): Promise<StepResult>;
  release(): Promise<void>;
}

export interface Finetuned {
  readonly graph: FinetuneGraph;
  /** Averaged weights of what learned. */
  readonly parameters: Map<string, Float32Array>;
}

/** Trains, or goes on. @throws BaseModelError for what a user can mend */
export async function finetune(input: FinetuneInput, options: FinetuneOptions): Promise<Finetuned> {
  const { graph, step, initial, run, release } = await openFinetune(input, options);
  try {
    const parameters = await trainStage({
      name: 'finetune',
      budget: options.budget,
      store: input.store,
      initial,
      trained: step.trained,
      options: loopOf(options),
      picturesPerStep: options.batch * options.accumulate,
      step: run,
    });
    return { graph, parameters };
  } finally {
    await release();
  }
}

/** Averages of 860 million weights are 3.4 GB; the authors' code, which trains all of them, keeps none either. */
const loopOf = ({ train, learningRate }: FinetuneOptions): LoopOptions => ({
  ...defaultLoop,
  learningRate,
  ...(train === 'everything' && { emaDecay: 0 }),
});

export interface DryRun {
  readonly trained: number;
  readonly fixed: number;
  /** Seconds of the fastest of three steps. */
  readonly seconds: number;
  /** Bytes of this process at its largest, what a graphics card holds not among them; with the optimiser's moments and averages of what learns. */
  readonly memory: number;
}

/** What a step takes, before hours are spent on it. Writes nothing. */
export async function dryRun(input: FinetuneInput, options: FinetuneOptions): Promise<DryRun> {
  const { graph, initial, run, release } = await openFinetune(input, options);
  try {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await run(initial);
      times.push((performance.now() - start) / 1000);
      collectGarbage();
    }
    const sizes = [...graph.g.parameters.values()].map(({ value }) => sizeOf(value.shape));
    const trained = [...initial.values()].reduce((sum, { length }) => sum + length, 0);
    const fixed = sizes.reduce((sum, size) => sum + size, 0) - trained;
    // AdamW's two moments and the average, where there is one: so many more copies of what learns.
    const copies = loopOf(options).emaDecay > 0 ? 3 : 2;
    const memory = process.resourceUsage().maxRSS * 1024 + copies * 4 * trained;
    return { trained, fixed, seconds: Math.min(...times), memory };
  } finally {
    await release();
  }
}

/** One step, ready to be run; whoever opens it releases it. */
export async function openFinetune(
  { model, set, store, start }: FinetuneInput,
  options: FinetuneOptions,
): Promise<Opened> {
  const { batch, accumulate, dropout, precision, seed } = options;
  const { graph, step } = await openStep(model, set, options);
  const globals = graph.aligned > batch ? await openGlobals(graph, set, options) : undefined;
  const random = seededNoise(seed + 1000 * Math.round(await store.secondsTrained('finetune')));
  const given = { empty: set.empty, dropout, sharesTimestep: graph.sharesTimestep };
  const scale = new LossScale();
  return {
    graph,
    step,
    initial: initialOf(graph, step, seed, start),
    async run(parameters) {
      const all = new Map([...graph.weights, ...parameters]);
      const batches = Array.from({ length: accumulate }, () =>
        Array.from({ length: batch }, () => set.example(random.integer(set.count))),
      );
      const feeds = batches.map((examples) => finetuneFeeds(model, examples, random, given));
      const aligned = graph.aligned > 0 ? await alignedFeeds(batches, feeds, globals, all) : [];
      return averaged(feeds, (one, i) => {
        const whole = { ...one, ...aligned[i] };
        if (precision === 'single') return step.run(whole, all);
        return scale.run((factor) => step.run({ ...whole, loss_scale: Float32Array.of(factor) }, all));
      });
    },
    async release() {
      await step.release();
      await globals?.release();
    },
  };
}

/** What the session holds for itself is let go of here: gigabytes of a real UNet. */
async function openStep(model: BaseModel, set: FeatureSet, options: FinetuneOptions) {
  const { fixed, ...graph } = await buildFinetuneGraph(model, set, options);
  const step = await openFinetuneStep({ ...graph, fixed }, options.device, options.checkpoints);
  const { trains, updated } = graph;
  const weights = new Map([...graph.weights].filter(([name]) => trains(name) || updated.includes(name)));
  return { graph: { ...graph, weights, fixed: undefined }, step };
}

/** Of what learns alone: a checkpoint of it is small, and the rest is in the package. */
function initialOf(
  graph: FinetuneGraph,
  step: TrainingStep,
  seed: number,
  start: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  const learning = new Map(step.trained.map((name) => [name, graph.g.parameters.get(name)!] as const));
  const known = [...graph.weights, ...start].filter(
    ([name, { length }]) => learning.has(name) && sizeOf(learning.get(name)!.value.shape) === length,
  );
  return initializeParameters({ parameters: learning }, seed, new Map(known));
}

/** G_global of a batch, without the UNet. */
function openGlobals({ adapter }: FinetuneGraph, { room, width }: FeatureSet, { batch, device }: FinetuneOptions) {
  const g = new GraphBuilder();
  g.output('global', summedUp(g, adapter, graphAdapterInputs(g, { batch, width, ...room })).gGlobal);
  return ForwardPass.create(g, device);
}

/**
 * For each batch the CLIP features of all, its own first, and the other batches' G_global.
 * @param globals undefined where there is one batch
 */
async function alignedFeeds(
  batches: readonly (readonly Example[])[],
  feeds: readonly Feeds[],
  globals: ForwardPass | undefined,
  parameters: ReadonlyMap<string, Float32Array>,
): Promise<Feeds[]> {
  const features = batches.map((examples) => joined(examples.map(({ feature }) => feature!)));
  const ownFirst = (parts: readonly Float32Array[], i: number) => [parts[i]!, ...parts.filter((_, at) => at !== i)];
  if (!globals) return features.map((only) => ({ features: only }));
  const rows: Float32Array[] = [];
  for (const each of feeds) {
    const told = ['hidden_states', ...adapterInputs].map((name) => [name, each[name]!] as const);
    rows.push((await globals.run(Object.fromEntries(told), parameters)).global!.slice());
  }
  return batches.map((_, i) => ({
    features: joined(ownFirst(features, i)),
    other_globals: joined(ownFirst(rows, i).slice(1)),
  }));
}

/** The mean of several batches' gradients and numbers: a larger batch in the memory of a small one. */
export async function averaged<Batch>(
  batches: readonly Batch[],
  run: (batch: Batch, index: number) => Promise<StepResult>,
): Promise<StepResult> {
  const first = await run(batches[0]!, 0);
  if (batches.length === 1) return first;
  const gradients = new Map([...first.gradients].map(([name, data]) => [name, data.slice()]));
  const numbers: Record<string, number> = { ...first.numbers };
  for (let i = 1; i < batches.length; i++) {
    const next = await run(batches[i]!, i);
    for (const [name, data] of next.gradients) {
      const sum = gradients.get(name)!;
      for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + data[at]!;
    }
    for (const [name, value] of Object.entries(next.numbers)) numbers[name] = numbers[name]! + value;
  }
  const mean = 1 / batches.length;
  for (const sum of gradients.values()) for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! * mean;
  return {
    gradients,
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, sum]) => [name, sum * mean])),
  };
}
