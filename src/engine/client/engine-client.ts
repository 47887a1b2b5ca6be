/**
 * The page's side of the engine. Starts the worker, sends it requests, and when the worker dies starts another one, loads the model
 * again and says so.
 */

import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { ModelPlace } from '#engine/contract/model-place.ts';
import type { ModelSurvey } from '#engine/contract/model-survey.ts';
import type {
  BackendWish,
  EngineEvent,
  EngineRequest,
  GenerationResult,
  KeepRest,
  Machine,
  Notice,
  Overpainting,
  Picture,
  StoredModel,
  Verification,
  WordReading,
} from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { WorkerLike } from './start-worker.ts';
import { type EngineSnapshot, NOT_LOADED, StatusStore } from './status.ts';
import type { Patience } from './watchdog.ts';
import { type Listeners, RESTARTED, WorkerLine } from './worker-line.ts';

export interface PaintOptions extends Pick<Listeners, 'onStep'> {
  /** Cancels between steps; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface GenerateOptions extends PaintOptions {
  /** Paints an earlier picture anew only where its graph was changed. */
  readonly inpainting?: KeepRest | undefined;
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

export interface LoadOverOptions extends LoadOptions, Pick<Listeners, 'onDownload'> {}

/** Deaths in a row, without a loaded model in between, after which it is left alone. */
const MAX_DEATHS = 3;
const CANCELLED = 'The engine was started again, because it did not hear Cancel. Your graph is kept.';

export class EngineClient {
  readonly #status = new StatusStore();
  readonly #line: WorkerLine;
  #deaths = 0;
  /** Counts loads, so that one that was overtaken leaves the status alone. */
  #loads = 0;
  /** What is loaded, or was when the worker died. */
  #model: LoadWish | undefined;

  constructor(start?: () => WorkerLike, patience?: Patience) {
    this.#line = new WorkerLine((wasCancelling) => this.#onDeath(wasCancelling), start, patience);
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
      const manifest = await this.#load(wish, [], { signal, stallMs });
      this.#model = wish;
      return manifest;
    } catch (error) {
      // Cancelled, it is still there; after a death it is on its way; otherwise it may be gone, and its files are near.
      const isComing = error instanceof EngineError && error.code === 'worker-died';
      if (before && !isComing && !signal?.aborted) await this.#load(before, []).catch(() => undefined);
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
    try {
      const event = await this.#line.cancellable(request, signal, listeners);
      if (event.type !== 'loaded') throw unexpected(event);
      this.#status.update({ over: event.manifest });
      return event.manifest;
    } catch (error) {
      // The one before may be gone; given up, it is there still.
      if (!signal?.aborted) this.#status.update({ over: null });
      throw error;
    }
  }

  /** What a package takes and whether it can run here, before it is fetched. @throws EngineError, or the signal's reason */
  async survey(
    place: ModelPlace,
    prefer: BackendWish = 'auto',
    { over = false, signal }: { readonly over?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<ModelSurvey> {
    const event = await this.#line.cancellable((id) => ({ type: 'survey', id, place, prefer, over }), signal);
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
    const request = (id: number): EngineRequest => ({
      ...{ type: 'generate', id, graph, settings },
      ...(inpainting && { inpainting }),
    });
    return this.#paint(request, rest, (machine) => {
      const { status } = this.getSnapshot();
      if (status.type === 'ready') this.#status.update({ status: { ...status, machine } });
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

  /** Another look at a picture that the loaded model painted. @throws EngineError, or the signal's reason */
  async verifyAgain(graph: SceneGraph, picture: Picture, signal?: AbortSignal): Promise<Verification> {
    await this.#ensureAlive();
    const event = await this.#line.cancellable((id) => ({ type: 'verify-again', id, graph, picture }), signal);
    if (event.type !== 'verified') throw unexpected(event);
    return event.verification;
  }

  /** What the loaded model makes of these words; answered while a picture is painted as well. @throws EngineError */
  async readWords(words: readonly string[]): Promise<readonly WordReading[]> {
    await this.#ensureAlive();
    const event = await this.#line.request((id) => ({ type: 'read-words', id, words }));
    if (event.type !== 'words-read') throw unexpected(event);
    return event.readings;
  }

  /** The graph of a picture of the model's size whose own was lost. @throws EngineError */
  async readPicture(picture: Picture): Promise<SceneGraph> {
    await this.#ensureAlive();
    const event = await this.#line.request((id) => ({ type: 'read-picture', id, picture }));
    if (event.type !== 'picture-read') throw unexpected(event);
    return event.graph;
  }

  /** A PNG laid out as the manifest says; undefined when the package has none. @throws EngineError */
  async readSprites(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await this.#ensureAlive();
    const event = await this.#line.request((id) => ({ type: 'read-sprites', id }));
    if (event.type !== 'sprites-read') throw unexpected(event);
    return event.png;
  }

  async #paint(
    request: (id: number) => EngineRequest,
    { signal, onStep }: PaintOptions,
    onMachine?: (machine: Machine) => void,
  ): Promise<GenerationResult> {
    signal?.throwIfAborted();
    await this.#ensureAlive();
    const event = await this.#line.cancellable(request, signal, {
      ...(onStep && { onStep }),
      onMachine: (machine, notice) => {
        onMachine?.(machine);
        this.#status.update({ notices: [happened(notice)] });
      },
    });
    if (event.type !== 'generated') throw unexpected(event);
    return event.result;
  }

