/** What the machine is doing, as a small observable value for useSyncExternalStore. */

import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Backend, Picture } from '#engine/contract/protocol.ts';

export type EnginePhase = 'idle' | 'downloading' | 'ready' | 'painting' | 'failed';

export interface EngineStatus {
  readonly phase: EnginePhase;
  /** Of the loaded model; kept while a restarted worker loads it again. */
  readonly manifest?: ModelFacts;
  readonly backend?: Backend;
  /** Something the user should know: a slower backend, a restart. */
  readonly notice?: string;
  /** Bytes of the whole package. */
  readonly download?: { readonly file: string; readonly loaded: number; readonly total: number };
  /** Of the picture that is being painted: `step` of `steps` are done. */
  readonly progress?: { readonly step: number; readonly steps: number; readonly preview?: Picture };
  /** Why the phase is "failed". */
  readonly fault?: EngineFault;
}

export class StatusStore {
  #status: EngineStatus = { phase: 'idle' };
  readonly #listeners = new Set<() => void>();

  /** The same object until something changes. */
  readonly getSnapshot = (): EngineStatus => this.#status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Keys given as undefined are taken out. */
  update(change: { readonly [Key in keyof EngineStatus]?: EngineStatus[Key] | undefined }): void {
    const entries = Object.entries({ ...this.#status, ...change }).filter(([, value]) => value !== undefined);
    this.#status = Object.fromEntries(entries) as unknown as EngineStatus;
    for (const listener of this.#listeners) listener();
  }
}
