/** "Keep the rest": what a change of a graph reaches in the picture that was painted before it. */
import type { AttentionMaps } from '#diffusion/attention.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { changesBetween } from '#graph/words/changes.ts';
import type { Inpainting } from './protocol.ts';

interface EarlierPicture {
  readonly graph: SceneGraph;
  readonly latent: Float32Array<ArrayBuffer>;
  readonly attention: AttentionMaps;
}

/**
 * A changed edge reaches its two ends.
 * @param strength 0–1
 * @returns undefined when both graphs mean the same
 */
export function inpaintingAfter(earlier: EarlierPicture, graph: SceneGraph, strength: number): Inpainting | undefined {
  const { sentences, before, after } = changesBetween(earlier.graph, graph);
  if (sentences.length === 0) return undefined;
  const maps = before.objects.map((id) => earlier.attention.objects[id]).filter((map) => map !== undefined);
  return { latent: earlier.latent.slice(), strength, before: maps, objects: after.objects };
}
