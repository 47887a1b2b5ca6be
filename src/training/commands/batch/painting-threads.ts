/**
 * Many pictures at once, each by one thread. ONNX Runtime's threads for a single picture wait for each other: a picture of the built-in model costs
 * 0.9 s of processor time with one thread, 1.8 s with two and 3.9 s with four.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import type { PaintingAnswer, PaintingOrder } from './painting-messages.ts';

/** What a thread of the built-in model takes, with room to spare. */
const THREAD_BYTES = 600e6;

/** One for each core, as far as memory goes: what a container allows, where it allows less than the machine has; with what the file cache would give back. */
export const threadRoom = (): number =>
  Math.floor(Math.min(availableParallelism(), process.availableMemory() / THREAD_BYTES));

export class PaintingThreads {
  readonly #threads: readonly PaintingThread[];
  readonly #idle: PaintingThread[];

  /** @param folder of a package of kind "picturebook" */
  constructor(folder: string, count: number) {
    this.#threads = Array.from({ length: count }, () => new PaintingThread(folder));
    this.#idle = [...this.#threads];
  }

  /** At most as many at a time as there are threads. @throws EngineError, or Error when the thread dies */
  async paint(order: PaintingOrder): Promise<GenerationResult> {
    const thread = this.#idle.pop();
    if (!thread) throw new RangeError('all threads paint already');
    const answer = await thread.ask(order);
    this.#idle.push(thread);
    if ('fault' in answer) throw new EngineError(answer.fault.code, answer.fault.message);
    return answer.result;
  }

  get count(): number {
    return this.#threads.length;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

/** One order at a time. Listened to all its life: it may die while it has nothing to do, and nobody else would hear of it. */
class PaintingThread {
  readonly #worker: Worker;
  #waiting:
    | { readonly resolve: (answer: PaintingAnswer) => void; readonly reject: (reason: Error) => void }
    | undefined;
  #death: Error | undefined;

  constructor(folder: string) {
    const script = new URL('./painting-thread.mjs', import.meta.url);
    this.#worker = new Worker(script, { workerData: { folder }, execArgv: [] });
    this.#worker.on('message', (said: PaintingAnswer) => this.#waiting?.resolve(said));
    this.#worker.on('error', (error) => {
      this.#death = error;
      this.#waiting?.reject(error);
    });
  }

  /** @throws Error that the thread died of */
  ask(order: PaintingOrder): Promise<PaintingAnswer> {
    if (this.#death) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(order);
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
