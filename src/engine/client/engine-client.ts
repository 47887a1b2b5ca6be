/**
 * The page's side of the engine. Starts the worker, sends it requests, and when the worker dies starts another one, loads the model
 * again and says so.
 */

import type { EngineFault } from '#engine/contract/engine-error.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { ModelPlace } from '#engine/contract/model-place.ts';
import type { ModelSurvey } from '#engine/contract/model-survey.ts';
import type {
  Backend,
  BackendWish,
  EngineEvent,
  EngineRequest,
  GenerationResult,
  Inpainting,
  Overpainting,
  Picture,
  StoredModel,
  WordReading,
} from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { startWorker, type WorkerLike } from './start-worker.ts';
import { type EngineSnapshot, NOT_LOADED, StatusStore } from './status.ts';
import { type Patience, Watchdog } from './watchdog.ts';

export interface PaintOptions {
  readonly onStep?: (step: number, steps: number, preview: Picture | undefined) => void;
  /** Cancels between steps; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface GenerateOptions extends PaintOptions {
  /** Paints an earlier picture anew only where its graph was changed. */
  readonly inpainting?: Inpainting | undefined;
}

interface LoadWish {
  readonly place: ModelPlace;
  readonly prefer: BackendWish;
}

export interface LoadOptions {
  /** Gives up the load; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a server is given up; the usual ones when absent. */
  readonly stallMs?: number | undefined;
}

export interface LoadOverOptions extends LoadOptions {
  /** Bytes of the whole package. */
  readonly onDownload?: (loaded: number, total: number) => void;
}

/** What becomes of the news of a request before its answer. */
interface Listeners {
  readonly onStep?: PaintOptions['onStep'];
  readonly onDownload?: LoadOverOptions['onDownload'];
  readonly onBackend?: (backend: Backend) => void;
}

interface Pending extends Listeners {
  readonly resolve: (event: EngineEvent) => void;
  readonly reject: (error: Error) => void;
}

const PATIENCE: Patience = { answer: 4_000, silence: 60_000, first: 600_000 };
/** Deaths in a row, without a picture or a loaded model in between, after which it is left alone. */
const MAX_DEATHS = 3;
const RESTARTED = 'The engine stopped unexpectedly and was started again. Your graph is kept.';

export class EngineClient {
  readonly #status = new StatusStore();
  readonly #start: () => WorkerLike;
  readonly #patience: Patience;
  readonly #watchdog: Watchdog;
  #worker: WorkerLike;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #deaths = 0;
  /** Counts loads, so that one that was overtaken leaves the status alone. */
  #loads = 0;
  /** What is loaded, or was when the worker died. */
  #model: LoadWish | undefined;

  constructor(start: () => WorkerLike = startWorker, patience = PATIENCE) {
    this.#start = start;
    this.#patience = patience;
    this.#worker = this.#launch();
    const ping = () => this.#worker.postMessage({ type: 'ping', id: this.#nextId++ });
    this.#watchdog = new Watchdog(patience, ping, () => this.#onDeath(this.#worker));
  }

  readonly subscribe = this.#status.subscribe;
  readonly getSnapshot = (): EngineSnapshot => this.#status.getSnapshot();

