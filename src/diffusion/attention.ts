/** Which pixels each node and edge drove. */
import { sizeOf, type Tensor } from './tensor.ts';
import type { TracedTokenGraph } from './tokens.ts';

/** One map of height × width in [0, 1] per id; its maximum is 1, or it is all 0 when the token drew nothing. */
export interface AttentionMaps {
  readonly width: number;
  readonly height: number;
  readonly objects: Readonly<Record<string, Float32Array>>;
  readonly relations: Readonly<Record<string, Float32Array>>;
}

/**
 * @param attention (S, h·w), tokens in the order of S_cond: G_global, objects, relations, style
 * @param paddedObjects O of the tensors that were encoded; relations follow after that many
 */
export function attentionMaps(
  attention: Tensor,
  graph: TracedTokenGraph,
  paddedObjects: number,
  grid: { readonly height: number; readonly width: number },
): AttentionMaps {
  const pixels = sizeOf([grid.height, grid.width]);
  const mapOf = (token: number): Float32Array => normalise(attention.data.slice(token * pixels, (token + 1) * pixels));
  return {
    width: grid.width,
    height: grid.height,
    objects: Object.fromEntries(graph.objectIds.map((id, o) => [id, mapOf(1 + o)])),
    relations: Object.fromEntries(graph.relationIds.map((id, t) => [id, mapOf(1 + paddedObjects + t)])),
  };
}

function normalise(map: Float32Array): Float32Array {
  const top = map.reduce((highest, value) => Math.max(highest, value), 0);
  return top > 0 ? map.map((value) => value / top) : map;
}
