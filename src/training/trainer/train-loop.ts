/**
 * The loop that every stage shares: step, clip, AdamW, EMA, log, checkpoint, sample sheet; until the stage's budget is used up.
 * It counts what the stage has trained in all, over any number of interrupted runs.
 */
import { constants } from 'node:os';
import {
  type AdamWState,
  adamW,
  clipScale,
  copyOf,
  cosineDecay,
  emaDecay,
  globalNorm,
  type Tensors,
  updateEma,
  warmUp,
} from '#onnx/optimizer.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { collectGarbage } from './collect-garbage.ts';
import { StageLog } from './stage-log.ts';
import type { StepResult } from './training-step.ts';

export interface LoopOptions {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly weightDecay: number;
  readonly clip: number;
  /** 0 averages nothing: what comes out are the last weights, and no copy of them is held. */
  readonly emaDecay: number;
  readonly warmUpSteps: number;
  /** Share of the peak learning rate that is left at the end of the cosine. */
  readonly finalRate: number;
}

export const defaultLoop: LoopOptions = {
  learningRate: 1e-3,
  betas: [0.9, 0.99],
  weightDecay: 0.01,
  clip: 1,
  emaDecay: 0.999,
  warmUpSteps: 100,
  finalRate: 0.05,
};

export interface StagePosition {
  readonly step: number;
  /** Share of the stage's budget that is used, in [0, 1]. */
  readonly progress: number;
}

/** Time, for the best model that it allows; or pictures, where stages are compared and the machine may do other work beside them. */
export type Budget = { readonly minutes: number } | { readonly pictures: number };

interface StageRun {
  readonly name: string;
  readonly budget: Budget;
  readonly store: CheckpointStore;
  /** Values the stage starts from when there is no checkpoint. */
  readonly initial: Map<string, Float32Array>;
  /** Names the optimiser moves. */
  readonly trained: readonly string[];
  readonly options: LoopOptions;
  readonly picturesPerStep: number;
  /** One forward and backward pass. */
  step(parameters: Map<string, Float32Array>, position: StagePosition): Promise<StepResult>;
  /** Called every few minutes and at the end with the averaged weights. */
  sample?(ema: Map<string, Float32Array>, step: number): Promise<void>;
}

const CHECKPOINT_SECONDS = 55;
/** Averaging takes a pass over all weights (3 % of a step): done now and then, with the decay to match. */
const EMA_EVERY = 4;
const SAMPLE_SECONDS = 240;
/** Bytes of gradients from which on it is worth a tenth of a second not to hold those of two steps. */
const LARGE = 2 ** 29;

/** Trains until the budget is used, resuming from the last checkpoint; returns the averaged weights. */
export async function trainStage(run: StageRun): Promise<Map<string, Float32Array>> {
  const saved = await run.store.load(run.name);
  // What the code has and the checkpoint lacks starts as it would in a new run.
  const parameters = filledFrom(run.initial, saved?.parameters);
  const trained = new Map(run.trained.map((name) => [name, parameters.get(name)!]));
  const ema = run.options.emaDecay > 0 ? filledFrom(copyOf(trained), saved?.ema) : new Map<string, Float32Array>();
  const optimizer = adamW({
    betas: run.options.betas,
    epsilon: 1e-8,
    weightDecay: run.options.weightDecay,
    decays: (name) => name.endsWith('.weight'),
  });
  let state: AdamWState = optimizer.init(trained);
  if (saved) {
    const { step, first, second } = saved.optimizer;
    state = { step, first: filledFrom(state.first, first), second: filledFrom(state.second, second) };
  }
  let seconds = saved?.seconds ?? 0;
  const progress = (): number =>
    'minutes' in run.budget
      ? seconds / (run.budget.minutes * 60)
      : (state.step * run.picturesPerStep) / run.budget.pictures;
  const averaged = () => new Map([...parameters, ...ema]);
  if (progress() >= 1) return averaged();

  /** One step of the optimiser. Nothing refers to its gradients when it returns. */
  const advance = async (): Promise<Record<string, number>> => {
    const position = { step: state.step, progress: progress() };
    const { numbers, gradients } = await run.step(parameters, position);
    const norm = globalNorm(gradients);
    if (!Number.isFinite(norm)) throw new Error(`${run.name}: the gradient is not finite at step ${state.step}`);
    const { learningRate, warmUpSteps, finalRate, clip } = run.options;
    const rate = learningRate * warmUp(state.step, warmUpSteps) * cosineDecay(position.progress, finalRate);
    state = optimizer.update(trained, gradients, state, rate, clipScale(norm, clip));
    return { ...numbers, norm, rate };
  };
  const isLarge = bytesOf(trained) >= LARGE;
  const timed = withoutPauses();
  const log = new StageLog(run.name, run.store.folder);
  const save = () => run.store.save(run.name, { parameters, ema, optimizer: state, seconds } satisfies Checkpoint);
  let stopping: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    stopping = signal;
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  let lastSave = seconds;
  let lastSample = seconds;
  try {
    while (progress() < 1 && !stopping) {
      const before = performance.now();
      const numbers = await advance();
      if (isLarge) collectGarbage();
      if (state.step % EMA_EVERY === 0)
        updateEma(ema, trained, emaDecay(run.options.emaDecay, state.step) ** EMA_EVERY);
      seconds += timed(performance.now() - before);
      log.step({
        step: state.step,
        seconds,
        progress: progress(),
        pictures: run.picturesPerStep,
        numbers,
      });
      if (seconds - lastSave >= CHECKPOINT_SECONDS) {
        await save();
        lastSave = seconds;
      }
      if (run.sample && seconds - lastSample >= SAMPLE_SECONDS) {
        await run.sample(averaged(), state.step);
        lastSample = seconds;
      }
    }
    await save();
    if (!stopping) await run.sample?.(averaged(), state.step);
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    log.close();
  }
  if (stopping) throw new StoppedError(run.name, stopping);
  return averaged();
}

const bytesOf = (tensors: Tensors): number =>
  [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);

/** The values of a checkpoint by the names that are used now. */
const filledFrom = (initial: Tensors, saved?: Tensors): Map<string, Float32Array> =>
  new Map([...initial].map(([name, value]) => [name, saved?.get(name) ?? value]));

/** A step that took this many times as long as usual was a machine asleep or a process stopped, not training. */
const PAUSE = 30;

/** Milliseconds of a step → seconds that count as training: of one with a pause in it, as much as a usual step takes. */
function withoutPauses(): (milliseconds: number) => number {
  let usual: number | undefined;
  return (milliseconds) => {
    if (usual !== undefined && milliseconds > PAUSE * usual) return usual / 1000;
    usual = usual === undefined ? milliseconds : 0.9 * usual + 0.1 * milliseconds;
    return milliseconds / 1000;
  };
}

/** Thrown after a signal, once the checkpoint is written. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  /** As shells have it: 128 and the number of the signal. 130 is Ctrl+C. */
  readonly exitCode: number;

  constructor(stage: string, signal: NodeJS.Signals) {
    super(`${stage}: stopped; the checkpoint is written, run the same command again to go on`);
    this.exitCode = 128 + constants.signals[signal];
  }
}