  /**
   * Where a model is loaded already, it stays in use until the new one is here, and comes back when that fails.
   * @param place where the package lies; a text is its folder's address, relative to the page or absolute
   * @throws EngineError, or the signal's reason
   */
  async load(
    place: ModelPlace | string,
    prefer: BackendWish = 'auto',
    { signal, stallMs }: LoadOptions = {},
  ): Promise<ModelFacts> {
    const wish: LoadWish = { place: typeof place === 'string' ? addressPlace(place) : place, prefer };
    const before = this.#isReady() ? this.#model : undefined;
    this.#model ??= wish;
    try {
      const manifest = await this.#load(wish, null, { signal, stallMs });
      this.#model = wish;
      return manifest;
    } catch (error) {
      // Cancelled, it is still there; otherwise it may be gone, and its files are near.
      if (before && !signal?.aborted) await this.#load(before, null).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Loads a Stable Diffusion package beside the model in use, to paint over its pictures.
   * @throws EngineError, or the signal's reason
   */
  async loadOver(place: ModelPlace, prefer: BackendWish = 'auto', options: LoadOverOptions = {}): Promise<ModelFacts> {
    const { signal, stallMs, ...listeners } = options;
    const request = (id: number): EngineRequest => ({ type: 'load', id, place, prefer, over: true, stallMs });
    const event = await this.#cancellable(request, signal, listeners);
    if (event.type !== 'loaded') throw unexpected(event);
    this.#status.update({ over: event.manifest });
    return event.manifest;
  }

  /** What a package takes and whether it can run here, before it is fetched. @throws EngineError, or the signal's reason */
  async survey(
    place: ModelPlace,
    prefer: BackendWish = 'auto',
    { over = false, signal }: { readonly over?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<ModelSurvey> {
    const event = await this.#cancellable((id) => ({ type: 'survey', id, place, prefer, over }), signal);
    if (event.type !== 'surveyed') throw unexpected(event);
    return event.survey;
  }

  /** One at a time; more are queued. @throws EngineError, or the signal's reason */
  async generate(
    graph: SceneGraph,
    settings: GenerationSettings,
    options: GenerateOptions = {},
  ): Promise<GenerationResult> {
    const { inpainting, ...rest } = options;
    return this.#paint((id) => ({ type: 'generate', id, graph, settings, ...(inpainting && { inpainting }) }), rest, {
      onBackend: (backend) => {
        const { status } = this.getSnapshot();
        if (status.type === 'ready') this.#status.update({ status: { ...status, backend } });
      },
    });
  }

  /** By the model that `loadOver` loaded. @param graph what the picture is of @throws EngineError, or the signal's reason */
  async paintOver(
    graph: SceneGraph,
    settings: GenerationSettings,
    over: Overpainting,
    options: PaintOptions = {},
  ): Promise<GenerationResult> {
    return this.#paint((id) => ({ type: 'paint-over', id, graph, settings, over }), options);
  }

  /** What the loaded model makes of these words; answered while a picture is painted as well. @throws EngineError */
  async readWords(words: readonly string[]): Promise<readonly WordReading[]> {
    await this.#ensureAlive();
    const event = await this.#request({ type: 'read-words', id: this.#nextId++, words });
    if (event.type !== 'words-read') throw unexpected(event);
    return event.readings;
  }

  /** A PNG laid out as the manifest says; undefined when the package has none. @throws EngineError */
  async readSprites(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await this.#ensureAlive();
    const event = await this.#request({ type: 'read-sprites', id: this.#nextId++ });
    if (event.type !== 'sprites-read') throw unexpected(event);
    return event.png;
  }

  async #paint(
    request: (id: number) => EngineRequest,
    { signal, onStep }: PaintOptions,
    listeners: Listeners = {},
  ): Promise<GenerationResult> {
    signal?.throwIfAborted();
    await this.#ensureAlive();
    const event = await this.#cancellable(request, signal, { ...listeners, ...(onStep && { onStep }) });
    if (event.type !== 'generated') throw unexpected(event);
    return event.result;
  }

  /** What downloads keep on this computer. @throws EngineError */
  listModels(): Promise<readonly StoredModel[]> {
    return this.#askShelf({ type: 'list-models', id: this.#nextId++ });
  }

  /** @returns what is left @throws EngineError while another tab downloads it */
  deleteModel(folder: string): Promise<readonly StoredModel[]> {
    return this.#askShelf({ type: 'delete-model', id: this.#nextId++, folder });
  }

  async #askShelf(request: EngineRequest): Promise<readonly StoredModel[]> {
    const event = await this.#request(request);
    if (event.type !== 'models-listed') throw unexpected(event);
    return event.models;
  }

