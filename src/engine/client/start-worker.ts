import { type EngineEvent, type EngineRequest, ON_ITS_OWN } from '#engine/contract/protocol.ts';

/** The part of a Worker that is used; its messages are EngineEvents. */
export interface WorkerLike extends EventTarget {
  postMessage(message: EngineRequest): void;
  terminate(): void;
}

/**
 * A worker that ends is heard of at once, however it ends: a thread that closes itself or is killed sends no error. It holds a lock of its own name
 * for as long as it lives, and who gets the lock after it sends the error in its place. A page not served over HTTPS has no locks.
 */
export function startWorker(): WorkerLike {
  const name = `sgraffito-engine-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`;
  const worker = new Worker(new URL('../host/worker.ts', import.meta.url), { type: 'module', name });
  const watch = ({ data }: MessageEvent<EngineEvent>) => {
    if (data.type !== 'alive' || data.id !== ON_ITS_OWN) return;
    worker.removeEventListener('message', watch);
    void navigator.locks.request(name, () => worker.dispatchEvent(new ErrorEvent('error', { message: 'it ended' })));
  };
  worker.addEventListener('message', watch);
  return worker;
}
