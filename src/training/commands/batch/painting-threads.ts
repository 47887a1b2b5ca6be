/**
 * Many pictures at once, each by one thread. ONNX Runtime's threads for a single picture wait for each other: a picture of the built-in model costs
 * 0.9 s of processor time with one thread, 1.8 s with two and 3.9 s with four.
 */
import { Worker } from 'node:worker_threads';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import type { PaintingAnswer, PaintingOrder } from './painting-messages.ts';

export class PaintingThreads {
  readonly #threads: readonly Worker[];
  readonly #idle: Worker[];

  /** @param folder of a package of kind "picturebook" */
  constructor(folder: string, count: number) {
    const script = new URL('./painting-thread.mjs', import.meta.url);
    const start = () => new Worker(script, { workerData: { folder }, execArgv: [] });
    this.#threads = Array.from({ length: count }, start);
    this.#idle = [...this.#threads];
  }

  /** At most as many at a time as there are threads. @throws EngineError, or Error when the thread dies */
  async paint(order: PaintingOrder): Promise<GenerationResult> {
    const thread = this.#idle.pop();
    if (!thread) throw new RangeError('all threads paint already');
    const answer = await new Promise<PaintingAnswer>((resolve, reject) => {
      thread.once('error', reject);
      thread.once('message', (said: PaintingAnswer) => {
        thread.off('error', reject);
        resolve(said);
      });
      thread.postMessage(order);
    });
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
