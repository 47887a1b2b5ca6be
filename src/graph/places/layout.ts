/** First places for a graph that comes without positions: what is above stands above, what is left stands left, nothing overlaps. */
import type { IndexedRelation } from '#graph/indexed-graph.ts';

/** CSS pixels between the corners of neighbouring nodes: wider and taller than a node. */
export const LAYOUT_SPACING = { x: 210, y: 130 } as const;
const WIDEST_ROW = 8;

/** Where the subject wants to be as seen from the object, in columns and rows; y points down. */
const directions: Readonly<Record<string, { readonly columns: number; readonly rows: number }>> = {
  'left of': { columns: -1, rows: 0 },
  'right of': { columns: 1, rows: 0 },
  'next to': { columns: 1, rows: 0 },
  above: { columns: 0, rows: -1 },
  below: { columns: 0, rows: 1 },
  under: { columns: 0, rows: 1 },
  'in front of': { columns: 0, rows: 1 },
  behind: { columns: 0, rows: -1 },
};
/** Riding, holding, standing on, wearing …: who does it is above what it is done to. */
const otherwise = { columns: 0, rows: -1 };

/** @returns one position per object, its top left corner, the whole centred on the origin */
export function layOut(
  objectCount: number,
  relations: readonly IndexedRelation[],
): { readonly x: number; readonly y: number }[] {
  const of = (predicate: string) => (Object.hasOwn(directions, predicate) ? directions[predicate]! : otherwise);
  const columns = relax(objectCount, relations, (relation) => of(relation.predicate).columns);
  const rows = relax(objectCount, relations, (relation) => of(relation.predicate).rows);
  const lines = [...groupBy(rows).entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, members]) => wrap(members.sort((a, b) => columns[a]! - columns[b]! || a - b)));
  const positions = new Array<{ x: number; y: number }>(objectCount);
  for (const [line, members] of lines.entries()) {
    for (const [place, i] of members.entries()) {
      positions[i] = {
        x: (place - members.length / 2) * LAYOUT_SPACING.x,
        y: (line - lines.length / 2) * LAYOUT_SPACING.y,
      };
    }
  }
  return positions;
}

/** Pushes objects apart along one axis until every relation has its distance, or for as many rounds as can matter (cycles never settle). */
function relax(
  count: number,
  relations: readonly IndexedRelation[],
  distance: (relation: IndexedRelation) => number,
): number[] {
  const place = new Array<number>(count).fill(0);
  for (let round = 0; round < Math.min(count, 12); round++) {
    let moved = false;
    for (const relation of relations) {
      const wanted = distance(relation);
      if (wanted === 0) continue;
      const [low, high] = wanted > 0 ? [relation.object, relation.subject] : [relation.subject, relation.object];
      if (low === high || place[high]! > place[low]!) continue;
      place[high] = place[low]! + 1;
      moved = true;
    }
    if (!moved) break;
  }
  return place;
}

function groupBy(keys: readonly number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [i, key] of keys.entries()) groups.set(key, [...(groups.get(key) ?? []), i]);
  return groups;
}

function wrap(members: readonly number[]): number[][] {
  const lines = Math.ceil(members.length / WIDEST_ROW);
  const width = Math.ceil(members.length / lines);
  return Array.from({ length: lines }, (_, line) => members.slice(line * width, (line + 1) * width));
}
