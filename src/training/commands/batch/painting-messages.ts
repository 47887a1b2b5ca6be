/** What the threads of painting-threads.ts are told and answer. */
import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { GenerationResult, TextPrompt } from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export interface PaintingOrder {
  readonly subject: SceneGraph | TextPrompt;
  readonly settings: GenerationSettings;
}

export type PaintingAnswer = { readonly result: GenerationResult } | { readonly fault: EngineFault };
