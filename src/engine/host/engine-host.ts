/**
 * The worker's side of the protocol: one queue of requests, and cancelling between steps. Knows no worker and no browser, so that it runs for
 * real in tests.
 */
import { loadAnyPackage, needsOfPackage, notesOf } from '#engine/any-package.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { checkPlace, describePlace, type ModelPlace } from '#engine/contract/model-place.ts';
import { type DeviceFacts, type ModelNeeds, type Obstacle, obstaclesOf } from '#engine/contract/model-survey.ts';
import type { BackendWish, EngineEvent, EngineRequest, Picture } from '#engine/contract/protocol.ts';
import type { GenerateHooks } from '#engine/engine.ts';
import type { FetchPatience } from '#engine/package/answer.ts';
import type { ModelShelf } from '#engine/package/file-store.ts';
import type { ModelSource, PackageCache } from '#engine/package/package-loader.ts';
import { loadSprites } from '#engine/picturebook/sprites.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { backendTitles, Cancelled, LoadedModel, type Start, startNext } from './loaded-model.ts';
import { seldom } from './seldom.ts';
import type { TrialMemory } from './trial.ts';

type LoadRequest = Extract<EngineRequest, { type: 'load' }>;
type GenerateRequest = Extract<EngineRequest, { type: 'generate' }>;
type PaintOverRequest = Extract<EngineRequest, { type: 'paint-over' }>;
type VerifyRequest = Extract<EngineRequest, { type: 'verify-again' }>;
type SurveyRequest = Extract<EngineRequest, { type: 'survey' }>;
type ReadPictureRequest = Extract<EngineRequest, { type: 'read-picture' }>;
type ReadWordsRequest = Extract<EngineRequest, { type: 'read-words' }>;
type ReadSpritesRequest = Extract<EngineRequest, { type: 'read-sprites' }>;
type Emit = (event: EngineEvent) => void;

export interface HostSurroundings {
  readonly emit: Emit;
  sourceOf(place: ModelPlace, patience: FetchPatience): ModelSource | Promise<ModelSource>;
  readonly cache?: PackageCache | undefined;
  /** What is there to run a model on; nothing is held against a model where it is not known. */
  device?(prefer: BackendWish): Promise<DeviceFacts>;
  /** Downloads that are kept here. */
  readonly shelf?: ModelShelf | undefined;
  /** What earlier trials of the graphics device said. */
  readonly trials?: TrialMemory | undefined;
  /** Runtimes to try, the best first. Each may fail to start. */
  runtimesFor(prefer: BackendWish): readonly Start[];
}

