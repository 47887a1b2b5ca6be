/**
 * The worker's side of the protocol: one queue of requests, cancelling between steps, and the way down from a failing backend to
 * the next one. Knows no worker and no browser, so that it runs for real in tests.
 */
import { type AnyPackage, loadAnyPackage, notesOf, sizeOfPackage } from '#engine/any-package.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import { checkPlace, describePlace, type ModelPlace } from '#engine/contract/model-place.ts';
import type { Backend, EngineEvent, EngineRequest, Picture } from '#engine/contract/protocol.ts';
import { Engine } from '#engine/engine.ts';
import type { FetchPatience } from '#engine/package/answer.ts';
import type { ModelShelf } from '#engine/package/file-store.ts';
import type { ModelSource, PackageCache } from '#engine/package/package-loader.ts';
import { loadSprites } from '#engine/picturebook/sprites.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';

type LoadRequest = Extract<EngineRequest, { type: 'load' }>;
type MeasureRequest = Extract<EngineRequest, { type: 'measure' }>;
type GenerateRequest = Extract<EngineRequest, { type: 'generate' }>;
type ReadWordsRequest = Extract<EngineRequest, { type: 'read-words' }>;
type ReadSpritesRequest = Extract<EngineRequest, { type: 'read-sprites' }>;
type Emit = (event: EngineEvent) => void;

export interface HostSurroundings {
  readonly emit: Emit;
  sourceOf(place: ModelPlace, patience: FetchPatience): ModelSource | Promise<ModelSource>;
  readonly cache?: PackageCache | undefined;
  /** Downloads that are kept here. */
  readonly shelf?: ModelShelf | undefined;
  /** Runtimes to try, the best first. Each may fail to start. */
  runtimesFor(prefer: LoadRequest['prefer']): readonly Start[];
}

interface LoadedModel {
  readonly modelPackage: AnyPackage;
  /** Where it came from: what only the screen wants is read from there later. */
  readonly source: ModelSource;
  engine: Engine;
  /** What is left to fall back to. */
  runtimes: readonly Start[];
}

export class EngineHost {
  readonly #surroundings: HostSurroundings;
  #loaded: LoadedModel | undefined;
  /** Requests waiting or running. */
  readonly #aborts = new Map<number, AbortController>();
  #queue: Promise<void> = Promise.resolve();

  constructor(surroundings: HostSurroundings) {
    this.#surroundings = surroundings;
  }

