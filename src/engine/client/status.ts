/** What the machine is doing, as a small observable value for useSyncExternalStore and stores like it. */

import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Backend } from '#engine/contract/protocol.ts';

export type EngineStatus =
  /** Bytes of the whole package; 0 of 0 until its size is known. */
  | { readonly type: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly type: 'ready'; readonly manifest: ModelFacts; readonly backend: Backend }
  | { readonly type: 'failed'; readonly fault: EngineFault };

export interface EngineSnapshot {
  readonly status: EngineStatus;
  /** The model that paints over the pictures of the other; null until one is loaded for it. */
  readonly over: ModelFacts | null;
  /** Something the user should know: a slower backend, a restart. */
  readonly notice: string | null;
}

export const NOT_LOADED: EngineSnapshot = {
  status: { type: 'loading', loaded: 0, total: 0 },
  over: null,
  notice: null,
};

export class StatusStore {
  #snapshot = NOT_LOADED;
  readonly #listeners = new Set<() => void>();

  /** The same object until something changes. */
  readonly getSnapshot = (): EngineSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  update(change: Partial<EngineSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
