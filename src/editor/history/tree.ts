/** The history as a tree: each picture hangs from the one that was on screen when it was painted. */
import { documentOf, type PictureRecord } from './picture-record.ts';

/** A picture of the tree, or the pile of pictures that were painted together from one. */
export interface HistoryNode {
  readonly key: string;
  /** Newest first; several are a pile. */
  readonly records: readonly PictureRecord[];
  /** What this picture was made from; undefined for a root. */
  readonly from: PictureRecord | undefined;
  /** Whether it lies in an open pile, which it hangs from. */
  readonly isInPile: boolean;
  /** Oldest first. */
  readonly children: readonly HistoryNode[];
}

/** A node at its place: columns count from the root, rows from the top, both from 0. Siblings are counted from 1. */
export interface PlacedNode {
  readonly node: HistoryNode;
  readonly column: number;
  readonly row: number;
  readonly parent: HistoryNode | undefined;
  readonly position: number;
  readonly size: number;
}

/**
 * Who was made from whom. A parent of another document is none, for the ids of its graph mean other objects; nor is one that is not older, so
 * that no store, however damaged, leads round in a circle.
 * @param records newest first
 */
function parentsOf(records: readonly PictureRecord[]): ReadonlyMap<string, PictureRecord> {
  const places = new Map(records.map(({ id }, place) => [id, place]));
  return new Map(
    records.flatMap((record, place): [string, PictureRecord][] => {
      const parentPlace = places.get(record.parent ?? '');
      const parent = parentPlace !== undefined && parentPlace > place ? records[parentPlace] : undefined;
      return parent && documentOf(parent) === documentOf(record) ? [[record.id, parent]] : [];
    }),
  );
}

/** From the root to a picture; empty for one that is not there. @param records newest first */
export function pathTo(records: readonly PictureRecord[], id: string | null): readonly PictureRecord[] {
  const parents = parentsOf(records);
  const path: PictureRecord[] = [];
  for (let at = records.find((record) => record.id === id); at; at = parents.get(at.id)) path.unshift(at);
  return path;
}

/**
 * The branch that a picture lies on, from the root to the tip: as before, where it still leads through the picture, else by the newest child of
 * each. The pictures of a pile are on no branch until something was made from them.
 * @param tip of the branch as it was before
 */
export function branchThrough(
  records: readonly PictureRecord[],
  id: string | null,
  tip: string | null,
): readonly PictureRecord[] {
  const before = pathTo(records, tip);
  const parents = parentsOf(records);
  const start = before.some((record) => record.id === id) ? before : pathTo(records, id);
  const hasChild = new Set([...parents.values()].map((parent) => parent.id));
  const branch = [...start];
  for (;;) {
    const end = branch.at(-1);
    const isNext = (record: PictureRecord) =>
      parents.get(record.id) === end && (record.group === undefined || hasChild.has(record.id));
    const next = end && records.find(isNext);
    if (!next) return branch;
    branch.push(next);
  }
}

/**
 * The trees of a history, the one with the newest picture first.
 * @param open keys of the piles that are spread out: their pictures hang from them
 */
export function treesOf(records: readonly PictureRecord[], open: ReadonlySet<string>): readonly HistoryNode[] {
  const parents = parentsOf(records);
  const made = new Map<PictureRecord | undefined, PictureRecord[]>();
  for (const record of records) {
    const from = parents.get(record.id);
    const others = made.get(from);
    if (others) others.push(record);
    else made.set(from, [record]);
  }
  const childrenOf = (parent: PictureRecord | undefined): readonly HistoryNode[] =>
    piles(made.get(parent) ?? [])
      .reverse()
      .map((pile) => nodeOf(pile, parent));
  const nodeOf = (pile: readonly PictureRecord[], from: PictureRecord | undefined): HistoryNode => {
    const [first] = pile;
    const key = pile.length > 1 ? `${first!.group!.id} ${from?.id ?? ''}` : first!.id;
    const members = (): readonly HistoryNode[] =>
      pile.map((record) => ({ key: record.id, records: [record], from, isInPile: true, children: childrenOf(record) }));
    const children = pile.length > 1 && open.has(key) ? members() : pile.flatMap(childrenOf);
    return { key, records: pile, from, isInPile: false, children };
  };
  return [...childrenOf(undefined)].sort((a, b) => newest(b) - newest(a));
}

const newest = ({ records, children }: HistoryNode): number => Math.max(records[0]!.createdAt, ...children.map(newest));

/** Pictures of one parent that were painted together lie together, at the place of the newest of them. */
function piles(records: readonly PictureRecord[]): PictureRecord[][] {
  const byKey = new Map<string, PictureRecord[]>();
  for (const record of records) {
    const key = record.group ? `group ${record.group.id}` : record.id;
    const pile = byKey.get(key);
    if (pile) pile.push(record);
    else byKey.set(key, [record]);
  }
  return [...byKey.values()];
}

/** In the order of reading: a first child stands in the row of its parent, each other one begins a row below all before it. */
export function placed(trees: readonly HistoryNode[]): readonly PlacedNode[] {
  const places: PlacedNode[] = [];
  let row = 0;
  const place = (nodes: readonly HistoryNode[], column: number, parent: HistoryNode | undefined) => {
    for (const [i, node] of nodes.entries()) {
      if (i > 0) row++;
      places.push({ node, column, row, parent, position: i + 1, size: nodes.length });
      place(node.children, column + 1, node);
    }
  };
  place(trees, 0, undefined);
  return places;
}
