/** Which detection is which object of the graph? Only a question when two objects share a label. */

/** What binding needs to know of a graph: labels and triples of indices. */
export interface LabelGraph {
  readonly objects: readonly { readonly label: string }[];
  /** Indices into objects. */
  readonly relations: readonly { readonly subject: number; readonly predicate: string; readonly object: number }[];
}

/** What binding needs to know of a detection. */
export interface Scored {
  readonly label: string;
  /** Confidence; only its order matters. */
  readonly score: number;
}

/** Does the predicate hold between these two detections? */
export type Holds<Detection> = (predicate: string, subject: Detection, object: Detection) => boolean;

/** Beyond this many ways of handing out detections, only the most confident of each label are tried in their order. */
const MAX_BINDINGS = 5_000;

/**
 * Hands each object of the graph at most one detection of its label, never one detection to two objects, such that the most relations
 * hold; the graph does not say which of two sheep is "the first", so the picture may choose. Ties go to the earlier binding, which prefers
 * confident detections.
 * @returns one entry per object of the graph, undefined when the object has no detection.
 */
export function bindDetections<Detection extends Scored>(
  graph: LabelGraph,
  detections: readonly Detection[],
  holds: Holds<Detection>,
): readonly (Detection | undefined)[] {
  const groups = groupsOf(graph, detections);
  const binding: (Detection | undefined)[] = new Array(graph.objects.length).fill(undefined);
  const place = (members: readonly number[], chosen: readonly Detection[]) => {
    for (const [i, member] of members.entries()) binding[member] = chosen[i];
  };

  let best: readonly (Detection | undefined)[] | undefined;
  let bestCount = -1;
  const search = (g: number): void => {
    const group = groups[g];
    if (group === undefined) {
      const count = countHolding(graph, binding, holds);
      if (count > bestCount) {
        bestCount = count;
        best = [...binding];
      }
      return;
    }
    for (const chosen of group.choices) {
      place(group.members, chosen);
      search(g + 1);
      if (bestCount === graph.relations.length) return;
    }
  };
  search(0);
  return best ?? binding;
}

interface Group<Detection> {
  /** Indices of the graph's objects with this label. */
  readonly members: readonly number[];
  /** Every way of giving them detections, the most confident first. */
  readonly choices: readonly (readonly Detection[])[];
}

function groupsOf<Detection extends Scored>(graph: LabelGraph, detections: readonly Detection[]): Group<Detection>[] {
  const labels = [...new Set(graph.objects.map(({ label }) => label))];
  const raw = labels.map((label) => ({
    members: graph.objects.flatMap((object, i) => (object.label === label ? [i] : [])),
    candidates: detections.filter((d) => d.label === label).sort((a, b) => b.score - a.score),
  }));
  const ways = raw.reduce((n, { members, candidates }) => n * arrangementCount(candidates.length, members.length), 1);
  return raw.map(({ members, candidates }) => ({
    members,
    choices: ways > MAX_BINDINGS ? [candidates.slice(0, members.length)] : arrangements(candidates, members.length),
  }));
}

/** Ordered choices of `count` of the items; when there are fewer items, every order of all of them with gaps for the rest. */
function arrangements<Item>(items: readonly Item[], count: number): Item[][] {
  if (items.length >= count) return choose(items, count);
  const slots = choose(
    Array.from({ length: count }, (_, i) => i),
    items.length,
  );
  return slots.map((places) => {
    const row: Item[] = new Array(count);
    for (const [i, place] of places.entries()) row[place] = items[i]!;
    return row;
  });
}

function choose<Item>(items: readonly Item[], count: number): Item[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) =>
    choose([...items.slice(0, i), ...items.slice(i + 1)], count - 1).map((rest) => [item, ...rest]),
  );
}

function arrangementCount(items: number, count: number): number {
  const larger = Math.max(items, count);
  const smaller = Math.min(items, count);
  let ways = 1;
  for (let i = 0; i < smaller; i++) ways *= larger - i;
  return ways;
}

function countHolding<Detection>(
  graph: LabelGraph,
  binding: readonly (Detection | undefined)[],
  holds: Holds<Detection>,
): number {
  let count = 0;
  for (const { subject, predicate, object } of graph.relations) {
    const s = binding[subject];
    const o = binding[object];
    if (s !== undefined && o !== undefined && holds(predicate, s, o)) count++;
  }
  return count;
}