export class EngineHost {
  readonly #surroundings: HostSurroundings;
  /** The model that paints graphs, and the one that paints over its pictures. */
  readonly #seats = new Map<'draw' | 'over', LoadedModel>();
  /** Requests waiting or running. */
  readonly #aborts = new Map<number, AbortController>();
  #queue: Promise<void> = Promise.resolve();
  #warmUp: AbortController | undefined;

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
      case 'survey':
        void this.#run(request.id, (signal) => this.#survey(request, signal));
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
      case 'read-picture':
        this.#enqueue(request.id, () => this.#readPicture(request));
        return;
      case 'generate':
        this.#enqueue(request.id, (signal) => this.#generate(request, signal));
        return;
      case 'paint-over':
        this.#enqueue(request.id, (signal) => this.#paintOver(request, signal));
        return;
      case 'verify-again':
        this.#enqueue(request.id, () => this.#verifyAgain(request));
        return;
      default:
        request satisfies never;
    }
  }

  /** Settled when everything received so far is done, and what follows of it. */
  async idle(): Promise<void> {
    for (let last: unknown; last !== this.#queue; ) {
      last = this.#queue;
      await last;
    }
  }

  #enqueue(id: number, work: (signal: AbortSignal) => Promise<void>): void {
    this.#warmUp?.abort(new Cancelled());
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

  #readWords({ id, words }: ReadWordsRequest): void {
    const { emit } = this.#surroundings;
    const engine = this.#seats.get('draw')?.engine;
    if (!engine) {
      emit({ type: 'failed', id, fault: faultOf(new EngineError('model-not-found', NOTHING_LOADED)) });
      return;
    }
    emit({ type: 'words-read', id, readings: words.map((word) => engine.readWord(word)) });
  }

  async #readPicture({ id, picture }: ReadPictureRequest): Promise<void> {
    const engine = this.#seats.get('draw')?.engine;
    if (!engine) throw new EngineError('model-not-found', NOTHING_LOADED);
    this.#surroundings.emit({ type: 'picture-read', id, graph: await engine.readPicture(picture) });
  }

  async #readSprites({ id }: ReadSpritesRequest): Promise<void> {
    const { emit, cache } = this.#surroundings;
    try {
      const model = this.#seats.get('draw');
      if (!model) throw new EngineError('model-not-found', NOTHING_LOADED);
      const { source, modelPackage } = model;
      const png =
        modelPackage.kind === 'picturebook' ? await loadSprites(source, modelPackage.manifest, cache) : undefined;
      emit({ type: 'sprites-read', id, ...(png && { png }) });
    } catch (error) {
      emit({ type: 'failed', id, fault: faultOf(error) });
    }
  }

  /** Beside the queue: a server that takes its time holds no picture up. */
  async #survey({ id, place, prefer, over }: SurveyRequest, signal: AbortSignal): Promise<void> {
    const { emit, sourceOf } = this.#surroundings;
    const source = await sourceOf(checkPlace(place), { signal });
    const needs = await needsOfPackage(source, { title: describePlace(place), over, signal });
    const { bytes, kept } = needs;
    emit({ type: 'surveyed', id, survey: { bytes, kept, obstacles: await this.#obstaclesOf(needs, prefer) } });
  }

  async #obstaclesOf(needs: ModelNeeds, prefer: BackendWish): Promise<readonly Obstacle[]> {
    const device = await this.#surroundings.device?.(prefer);
    return device ? obstaclesOf(needs, device) : [];
  }

  /** The model before stays until the files of the new one are here. */
  async #load({ id, place, prefer, over, stallMs }: LoadRequest, signal: AbortSignal): Promise<void> {
    const { emit, sourceOf, cache, runtimesFor, trials } = this.#surroundings;
    const source = await sourceOf(checkPlace(place), { signal, stallMs });
    // While the files come: a first visit to the built-in model takes 4.3 s in place of 4.8.
    const starting = startNext(runtimesFor(prefer));
    starting.catch(() => undefined); // heard when the files are here, if they come at all
    const modelPackage = await loadAnyPackage(source, {
      title: describePlace(place),
      over,
      check: async (needs) => {
        const [obstacle] = await this.#obstaclesOf(needs, prefer);
        if (obstacle?.isFinal) throw new EngineError('model-unsupported', obstacle.message);
      },
      cache,
      signal,
      onProgress: seldom((progress) => emit({ type: 'download', id, ...progress })),
    });
    signal.throwIfAborted();
    const seat = over ? 'over' : 'draw';
    const before = this.#seats.get(seat);
    this.#seats.delete(seat);
    await before?.release().catch(() => undefined); // its device may be lost
    const isWished = prefer === 'webgpu';
    const { model, failures } = await LoadedModel.open(modelPackage, source, starting, { isWished, memory: trials });
    this.#seats.set(seat, model);
    const { machine } = model;
    const { manifest } = model.engine;
    const instead = `Painting with ${backendTitles[machine.backend]} instead.`;
    const notices = failures.map((reason) => `${reason} ${instead}`);
    notices.push(...notesOf(manifest));
    if (modelPackage.kind === 'picturebook' && !modelPackage.verified)
      notices.push('This page is not served over HTTPS, so the model’s checksums were not checked.');
    emit({ type: 'loaded', id, manifest, machine, notices: notices.map((text) => ({ text, isLasting: true })) });
    this.#warmUpNext(model);
  }

  /** While nobody asks for anything: a picture that is asked for meanwhile waits for one pass at most. */
  #warmUpNext({ engine }: LoadedModel): void {
    if (!engine.canBeTried || this.#aborts.size > 1) return;
    const abort = new AbortController();
    this.#warmUp = abort;
    const goesOn = async () => {
      await nextTask();
      abort.signal.throwIfAborted();
    };
    const warm = () => goesOn().then(() => engine.warmUp({ onStep: goesOn }));
    // What is wrong with the model shows, and is told, where a picture is wanted.
    this.#queue = this.#queue.then(() => warm().catch(() => undefined));
  }

  async #generate({ id, graph, settings, inpainting }: GenerateRequest, signal: AbortSignal): Promise<void> {
    await this.#paint(this.#seats.get('draw'), id, graph, settings, { signal, inpainting });
  }

  async #paintOver({ id, graph, settings, over }: PaintOverRequest, signal: AbortSignal): Promise<void> {
    await this.#paint(this.#seats.get('over'), id, graph, settings, { signal, over });
  }

  async #verifyAgain({ id, graph, picture }: VerifyRequest): Promise<void> {
    const engine = this.#seats.get('draw')?.engine;
    if (!engine) throw new EngineError('model-not-found', NOTHING_LOADED);
    this.#surroundings.emit({ type: 'verified', id, verification: await engine.verifyAgain(graph, picture) });
  }

  async #paint(
    model: LoadedModel | undefined,
    id: number,
    graph: SceneGraph,
    settings: GenerationSettings,
    hooks: Omit<GenerateHooks, 'onStep'>,
  ): Promise<void> {
    const { emit } = this.#surroundings;
    if (!model) throw new EngineError('model-not-found', NOTHING_LOADED);
    const onStep = async (step: number, steps: number, preview: Picture | undefined): Promise<void> => {
      emit({ type: 'step', id, step, steps, ...(preview && { preview }) });
      await nextTask(); // lets a cancel in
    };
    const result = await model.paint(graph, settings, { ...hooks, onStep }, (machine, notice) =>
      emit({ type: 'machine', id, machine, notice }),
    );
    emit({ type: 'generated', id, result });
  }
}

const NOTHING_LOADED = 'No model is loaded yet.';

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
