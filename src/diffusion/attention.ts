/** Which pixels each node and edge drove. */
import { sCondLayout } from './s-cond.ts';
import type { Tensor } from './tensor.ts';
import type { TracedTokenGraph } from './tokens.ts';

/** One map of height × width in [0, 1] per id; its maximum is 1, or it is all 0 when the token drew nothing. */
export interface AttentionMaps {
  readonly width: number;
  readonly height: number;
  readonly objects: Readonly<Record<string, Float32Array>>;
  readonly relations: Readonly<Record<string, Float32Array>>;
}

/**
 * @param attention (S, h·w)
 * @param padded O and T of the tensors that were encoded
 */
export function attentionMaps(
  attention: Tensor,
  graph: TracedTokenGraph,
  padded: { readonly objects: number; readonly relations: number },
  grid: { readonly height: number; readonly width: number },
): AttentionMaps {
  const { objects, relations } = sCondLayout(padded);
  const mapOf = (token: number): Float32Array => normalise(rowsOf(attention, [token])[0]!); // (h·w)
  return {
    width: grid.width,
    height: grid.height,
    objects: Object.fromEntries(graph.objectIds.map((id, o) => [id, mapOf(objects.start + o)])),
    relations: Object.fromEntries(graph.relationIds.map((id, t) => [id, mapOf(relations.start + t)])),
  };
}

function normalise(map: Float32Array): Float32Array {
  const top = map.reduce((highest, value) => Math.max(highest, value), 0);
  return top > 0 ? map.map((value) => value / top) : map.slice();
}

/** Rows `tokens` of an attention (S, h·w): a view of (h·w) each. */
export function rowsOf(attention: Tensor, tokens: readonly number[]): Float32Array[] {
  const pixels = attention.dims[1]!;
  return tokens.map((token) => attention.data.subarray(token * pixels, (token + 1) * pixels));
}