  #isReady(): boolean {
    return this.getSnapshot().status.type === 'ready';
  }

  async #load(wish: LoadWish, notice: string | null, { signal, stallMs }: LoadOptions = {}): Promise<ModelFacts> {
    const mine = ++this.#loads;
    const before = this.getSnapshot();
    this.#status.update({ ...NOT_LOADED, over: before.over, notice });
    try {
      const onDownload = (loaded: number, total: number) =>
        this.#status.update({ status: { type: 'loading', loaded, total } });
      const event = await this.#cancellable((id) => ({ type: 'load', id, ...wish, stallMs }), signal, { onDownload });
      if (event.type !== 'loaded') throw unexpected(event);
      const { manifest, backend } = event;
      this.#deaths = 0;
      const said = [notice, event.notice].filter(Boolean).join(' ');
      this.#status.update({ status: { type: 'ready', manifest, backend }, notice: said || null });
      return manifest;
    } catch (error) {
      if (mine !== this.#loads) throw error;
      if (signal?.aborted && before.status.type === 'ready') this.#status.update(before);
      else this.#status.update({ status: { type: 'failed', fault: faultOf(error) } });
      throw error;
    }
  }

  /** @throws the signal's reason when the worker gave up for it, or had to be restarted for it */
  async #cancellable(
    request: (id: number) => EngineRequest,
    signal: AbortSignal | undefined,
    listeners: Listeners = {},
  ): Promise<EngineEvent> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const cancel = () => {
      this.#worker.postMessage({ type: 'cancel', id });
      this.#watchdog.hurry();
    };
    signal?.addEventListener('abort', cancel);
    try {
      const event = await this.#request(request(id), listeners);
      if (event.type === 'cancelled') throw signal?.reason ?? new DOMException('It was cancelled.', 'AbortError');
      return event;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #request(request: EngineRequest, listeners: Listeners = {}): Promise<EngineEvent> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { ...listeners, resolve, reject });
      this.#worker.postMessage(request);
      if (request.type === 'load') this.#watchdog.forget();
      this.#watchdog.start();
    });
  }

  /** A worker that was killed from outside sends no error: ask it before it matters. */
  async #ensureAlive(): Promise<void> {
    if (this.#pending.size > 0) return;
    const worker = this.#worker;
    const id = this.#nextId++;
    const timer = setTimeout(() => this.#onDeath(worker), this.#patience.answer);
    try {
      await this.#request({ type: 'ping', id });
    } catch (error) {
      // The one that was started in its place loads the model first and then does what is asked.
      if (this.getSnapshot().status.type === 'failed') throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #launch(): WorkerLike {
    const worker = this.#start();
    worker.addEventListener('message', (event) => this.#onEvent((event as MessageEvent<EngineEvent>).data));
    worker.addEventListener('error', () => this.#onDeath(worker));
    worker.addEventListener('messageerror', () => this.#onDeath(worker));
    return worker;
  }

  #onEvent(event: EngineEvent): void {
    this.#watchdog.heard(event.type === 'step');
    const pending = this.#pending.get(event.id);
    if (!pending) return;
    switch (event.type) {
      case 'download':
        pending.onDownload?.(event.loaded, event.total);
        return;
      case 'step':
        pending.onStep?.(event.step, event.steps, event.preview);
        return;
      case 'backend':
        pending.onBackend?.(event.backend);
        this.#status.update({ notice: event.notice });
        return;
      case 'failed':
        this.#settle(event.id);
        pending.reject(new EngineError(event.fault.code, event.fault.message));
        return;
      case 'loaded':
      case 'surveyed':
      case 'generated':
      case 'words-read':
      case 'sprites-read':
      case 'models-listed':
      case 'cancelled':
      case 'alive':
        this.#settle(event.id);
        pending.resolve(event);
        return;
      default:
        event satisfies never;
    }
  }

  #settle(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#watchdog.stop();
  }

  #onDeath(worker: WorkerLike): void {
    if (worker !== this.#worker) return;
    worker.terminate();
    this.#deaths++;
    this.#worker = this.#launch();
    this.#rejectAll({ code: 'worker-died', message: RESTARTED });
    // Two models may be more than there is room for: the second comes back when it is asked for.
    this.#status.update({ over: null });
    if (this.#deaths > MAX_DEATHS) {
      const message = 'The engine keeps stopping. Reload the page to try again, or take a smaller model.';
      this.#status.update({ status: { type: 'failed', fault: { code: 'worker-died', message } } });
      return;
    }
    if (!this.#model) return;
    this.#load(this.#model, RESTARTED).catch(() => undefined); // the status says it
  }

  #rejectAll(fault: EngineFault): void {
    const pending = this.#pending;
    this.#pending = new Map();
    this.#watchdog.stop();
    for (const { reject } of pending.values()) reject(new EngineError(fault.code, fault.message));
  }
}

const unexpected = (event: EngineEvent): EngineError =>
  new EngineError('internal', `The engine answered with “${event.type}”.`);

const addressPlace = (address: string): ModelPlace => ({
  type: 'url',
  url: new URL(address, globalThis.document?.baseURI).href,
});
