/** Scenes by index: the same record for the same (split, index), whoever asks. */
import { Worker } from 'node:worker_threads';
import { seededRandom } from '#graph/random.ts';
import { type ComposeOptions, composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { type Split, sceneSeed } from '#training/corpus/world/random.ts';
import type { RenderedScene, Scene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import { sampleSceneGraph } from './sample-graph.ts';

export interface StreamOptions extends ComposeOptions {
  readonly split: Split;
  /** Pixels per side; a multiple of grid. */
  readonly size: number;
  /** Cells of the masks per side. */
  readonly grid: number;
  /** Index of the first scene, 0 … 2³⁰ − 1. */
  readonly start: number;
}

export interface SceneRecord {
  readonly index: number;
  readonly rendered: RenderedScene;
  readonly sample: SceneGraphSample;
}

/** Makes records one after the other in the calling thread. Graphs of the test split may contain held-out triples. */
export class SceneStream {
  readonly #options: StreamOptions;
  #index: number;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#index = options.start;
  }

  next(): SceneRecord {
    const { size, grid } = this.#options;
    const { index, scene, sample } = this.nextUnseen();
    return { index, rendered: renderScene(scene, { size, grid }), sample };
  }

  /** The same record without its picture. */
  nextUnseen(): { readonly index: number; readonly scene: Scene; readonly sample: SceneGraphSample } {
    const { split, words } = this.#options;
    const index = this.#index++;
    const random = seededRandom(sceneSeed(split, index));
    const scene = composeScene(random, this.#options);
    const sample = sampleSceneGraph(scene, random, { heldOut: split === 'test', ...(words && { words }) });
    return { index, scene, sample };
  }
}

/** What the loader says to its worker: make this many more. */
export interface Order {
  readonly count: number;
}

/** The same records, in the same order, made ahead of time by a worker thread. */
export class SceneLoader {
  readonly #worker: Worker;
  readonly #ready: SceneRecord[] = [];
  readonly #waiting: { resolve(record: SceneRecord): void; reject(error: Error): void }[] = [];
  #failure: Error | undefined;

  /** @param ahead records to keep ready */
  constructor(options: StreamOptions, ahead = 64) {
    this.#worker = new Worker(new URL('./stream-worker.mjs', import.meta.url), { workerData: options, execArgv: [] });
    this.#worker.on('message', (record: SceneRecord) => {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(record);
      else this.#ready.push(record);
    });
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => this.#fail(new Error(`the scene worker has ended (exit code ${code})`)));
    this.#order(ahead);
  }

  /** @throws Error when the worker has ended. */
  next(): Promise<SceneRecord> {
    const record = this.#ready.shift();
    if (record) {
      this.#order(1);
      return Promise.resolve(record);
    }
    if (this.#failure) return Promise.reject(this.#failure);
    this.#order(1);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #order(count: number): void {
    this.#worker.postMessage({ count } satisfies Order);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
