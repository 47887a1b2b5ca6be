/** "Keep the rest": what a change of a graph reaches in the picture that was painted before it. */
import type { AttentionMaps } from '#diffusion/attention.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { changesBetween } from '#graph/words/changes.ts';
import type { KeepRest, Verification } from './protocol.ts';

interface EarlierPicture {
  readonly graph: SceneGraph;
  readonly latent: Float32Array<ArrayBuffer>;
  readonly attention: AttentionMaps;
  readonly verification: Verification;
}

const withoutRelations = (graph: SceneGraph): SceneGraph => ({ ...graph, relations: [] });

/**
 * A changed edge reaches its two ends.
 * @param strength 0–1
 * @returns undefined when both graphs mean the same
 */
export function inpaintingAfter(earlier: EarlierPicture, graph: SceneGraph, strength: number): KeepRest | undefined {
  const { sentences, before, after } = changesBetween(earlier.graph, graph);
  if (sentences.length === 0) return undefined;
  const { attention, verification } = earlier;
  const mapsOf = (ids: readonly string[]) =>
    ids.flatMap((id) => (attention.objects[id] ? [[id, attention.objects[id]] as const] : []));
  const isOther = (id: string) => verification.objects[id] === 'found' && !after.objects.includes(id);
  return {
    latent: earlier.latent.slice(),
    strength,
    before: mapsOf(before.objects).map(([, map]) => map),
    objects: after.objects,
    keepsWhole: changesBetween(withoutRelations(earlier.graph), withoutRelations(graph)).sentences.length === 0,
    others: Object.fromEntries(mapsOf(graph.objects.map(({ id }) => id).filter(isOther))),
  };
}
