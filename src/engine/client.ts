/**
 * The page's side of the engine. Starts the worker, sends it requests, and when the worker dies starts another one, loads the model
 * again and says so.
 */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { EngineError, faultOf } from './engine-error.ts';
import type { Manifest } from './manifest.ts';
import type {
  EngineEvent,
  EngineFault,
  EngineRequest,
  GenerationResult,
  GenerationSettings,
  Picture,
} from './protocol.ts';
import { type EngineStatus, StatusStore } from './status.ts';

/** The part of a Worker that is used; its messages are EngineEvents. */
export interface WorkerLike extends EventTarget {
  postMessage(message: EngineRequest): void;
  terminate(): void;
}

export interface GenerateOptions {
  readonly onStep?: (step: number, steps: number, preview: Picture | undefined) => void;
  /** Cancels between steps; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type BackendWish = Extract<EngineRequest, { type: 'load' }>['prefer'];

interface Pending {
  readonly resolve: (event: EngineEvent) => void;
  readonly reject: (error: Error) => void;
  readonly onStep?: GenerateOptions['onStep'];
}

/** A worker that does not answer for this long, though it has nothing to do, is dead. */
const ANSWER_WITHIN_MS = 4_000;
/** Deaths in a row, without a picture or a loaded model in between, after which it is left alone. */
const MAX_DEATHS = 3;
const RESTARTED = 'The engine stopped unexpectedly and was started again. Your graph is kept.';

const startWorker = (): WorkerLike =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sgraffito-engine' });

export class EngineClient {
  readonly #status = new StatusStore();
  readonly #start: () => WorkerLike;
  readonly #answerWithinMs: number;
  #worker: WorkerLike;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #deaths = 0;
  /** Counts loads, so that one that was overtaken leaves the status alone. */
  #loads = 0;
  #model: { readonly url: string; readonly prefer: BackendWish } | undefined;

  constructor(start: () => WorkerLike = startWorker, answerWithinMs = ANSWER_WITHIN_MS) {
    this.#start = start;
    this.#answerWithinMs = answerWithinMs;
    this.#worker = this.#launch();
  }

  readonly subscribe = this.#status.subscribe;
  readonly getSnapshot = (): EngineStatus => this.#status.getSnapshot();

  /**
   * @param modelUrl the package's folder, relative to the page or absolute
   * @throws EngineError
   */
  async load(modelUrl: string, prefer: BackendWish = 'auto'): Promise<Manifest> {
    const url = new URL(modelUrl, globalThis.document?.baseURI).href;
    this.#model = { url, prefer };
    return this.#load(url, prefer, undefined);
  }

