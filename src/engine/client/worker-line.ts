/**
 * The line to the worker: requests out, news and one answer of each back. A worker that dies or falls silent is replaced by a new one, and who
 * waits for an answer of the old one is told.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { EngineEvent, EngineRequest, Machine, Picture } from '#engine/contract/protocol.ts';
import { startWorker, type WorkerLike } from './start-worker.ts';
import { type Patience, Watchdog } from './watchdog.ts';

/** What becomes of the news of a request before its answer. */
export interface Listeners {
  readonly onStep?: (step: number, steps: number, preview: Picture | undefined) => void;
  /** Bytes of the whole package. */
  readonly onDownload?: (loaded: number, total: number) => void;
  readonly onMachine?: (machine: Machine, notice: string) => void;
}

interface Pending extends Listeners {
  /** Whether the worker does it in its turn, one after another: what is asked of it beside them takes no time. */
  readonly isQueued: boolean;
  readonly resolve: (event: EngineEvent) => void;
  readonly reject: (error: Error) => void;
}

const queued: ReadonlySet<EngineRequest['type']> = new Set([
  'load',
  'generate',
  'paint-over',
  'verify-again',
  'read-picture',
]);

type Build = (id: number) => EngineRequest;

const PATIENCE: Patience = { answer: 4_000, silence: 60_000, first: 600_000 };

/** What a request is told whose worker died. */
export const RESTARTED = 'The engine stopped unexpectedly and was started again. Your graph is kept.';

export class WorkerLine {
  readonly #start: () => WorkerLike;
  readonly #patience: Patience;
  readonly #onReplaced: (wasCancelling: boolean) => void;
  readonly #watchdog: Watchdog;
  #worker: WorkerLike;
  #pending = new Map<number, Pending>();
  #nextId = 1;

  /** @param onReplaced a worker died, or did not hear a Cancel, and another one was started, which has no model yet */
  constructor(
    onReplaced: (wasCancelling: boolean) => void,
    start: () => WorkerLike = startWorker,
    patience = PATIENCE,
  ) {
    this.#onReplaced = onReplaced;
    this.#start = start;
    this.#patience = patience;
    this.#worker = this.#launch();
    const ping = () => this.#worker.postMessage({ type: 'ping', id: this.#nextId++ });
    this.#watchdog = new Watchdog(patience, ping, (wasCancelling) => this.#replace(this.#worker, wasCancelling));
  }

  /** @throws EngineError as the worker says, or worker-died */
  request(build: Build, listeners: Listeners = {}): Promise<EngineEvent> {
    return this.#send(build(this.#nextId++), listeners);
  }

  /** @throws the signal's reason when the worker gave up for it, or had to be restarted for it; otherwise as `request` */
  async cancellable(build: Build, signal: AbortSignal | undefined, listeners: Listeners = {}): Promise<EngineEvent> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const cancel = () => {
      this.#worker.postMessage({ type: 'cancel', id });
      // Only what is being done can be hurried; another one's work is not given up for it.
      if ((this.#running() ?? id) === id) this.#watchdog.hurry();
    };
    signal?.addEventListener('abort', cancel);
    try {
      const event = await this.#send(build(id), listeners);
      if (event.type === 'cancelled') throw signal?.reason ?? new DOMException('It was cancelled.', 'AbortError');
      return event;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** A worker that was killed from outside sends no error: it is asked before it matters. @throws EngineError worker-died */
  async ensureAlive(): Promise<void> {
    if (this.#pending.size > 0) return;
    const worker = this.#worker;
    const timer = setTimeout(() => this.#replace(worker), this.#patience.answer);
    try {
      await this.request((id) => ({ type: 'ping', id }));
    } finally {
      clearTimeout(timer);
    }
  }

  #send(request: EngineRequest, listeners: Listeners): Promise<EngineEvent> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { ...listeners, isQueued: queued.has(request.type), resolve, reject });
      this.#worker.postMessage(request);
      if (request.type === 'load') this.#watchdog.forget();
      this.#watchdog.start();
    });
  }

  #running(): number | undefined {
    return [...this.#pending].find(([, { isQueued }]) => isQueued)?.[0];
  }

  #launch(): WorkerLike {
    const worker = this.#start();
    worker.addEventListener('message', (event) => this.#onEvent((event as MessageEvent<EngineEvent>).data));
    worker.addEventListener('error', () => this.#replace(worker));
    worker.addEventListener('messageerror', () => this.#replace(worker));
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
      case 'machine':
        pending.onMachine?.(event.machine, event.notice);
        return;
      case 'failed':
        this.#settle(event.id);
        pending.reject(new EngineError(event.fault.code, event.fault.message));
        return;
      case 'loaded':
      case 'surveyed':
      case 'generated':
      case 'verified':
      case 'words-read':
      case 'sprites-read':
      case 'picture-read':
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

  #replace(worker: WorkerLike, wasCancelling = false): void {
    if (worker !== this.#worker) return;
    worker.terminate();
    this.#worker = this.#launch();
    const pending = this.#pending;
    this.#pending = new Map();
    this.#watchdog.stop();
    for (const { reject } of pending.values()) reject(new EngineError('worker-died', RESTARTED));
    this.#onReplaced(wasCancelling);
  }
}
