import { create } from 'zustand';
import type { DocumentRecipe } from '#editor/history/picture-record.ts';
import { type EngineSnapshot, NOT_LOADED } from '#engine/client/status.ts';
import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export interface Running {
  readonly type: 'running';
  readonly recipe: DocumentRecipe;
  /** The model that paints over what the recipe's drew. */
  readonly over?: string;
  readonly step: number;
  readonly steps: number;
  /** performance.now() of the first finished step and of the newest one: their distance gives the time left. */
  readonly firstStepAt?: number;
  readonly lastStepAt?: number;
  readonly preview?: Picture;
}

export type Run = { readonly type: 'idle' } | Running;

interface EngineState extends EngineSnapshot {
  run: Run;
  /** What Live shows while the hand moves. */
  draft: { readonly graph: SceneGraph; readonly picture: Picture } | null;
  /** Bytes of the package that is fetched to paint over pictures. */
  overDownload: { readonly loaded: number; readonly total: number };
  /** The last fault of a run; cleared by the next one. */
  fault: EngineFault | null;
  set(change: Partial<Omit<EngineState, 'set'>>): void;
}

/** What the machine is doing, as the screen sees it. Only engine.ts writes here. */
export const useEngine = create<EngineState>()((set) => ({
  ...NOT_LOADED,
  run: { type: 'idle' },
  draft: null,
  overDownload: { loaded: 0, total: 0 },
  fault: null,
  set: (change) => set(change),
}));

export function useManifest(): ModelFacts | null {
  return useEngine((state) => (state.status.type === 'ready' ? state.status.manifest : null));
}

export function currentManifest(): ModelFacts | null {
  const { status } = useEngine.getState();
  return status.type === 'ready' ? status.manifest : null;
}

/** Resolves when the engine is no longer loading a model: ready, or failed for good. */
export function engineSettled(): Promise<void> {
  return new Promise((resolve) => {
    if (useEngine.getState().status.type !== 'loading') return resolve();
    const stop = useEngine.subscribe(({ status }) => {
      if (status.type === 'loading') return;
      stop();
      resolve();
    });
  });
}

/** Seconds until the last step at the pace so far; undefined before two steps are done. */
export function secondsLeft(run: Run): number | undefined {
  if (run.type === 'idle' || run.firstStepAt === undefined || run.lastStepAt === undefined || run.step < 2)
    return undefined;
  return ((run.lastStepAt - run.firstStepAt) / (run.step - 1) / 1000) * (run.steps - run.step);
}
