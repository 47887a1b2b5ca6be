/** A model that paints, its choice of a backend, and its way down from a failing backend to the next one. */
import type { AnyPackage } from '#engine/any-package.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { Backend, GenerationResult, Machine, Trial } from '#engine/contract/protocol.ts';
import { Engine, type GenerateHooks } from '#engine/engine.ts';
import type { ModelSource } from '#engine/package/package-loader.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { holdTrial, isForProcessor, type TrialMemory } from './trial.ts';

export class LoadedModel {
  readonly modelPackage: AnyPackage;
  /** Where it came from: what only the screen wants is read from there later. */
  readonly source: ModelSource;
  #engine: Engine;
  /** What is left to fall back to. */
  #runtimes: readonly Start[];
  readonly #trial: Trial | undefined;

  private constructor(modelPackage: AnyPackage, source: ModelSource, { engine, runtimes, trial }: Opened) {
    this.modelPackage = modelPackage;
    this.source = source;
    this.#engine = engine;
    this.#runtimes = runtimes;
    this.#trial = trial;
  }

  /** By the first runtime that opens it, or the one after it where a trial says so. @throws the last one's error when none does */
  static async open(
    modelPackage: AnyPackage,
    source: ModelSource,
    starting: Promise<Started>,
    wish: TrialWish = { isWished: false },
  ): Promise<{ readonly model: LoadedModel; readonly failures: readonly string[] }> {
    const opened = await openBest(modelPackage, starting, wish);
    return { model: new LoadedModel(modelPackage, source, opened), failures: opened.failures };
  }

  get engine(): Engine {
    return this.#engine;
  }

  get machine(): Machine {
    return { ...this.#engine.machine, trial: this.#trial };
  }

  /** A picture that a backend fails in is begun again on the next one. @param onFallback told of it in a sentence for the user */
  async paint(
    graph: SceneGraph,
    settings: GenerationSettings,
    hooks: GenerateHooks,
    onFallback: (machine: Machine, notice: string) => void,
  ): Promise<GenerationResult> {
    for (;;) {
      try {
        return await this.#engine.generate(graph, settings, hooks);
      } catch (error) {
        if (this.#runtimes.length === 0 || !isFaultOfBackend(error)) throw error;
        const failed = this.#engine.machine.backend;
        await this.release().catch(() => undefined);
        const { engine, runtimes } = await openFirst(this.modelPackage, startNext(this.#runtimes));
        this.#engine = engine;
        this.#runtimes = runtimes;
        const reason = sentence(faultOf(error).message);
        const next = backendTitles[engine.machine.backend];
        const notice = `${backendTitles[failed]} failed: ${reason} Painting with ${next} from here on.`;
        onFallback(this.machine, notice);
      }
    }
  }

  release(): Promise<void> {
    return this.#engine.release();
  }
}

export const backendTitles: Readonly<Record<Backend, string>> = {
  webgpu: 'WebGPU',
  wasm: 'the processor (WASM)',
  'node-cpu': 'the processor',
};

/** The user's wish, not a fault. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export type Start = () => Promise<Runtime>;

interface Started {
  readonly runtime: Runtime;
  /** Why those before it could not be. */
  readonly failures: readonly string[];
  /** Those after it. */
  readonly rest: readonly Start[];
}

/** The first runtime that starts. @throws the last one's error when none does */
export async function startNext(
  [start, ...rest]: readonly Start[],
  failures: readonly string[] = [],
): Promise<Started> {
  if (!start) throw new EngineError('internal', failures.at(-1) ?? 'There is no backend to run the model on.');
  try {
    return { runtime: await start(), failures, rest };
  } catch (error) {
    if (rest.length === 0) throw error;
    return startNext(rest, [...failures, sentence(faultOf(error).message)]);
  }
}

interface Opened {
  readonly engine: Engine;
  readonly failures: readonly string[];
  readonly runtimes: readonly Start[];
  readonly trial?: Trial | undefined;
}

export interface TrialWish {
  /** The user asked for the first runtime by its name. */
  readonly isWished: boolean;
  readonly memory?: TrialMemory | undefined;
}

/** By WebGPU or by what comes after it, whichever is right and fast. */
async function openBest(modelPackage: AnyPackage, starting: Promise<Started>, wish: TrialWish): Promise<Opened> {
  const { runtime, failures, rest } = await starting;
  if (runtime.backend !== 'webgpu' || rest.length === 0) return openFirst(modelPackage, starting);
  const key = JSON.stringify([runtime.adapter ?? '', modelPackage.manifest.name, modelPackage.manifest.files]);
  const known = await wish.memory?.recall(key);
  if (!known) return openBoth(modelPackage, starting, key, wish);
  if (!isForProcessor(known, wish.isWished)) return { ...(await openFirst(modelPackage, starting)), trial: known };
  const reasons = known.fault === undefined ? failures : [...failures, sentence(known.fault)];
  return { ...(await openFirst(modelPackage, startNext(rest, reasons))), trial: known };
}

async function openBoth(
  modelPackage: AnyPackage,
  starting: Promise<Started>,
  key: string,
  { isWished, memory }: TrialWish,
): Promise<Opened> {
  const first = await openFirst(modelPackage, starting);
  if (first.engine.machine.backend !== 'webgpu' || !first.engine.canBeTried) return first;
  const second = await openFirst(modelPackage, startNext(first.runtimes)).catch(() => undefined);
  const trial = second && (await holdTrial(first.engine, second.engine).catch(() => undefined));
  if (trial) await memory?.keep(key, trial);
  const isSecond = trial !== undefined && isForProcessor(trial, isWished);
  await (isSecond ? first : second)?.engine.release().catch(() => undefined); // its device may be lost
  if (!isSecond) return { ...first, trial };
  const reasons = trial.fault === undefined ? [] : [sentence(trial.fault)];
  return { ...second!, failures: [...first.failures, ...reasons], trial };
}

/** The first runtime that opens the package. @throws the last one's error when none does */
async function openFirst(modelPackage: AnyPackage, starting: Promise<Started>): Promise<Opened> {
  const { runtime, failures, rest } = await starting;
  try {
    return { engine: await Engine.open(modelPackage, runtime), failures, runtimes: rest };
  } catch (error) {
    if (rest.length === 0) throw error;
    return openFirst(modelPackage, startNext(rest, [...failures, sentence(faultOf(error).message)]));
  }
}

/** Not the graph's, not the settings', not the user's wish. */
function isFaultOfBackend(error: unknown): boolean {
  if (error instanceof Cancelled) return false;
  const { code } = faultOf(error);
  return code === 'non-finite' || code === 'internal' || code === 'out-of-memory';
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