  /** What downloads keep on this computer. @throws EngineError */
  listModels(): Promise<readonly StoredModel[]> {
    return this.#askShelf((id) => ({ type: 'list-models', id }));
  }

  /** @returns what is left @throws EngineError while another tab downloads it */
  deleteModel(folder: string): Promise<readonly StoredModel[]> {
    return this.#askShelf((id) => ({ type: 'delete-model', id, folder }));
  }

  async #askShelf(request: (id: number) => EngineRequest): Promise<readonly StoredModel[]> {
    const event = await this.#line.request(request);
    if (event.type !== 'models-listed') throw unexpected(event);
    return event.models;
  }

  #isReady(): boolean {
    return this.getSnapshot().status.type === 'ready';
  }

  async #load(wish: LoadWish, notices: readonly Notice[], { signal, stallMs }: LoadOptions = {}): Promise<ModelFacts> {
    const mine = ++this.#loads;
    const before = this.getSnapshot();
    this.#status.update({ status: NOT_LOADED.status, notices });
    try {
      const onDownload = (loaded: number, total: number) =>
        this.#status.update({ status: { type: 'loading', loaded, total } });
      const event = await this.#line.cancellable((id) => ({ type: 'load', id, ...wish, stallMs }), signal, {
        onDownload,
      });
      if (event.type !== 'loaded') throw unexpected(event);
      const { manifest, machine } = event;
      this.#deaths = 0;
      const said = [...notices, ...event.notices];
      this.#status.update({ status: { type: 'ready', manifest, machine }, notices: said });
      return manifest;
    } catch (error) {
      if (mine !== this.#loads) throw error;
      if (signal?.aborted && before.status.type === 'ready')
        this.#status.update({ status: before.status, notices: before.notices });
      else this.#status.update({ status: { type: 'failed', fault: faultOf(error) } });
      throw error;
    }
  }

  #onDeath(wasCancelling: boolean): void {
    if (!wasCancelling) this.#deaths++;
    // Two models may be more than there is room for: the second comes back when it is asked for.
    this.#status.update({ over: null });
    if (this.#deaths > MAX_DEATHS) {
      const message = 'The engine keeps stopping. Reload the page to try again, or take a smaller model.';
      this.#loads++;
      this.#status.update({ status: { type: 'failed', fault: { code: 'worker-died', message } } });
      return;
    }
    if (!this.#model) return;
    this.#load(this.#model, [happened(wasCancelling ? CANCELLED : RESTARTED)]).catch(() => undefined); // the status says it
  }

  /** One that was killed loads the model again first, and then does what is asked. */
  async #ensureAlive(): Promise<void> {
    try {
      await this.#line.ensureAlive();
    } catch (error) {
      if (this.getSnapshot().status.type === 'failed') throw error;
    }
  }
}

const happened = (text: string): Notice => ({ text, isLasting: false });

const unexpected = (event: EngineEvent): EngineError =>
  new EngineError('internal', `The engine answered with “${event.type}”.`);

const addressPlace = (address: string): ModelPlace => ({
  type: 'url',
  url: new URL(address, globalThis.document?.baseURI).href,
});