  /** One at a time; more are queued. @throws EngineError, or the signal's reason */
  async generate(
    graph: SceneGraph,
    settings: GenerationSettings,
    options: GenerateOptions = {},
  ): Promise<GenerationResult> {
    const { signal, onStep } = options;
    signal?.throwIfAborted();
    await this.#ensureAlive();
    const id = this.#nextId++;
    const cancel = () => this.#worker.postMessage({ type: 'cancel', id });
    signal?.addEventListener('abort', cancel);
    if (this.getSnapshot().phase === 'ready') this.#status.update({ phase: 'painting', progress: undefined });
    try {
      signal?.throwIfAborted();
      const event = await this.#request({ type: 'generate', id, graph, settings }, onStep);
      if (event.type === 'cancelled')
        throw signal?.reason ?? new DOMException('The picture was cancelled.', 'AbortError');
      if (event.type !== 'generated') throw unexpected(event);
      return event.result;
    } finally {
      signal?.removeEventListener('abort', cancel);
      const { phase } = this.getSnapshot();
      if (phase === 'painting' && this.#pending.size === 0)
        this.#status.update({ phase: 'ready', progress: undefined });
    }
  }

  /** Takes away what the user has read. */
  dismissNotice(): void {
    this.#status.update({ notice: undefined });
  }

  dispose(): void {
    this.#worker.terminate();
    this.#rejectAll({ code: 'worker-died', message: 'The engine was stopped.' });
    this.#status.update({ phase: 'idle', progress: undefined, download: undefined });
  }

  async #load(modelUrl: string, prefer: BackendWish, notice: string | undefined): Promise<Manifest> {
    const mine = ++this.#loads;
    this.#status.update({ phase: 'downloading', notice, fault: undefined, download: undefined, progress: undefined });
    try {
      const event = await this.#request({ type: 'load', id: this.#nextId++, modelUrl, prefer });
      if (event.type !== 'loaded') throw unexpected(event);
      const { manifest, backend } = event;
      this.#deaths = 0;
      const said = [notice, event.notice].filter(Boolean).join(' ');
      this.#status.update({ phase: 'ready', manifest, backend, notice: said || undefined, download: undefined });
      return manifest;
    } catch (error) {
      if (mine === this.#loads) this.#status.update({ phase: 'failed', fault: faultOf(error), download: undefined });
      throw error;
    }
  }

  #request(request: EngineRequest, onStep?: GenerateOptions['onStep']): Promise<EngineEvent> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject, onStep });
      this.#worker.postMessage(request);
    });
  }

  /** A worker that was killed from outside sends no error: ask it before it matters. */
  async #ensureAlive(): Promise<void> {
    if (this.#pending.size > 0) return;
    const worker = this.#worker;
    const id = this.#nextId++;
    const timer = setTimeout(() => this.#onDeath(worker, 'it does not answer'), this.#answerWithinMs);
    try {
      await this.#request({ type: 'ping', id });
    } catch (error) {
      // The one that was started in its place loads the model first and then does what is asked.
      if (this.getSnapshot().phase === 'failed') throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #launch(): WorkerLike {
    const worker = this.#start();
    worker.addEventListener('message', (event) => this.#onEvent((event as MessageEvent<EngineEvent>).data));
    worker.addEventListener('error', (event) =>
      this.#onDeath(worker, (event as ErrorEvent).message || 'unknown reason'),
    );
    worker.addEventListener('messageerror', () => this.#onDeath(worker, 'unreadable message'));
    return worker;
  }

  #onEvent(event: EngineEvent): void {
    const pending = this.#pending.get(event.id);
    if (!pending) return;
    switch (event.type) {
      case 'download':
        this.#status.update({ download: { file: event.file, loaded: event.loaded, total: event.total } });
        return;
      case 'step': {
        const { step, steps, preview } = event;
        this.#status.update({ phase: 'painting', progress: { step, steps, ...(preview && { preview }) } });
        pending.onStep?.(step, steps, preview);
        return;
      }
      case 'backend':
        this.#status.update({ backend: event.backend, notice: event.notice });
        return;
      case 'failed':
        this.#pending.delete(event.id);
        pending.reject(new EngineError(event.fault.code, event.fault.message));
        return;
      case 'loaded':
      case 'generated':
      case 'cancelled':
      case 'alive':
        this.#pending.delete(event.id);
        pending.resolve(event);
        return;
      default:
        event satisfies never;
    }
  }

  #onDeath(worker: WorkerLike, reason: string): void {
    if (worker !== this.#worker) return;
    worker.terminate();
    this.#deaths++;
    this.#worker = this.#launch();
    this.#rejectAll({ code: 'worker-died', message: RESTARTED });
    if (this.#deaths > MAX_DEATHS) {
      const message = `The engine keeps stopping (${reason}). Reload the page to try again.`;
      this.#status.update({ phase: 'failed', fault: { code: 'worker-died', message }, progress: undefined });
      return;
    }
    if (!this.#model) return;
    const { url, prefer } = this.#model;
    this.#load(url, prefer, RESTARTED).catch(() => undefined); // the status says it
  }

  #rejectAll(fault: EngineFault): void {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const { reject } of pending.values()) reject(new EngineError(fault.code, fault.message));
  }
}

const unexpected = (event: EngineEvent): EngineError =>
  new EngineError('internal', `The engine answered with “${event.type}”.`);
