/** The engine's host on real ONNX Runtime sessions, and what it said. */
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { DeviceFacts } from '#engine/contract/model-survey.ts';
import type { BackendWish, EngineEvent, Inpainting } from '#engine/contract/protocol.ts';
import { EngineHost, type HostSurroundings } from '#engine/host/engine-host.ts';
import type { TrialMemory } from '#engine/host/trial.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import type { ModelSource } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export const graph = graphOf(['sheep', 'tree', 'sky'], [[0, 'left of', 1]]);
export const settings: GenerationSettings = { seed: 7, steps: 3, guidanceScale: 2, sampler: 'euler', style: 'any' };

/** @param folderOf says which package is loaded where a test names none */
export function hosts(folderOf: () => string) {
  return function start(
    runtimes: ReturnType<HostSurroundings['runtimesFor']> = [async () => nodeRuntime],
    sourceIn: (path: string) => ModelSource = folderSource,
    device?: DeviceFacts,
    trials?: TrialMemory,
  ) {
    const events: EngineEvent[] = [];
    const listeners: ((event: EngineEvent) => void)[] = [];
    const host = new EngineHost({
      emit(event) {
        events.push(event);
        for (const listen of listeners) listen(event);
      },
      sourceOf: (place) => sourceIn(place.type === 'url' ? new URL(place.url).pathname : ''),
      runtimesFor: () => runtimes,
      ...(device && { device: async () => device }),
      trials,
    });
    const load = (path = folderOf(), prefer: BackendWish = 'auto') =>
      host.receive({ type: 'load', id: 1, place: { type: 'url', url: `http://localhost${path}` }, prefer });
    const paint = (
      id: number,
      change: Partial<GenerationSettings> = {},
      of: SceneGraph = graph,
      inpainting?: Inpainting,
    ) =>
      host.receive({
        type: 'generate',
        id,
        graph: of,
        settings: { ...settings, ...change },
        ...(inpainting && { inpainting }),
      });
    const endOf = (id: number) => events.filter((event) => event.id === id).at(-1);
    return { host, events, listeners, load, paint, endOf };
  };
}
