import type { GenerationResult, GenerationSettings } from '#engine/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

/** A picture that was made, with everything that made it: clicking it restores graph, seed and settings. */
export interface PictureRecord {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly model: string;
  readonly graph: SceneGraph;
  readonly settings: GenerationSettings;
  /** Pictures of earlier versions came without their latent. */
  readonly result: Omit<GenerationResult, 'latent'> & Partial<Pick<GenerationResult, 'latent'>>;
  /** Painted by "keep the rest" from its parent with this strength; such a picture cannot be made from graph and settings alone. */
  readonly keptRest?: number;
  readonly starred: boolean;
  /** The picture on screen when this one was made: pictures form a tree. */
  readonly parent: string | null;
}

/** How many pictures the strip keeps; the oldest without a star go first. */
export const MAX_PICTURES = 200;

/** Ids that no longer fit: the oldest without a star beyond the limit. Records are newest first. */
export function overflow(records: readonly PictureRecord[], limit: number = MAX_PICTURES): string[] {
  const surplus = records.length - limit;
  if (surplus <= 0) return [];
  return records
    .filter((record) => !record.starred)
    .slice(-surplus)
    .map((record) => record.id);
}
