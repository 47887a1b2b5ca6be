/** What the machine is doing, as a small observable value for useSyncExternalStore and stores like it. */

import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Machine, Notice } from '#engine/contract/protocol.ts';

export type EngineStatus =
  /** Bytes of the whole package; 0 of 0 until its size is known. */
  | { readonly type: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly type: 'ready'; readonly manifest: ModelFacts; readonly machine: Machine }
  | { readonly type: 'failed'; readonly fault: EngineFault };

export interface EngineSnapshot {
  readonly status: EngineStatus;
  /** The model that paints over the pictures of the other; null until one is loaded for it. */
  readonly over: ModelFacts | null;
  /** A slower backend, a restart. */
  readonly notices: readonly Notice[];
}

export const NOT_LOADED: EngineSnapshot = {
  status: { type: 'loading', loaded: 0, total: 0 },
  over: null,
  notices: [],
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