  receive(request: EngineRequest): void {
    switch (request.type) {
      case 'ping':
        this.#surroundings.emit({ type: 'alive', id: request.id });
        return;
      case 'read-words':
        this.#readWords(request);
        return;
      case 'read-sprites':
        void this.#readSprites(request);
        return;
      case 'cancel':
        this.#aborts.get(request.id)?.abort(new Cancelled());
        return;
      case 'load':
        this.#enqueue(request.id, (signal) => this.#load(request, signal));
        return;
      case 'measure':
        void this.#run(request.id, (signal) => this.#measure(request, signal));
        return;
      case 'list-models':
        void this.#run(request.id, () => this.#listModels(request.id));
        return;
      case 'delete-model':
        void this.#run(request.id, async () => {
          await this.#surroundings.shelf?.remove(request.folder);
          await this.#listModels(request.id);
        });
        return;
      case 'generate':
        this.#enqueue(request.id, (signal) => this.#generate(request, signal));
        return;
      default:
        request satisfies never;
    }
  }

  /** Settled when everything received so far is done. */
  idle(): Promise<void> {
    return this.#queue;
  }

  #enqueue(id: number, work: (signal: AbortSignal) => Promise<void>): void {
    const before = this.#queue;
    this.#queue = this.#run(id, async (signal) => {
      await before;
      signal.throwIfAborted();
      await work(signal);
    });
  }

  async #run(id: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { emit } = this.#surroundings;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    try {
      await work(abort.signal);
    } catch (error) {
      if (error instanceof Cancelled) emit({ type: 'cancelled', id });
      else emit({ type: 'failed', id, fault: faultOf(error) });
    } finally {
      this.#aborts.delete(id);
    }
  }

  async #listModels(id: number): Promise<void> {
    const { emit, shelf } = this.#surroundings;
    emit({ type: 'models-listed', id, models: (await shelf?.list()) ?? [] });
  }

  /** Beside the queue: a server that takes its time holds no picture up. */
  async #measure({ id, place }: MeasureRequest, signal: AbortSignal): Promise<void> {
    const source = await this.#surroundings.sourceOf(checkPlace(place), { signal });
    const size = await sizeOfPackage(source, signal);
    this.#surroundings.emit({ type: 'measured', id, ...size });
  }

  #readWords({ id, words }: ReadWordsRequest): void {
    const { emit } = this.#surroundings;
    if (!this.#loaded) {
      emit({ type: 'failed', id, fault: faultOf(new EngineError('model-not-found', NOTHING_LOADED)) });
      return;
    }
    const { engine } = this.#loaded;
    emit({ type: 'words-read', id, readings: words.map((word) => engine.readWord(word)) });
  }

  async #readSprites({ id }: ReadSpritesRequest): Promise<void> {
    const { emit, cache } = this.#surroundings;
    try {
      if (!this.#loaded) throw new EngineError('model-not-found', NOTHING_LOADED);
      const { source, modelPackage } = this.#loaded;
      const png =
        modelPackage.kind === 'picturebook' ? await loadSprites(source, modelPackage.manifest, cache) : undefined;
      emit({ type: 'sprites-read', id, ...(png && { png }) });
    } catch (error) {
      emit({ type: 'failed', id, fault: faultOf(error) });
    }
  }

  /** The model before stays until the files of the new one are here. */
  async #load({ id, place, prefer, stallMs }: LoadRequest, signal: AbortSignal): Promise<void> {
    const { emit, sourceOf, cache, runtimesFor } = this.#surroundings;
    const source = await sourceOf(checkPlace(place), { signal, stallMs });
    // While the files come: a first visit to the built-in model takes 4.3 s in place of 4.8.
    const starting = startNext(runtimesFor(prefer));
    starting.catch(() => undefined); // heard when the files are here, if they come at all
    const modelPackage = await loadAnyPackage(source, {
      title: describePlace(place),
      cache,
      signal,
      onProgress: (progress) => emit({ type: 'download', id, ...progress }),
    });
    signal.throwIfAborted();
    await this.#loaded?.engine.release();
    this.#loaded = undefined;
    const { engine, failures, runtimes } = await openFirst(modelPackage, starting);
    this.#loaded = { modelPackage, source, engine, runtimes };
    const notices = failures.map((reason) => `${reason} Painting with ${titles[engine.backend]} instead.`);
    notices.push(...notesOf(engine.manifest));
    if (modelPackage.kind === 'picturebook' && !modelPackage.verified)
      notices.push('This page is not served over HTTPS, so the model’s checksums were not checked.');
    const notice = notices.join(' ');
    emit({ type: 'loaded', id, manifest: modelPackage.manifest, backend: engine.backend, ...(notice && { notice }) });
  }

  async #generate({ id, graph, settings, inpainting }: GenerateRequest, signal: AbortSignal): Promise<void> {
    const { emit } = this.#surroundings;
    const loaded = this.#loaded;
    if (!loaded) throw new EngineError('model-not-found', NOTHING_LOADED);
    const onStep = async (step: number, steps: number, preview: Picture | undefined): Promise<void> => {
      emit({ type: 'step', id, step, steps, ...(preview && { preview }) });
      await nextTask(); // lets a cancel in
    };
    for (;;) {
      try {
        const result = await loaded.engine.generate(graph, settings, { onStep, signal, inpainting });
        emit({ type: 'generated', id, result });
        return;
      } catch (error) {
        if (loaded.runtimes.length === 0 || !isFaultOfBackend(error)) throw error;
        const failed = loaded.engine.backend;
        await loaded.engine.release().catch(() => undefined);
        const { engine, runtimes } = await openFirst(loaded.modelPackage, startNext(loaded.runtimes));
        loaded.engine = engine;
        loaded.runtimes = runtimes;
        const reason = sentence(faultOf(error).message);
        const notice = `${titles[failed]} failed: ${reason} Painting with ${titles[engine.backend]} from here on.`;
        emit({ type: 'backend', id, backend: engine.backend, notice });
      }
    }
  }
}

const NOTHING_LOADED = 'No model is loaded yet.';

const titles: Readonly<Record<Backend, string>> = {
  webgpu: 'WebGPU',
  wasm: 'the processor (WASM)',
  'node-cpu': 'the processor',
};

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

type Start = () => Promise<Runtime>;

interface Started {
  readonly runtime: Runtime;
  /** Why those before it could not be. */
  readonly failures: readonly string[];
  /** Those after it. */
  readonly rest: readonly Start[];
}

/** The first runtime that starts. @throws the last one's error when none does */
async function startNext([start, ...rest]: readonly Start[], failures: readonly string[] = []): Promise<Started> {
  if (!start) throw new EngineError('internal', failures.at(-1) ?? 'There is no backend to run the model on.');
  try {
    return { runtime: await start(), failures, rest };
  } catch (error) {
    if (rest.length === 0) throw error;
    return startNext(rest, [...failures, sentence(faultOf(error).message)]);
  }
}

/** The first runtime that opens the package. @throws the last one's error when none does */
async function openFirst(
  modelPackage: AnyPackage,
  starting: Promise<Started>,
): Promise<{ engine: Engine; failures: readonly string[]; runtimes: readonly Start[] }> {
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

/** Computing in WASM keeps the worker's ears shut; a message channel opens them sooner than a timer does. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
