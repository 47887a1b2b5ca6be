/** Where the things of a picture are, by the attention that drew them. */
import type { Box } from '#graph/places/geometry.ts';
import { documentOf, type PictureRecord } from './picture-record.ts';

/**
 * The pixels of a node or an edge. Those of an edge are the pixels of its two ends: what its own token looks at is no place. In six pictures of 22
 * relations half of the tokens had 5 % of their weight or less on either end, and the rest in the sky.
 * @returns (h·w), 0–1; undefined for what the picture does not hold
 */
export function attentionOf(record: PictureRecord, lit: { readonly type: 'object' | 'relation'; readonly id: string }) {
  const { objects } = record.result.attention;
  if (lit.type === 'object') return objects[lit.id];
  const relation = record.graph.relations.find(({ id }) => id === lit.id);
  const [subject, object] = [relation && objects[relation.subject], relation && objects[relation.object]];
  return subject && object && subject.map((weight, i) => Math.max(weight, object[i] ?? 0));
}

/** Share of the picture's side. With one edge turned, its ends moved by 0.1–0.4, and nine of ten other objects by 0.06 or less. */
const MOVED = 0.1;

/** How many of the things that two pictures of one document share are elsewhere in the second; undefined where nobody can tell. */
export function movedObjects(
  before: PictureRecord,
  after: PictureRecord,
): { readonly moved: number; readonly of: number } | undefined {
  if (documentOf(before) !== documentOf(after)) return undefined;
  const distances = after.graph.objects.flatMap(({ id, label }) => {
    const isSame = before.graph.objects.some((object) => object.id === id && object.label === label);
    const [from, to] = [isSame && centreOf(before, id), isSame && centreOf(after, id)];
    return from && to ? [Math.hypot(to.x - from.x, to.y - from.y)] : [];
  });
  if (distances.length === 0) return undefined;
  return { moved: distances.filter((distance) => distance > MOVED).length, of: distances.length };
}

/** Where the attention is strong; undefined where it is nowhere. */
export function boxOf({ result: { attention } }: PictureRecord, id: string): Box | undefined {
  const { width, height } = attention;
  const strong = [...(attention.objects[id]?.entries() ?? [])].filter(([, weight]) => weight >= STRONG);
  if (strong.length === 0) return undefined;
  const columns = strong.map(([i]) => i % width);
  const rows = strong.map(([i]) => Math.floor(i / width));
  return [
    Math.min(...columns) / width,
    Math.min(...rows) / height,
    (Math.max(...columns) + 1) / width,
    (Math.max(...rows) + 1) / height,
  ];
}

/** Of the strongest weight, which is 1. */
const STRONG = 0.5;

/** The middle of where the attention is strong, 0–1 from the left and top. */
function centreOf({ result: { attention } }: PictureRecord, id: string): { x: number; y: number } | undefined {
  const { width, height } = attention;
  let [sum, x, y] = [0, 0, 0];
  for (const [i, weight] of attention.objects[id]?.entries() ?? []) {
    if (weight < STRONG) continue;
    sum += weight;
    x += weight * ((i % width) + 0.5);
    y += weight * (Math.floor(i / width) + 0.5);
  }
  return sum > 0 ? { x: x / sum / width, y: y / sum / height } : undefined;
}
