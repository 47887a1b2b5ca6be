/** What a graph adapter is told beside the text: the edges, which tokens speak of what, and where each token goes in S_cond. */
import { sizeOf, type Tensor } from '#diffusion/tensor.ts';
import type { TokenGraph } from '#diffusion/tokens.ts';
import type { ConditioningPlan } from './conditioning-plan.ts';

export const adapterInputs = [
  'object_places',
  'relation_places',
  'text_places',
  'global_places',
  'subjects',
  'objects',
  'object_mask',
  'relation_mask',
] as const;

export interface AdapterRoom {
  readonly objects: number;
  readonly relations: number;
  /** Of all prompts together, their starts, ends and padding included. */
  readonly tokens: number;
  /** Tokens of S_cond. */
  readonly length: number;
}

/** Of one graph: the inputs of the adapter but for the text, with B = 1, padded to `room`. */
export function adapterFeeds(
  graph: Pick<TokenGraph, 'objects' | 'relations'>,
  { phrases, spans, sources, globals }: Pick<ConditioningPlan, 'phrases' | 'spans' | 'sources' | 'globals'>,
  room: AdapterRoom,
): Record<(typeof adapterInputs)[number], Tensor & { readonly data: Float32Array }> {
  const zeros = (...dims: number[]) => ({ data: new Float32Array(sizeOf(dims)), dims: [1, ...dims] });
  const feeds = {
    object_places: zeros(room.objects, room.tokens),
    relation_places: zeros(room.relations, room.tokens),
    text_places: zeros(room.length, room.tokens),
    global_places: zeros(room.length),
    subjects: zeros(room.relations, room.objects),
    objects: zeros(room.relations, room.objects),
    object_mask: zeros(room.objects),
    relation_mask: zeros(room.relations),
  };
  for (const [i, { objects, relations }] of phrases.entries()) {
    const [from, to] = spans[i]!;
    for (const o of objects) feeds.object_places.data.fill(1, o * room.tokens + from, o * room.tokens + to);
    for (const t of relations) feeds.relation_places.data.fill(1, t * room.tokens + from, t * room.tokens + to);
  }
  for (const [token, source] of sources.entries()) {
    if (source >= 0) feeds.text_places.data[token * room.tokens + source] = 1;
  }
  for (const token of globals) feeds.global_places.data[token] = 1;
  feeds.object_mask.data.fill(1, 0, graph.objects.length);
  feeds.relation_mask.data.fill(1, 0, graph.relations.length);
  for (const [t, { subject, object }] of graph.relations.entries()) {
    feeds.subjects.data[t * room.objects + subject] = 1;
    feeds.objects.data[t * room.objects + object] = 1;
  }
  return feeds;
}
