/** `npm run train -- adapter PACKAGE DATA`: a graph adapter for an imported Stable Diffusion, fine-tuned on an imported data set. */
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { startProgress } from '#training/files/progress.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { type Budget, defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import {
  type Device,
  initializeParameters,
  type StepResult,
  type TrainingStep,
} from '#training/trainer/training-step.ts';
import { type BaseModel, openBaseModel } from './base-model.ts';
import { openClipTower } from './clip-tower.ts';
import { type AdapterSet, prepareAdapterSet } from './features.ts';
import {
  type AdapterGraph,
  type AdapterTraining,
  adapterStepFeeds,
  buildAdapterGraph,
  openAdapterStep,
} from './finetune-step.ts';
import { LossScale } from './half-precision.ts';
import { adapterModel, checkTarget, exportAdapterPackage, movedWeights } from './package.ts';

export interface AdapterOptions extends AdapterTraining {
  /** Folder of the package in diffusers' ONNX layout. */
  readonly package: string;
  /** Folder of the imported data set. */
  readonly data: string;
  /** ONNX file of CLIP's image tower; without one L_recon is the whole loss. */
  readonly clip?: string;
  /** Folder of the package that comes out. */
  readonly out: string;
  readonly budget: Budget;
  readonly learningRate: number;
  /** Batches whose gradients are averaged before a step. */
  readonly accumulate: number;
  readonly seed: number;
  readonly device: Device;
  readonly say: (line: string) => void;
}

interface Opened {
  readonly model: BaseModel;
  readonly set: AdapterSet;
  readonly graph: AdapterGraph;
  readonly step: TrainingStep;
  readonly store: CheckpointStore;
  /** Averaged over the accumulated batches. */
  run(parameters: Map<string, Float32Array>): Promise<StepResult>;
}

/** Trains, or goes on, and writes the package. @throws BaseModelError, EngineError or ImportInputError for what a user can mend */
export async function trainAdapter(options: AdapterOptions): Promise<void> {
  checkTarget(options.package, options.out);
  const opened = await open(options);
  const { model, set, graph, step, store, run } = opened;
  try {
    const parameters = await trainStage({
      name: 'adapter',
      budget: options.budget,
      store,
      initial: initialOf(opened, options),
      trained: step.trained,
      options: { ...defaultLoop, learningRate: options.learningRate },
      picturesPerStep: options.batch * options.accumulate,
      step: run,
    });
    exportAdapterPackage({
      from: options.package,
      to: options.out,
      adapter: adapterModel(options.adapter, { tokens: set.room.tokens, width: set.width }, parameters),
      unet: movedWeights(graph, parameters),
    });
    options.say(`The package with its graph adapter is in ${options.out}`);
  } finally {
    await step.release();
    await model.release();
  }
}

export interface DryRun {
  readonly trained: number;
  readonly fixed: number;
  /** Seconds of the fastest of three steps. */
  readonly seconds: number;
  /** Bytes of this process at its largest, what a graphics card holds not among them; with the optimiser's moments and averages of what learns. */
  readonly memory: number;
}

/** What a step takes, before hours are spent on it. Writes nothing but the encoded pictures. */
export async function dryRun(options: AdapterOptions): Promise<DryRun> {
  const opened = await open(options);
  const { step, model } = opened;
  try {
    const parameters = initialOf(opened, options);
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      await opened.run(parameters);
      times.push((performance.now() - start) / 1000);
    }
    const sizes = [...opened.graph.g.parameters.values()].map(({ value }) => sizeOf(value.shape));
    const trained = [...parameters.values()].reduce((sum, { length }) => sum + length, 0);
    const fixed = sizes.reduce((sum, size) => sum + size, 0) - trained;
    // AdamW's two moments and the average: three more copies of what learns.
    const memory = process.resourceUsage().maxRSS * 1024 + 3 * 4 * trained;
    return { trained, fixed, seconds: Math.min(...times), memory };
  } finally {
    await step.release();
    await model.release();
  }
}

/** Of what learns alone: a checkpoint of it is small, and the rest is in the package. */
function initialOf({ graph, step }: Opened, { seed }: AdapterOptions): Map<string, Float32Array> {
  const learning = step.trained.map((name) => [name, graph.g.parameters.get(name)!] as const);
  const known = new Map([...graph.weights].filter(([name]) => graph.trains(name)));
  return initializeParameters({ parameters: new Map(learning) }, seed, known);
}

async function open(options: AdapterOptions): Promise<Opened> {
  const model = await openBaseModel(options.package);
  const name = `${basename(options.package)}-${hashOf([options.package, options.data, options.clip ?? ''].map((path) => resolve(path)))}`;
  const folder = join(cacheFolder(), 'adapter', name);
  const clip = options.clip === undefined ? undefined : await openClipTower(options.clip);
  const set = await prepareAdapterSet(model, options.data, join(folder, 'encoded'), startProgress('encoding'), clip);
  options.say(
    `${set.count} pictures${set.skipped > 0 ? `, ${set.skipped} left out: their words need more than one prompt` : ''}`,
  );
  const { graph, step } = await openStep(model, set, options);
  const { train, adapter, rank } = options;
  const store = new CheckpointStore(join(folder, hashOf({ train, adapter, rank })), { train, adapter, rank });
  const random = seededNoise(options.seed + 1000 * Math.round(await store.secondsTrained('adapter')));
  const empty = await model.encodeText(model.tokenizer.prompt(''));
  const given = { empty, dropout: options.dropout, sharesTimestep: graph.sharesTimestep };
  const scale = new LossScale();
  const runOnce = (parameters: Map<string, Float32Array>) => {
    const examples = Array.from({ length: options.batch }, () => set.example(random.integer(set.count)));
    const feeds = adapterStepFeeds(model, examples, random, given);
    const all = new Map([...graph.weights, ...parameters]);
    if (options.precision === 'single') return step.run(feeds, all);
    return scale.run((factor) => step.run({ ...feeds, loss_scale: Float32Array.of(factor) }, all));
  };
  return {
    model,
    set,
    graph,
    step,
    store,
    run: (parameters) => accumulated(options.accumulate, () => runOnce(parameters)),
  };
}

/** What the session holds for itself is let go of here: gigabytes of a real UNet. */
async function openStep(model: BaseModel, set: AdapterSet, options: AdapterOptions) {
  const { fixed, ...graph } = await buildAdapterGraph(model, set, options);
  const step = await openAdapterStep({ ...graph, fixed }, options.device, options.checkpoints);
  const { trains, updated } = graph;
  const weights = new Map([...graph.weights].filter(([name]) => trains(name) || updated.includes(name)));
  return { graph: { ...graph, weights, fixed: undefined }, step };
}

/** The mean of several batches' gradients and numbers: a larger batch in the memory of a small one. */
export async function accumulated(batches: number, run: () => Promise<StepResult>): Promise<StepResult> {
  const first = await run();
  if (batches === 1) return first;
  const gradients = new Map([...first.gradients].map(([name, data]) => [name, data.slice()]));
  const numbers: Record<string, number> = { ...first.numbers };
  for (let i = 1; i < batches; i++) {
    const next = await run();
    for (const [name, data] of next.gradients) {
      const sum = gradients.get(name)!;
      for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + data[at]!;
    }
    for (const [name, value] of Object.entries(next.numbers)) numbers[name] = numbers[name]! + value;
  }
  for (const sum of gradients.values()) for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! / batches;
  return {
    gradients,
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, sum]) => [name, sum / batches])),
  };
}

const hashOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
