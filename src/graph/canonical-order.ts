/**
 * An order of a graph's objects that depends on what the graph says and on nothing else: not on ids, positions or the order
 * in which things were drawn. Floating-point sums depend on their order, so the same picture needs the same order.
 *
 * Colour refinement (Weisfeiler and Leman 1968) by label, attributes and relations; what stays tied is individualised one object
 * at a time (as in McKay's nauty), taking the one whose refinement sorts first. Objects that an automorphism exchanges give the
 * same result whichever goes first. Only strongly regular patterns of equal labels could still tie unequal objects.
 */

export interface LabelledGraph {
  readonly objects: readonly { readonly label: string; readonly attributes: readonly string[] }[];
  /** Indices into objects. */
  readonly relations: readonly { readonly subject: number; readonly predicate: string; readonly object: number }[];
}

/** One relation as seen from an object: "→" when the object is the subject, "←" when it is the object. */
interface Link {
  readonly kind: string;
  readonly other: number;
}

/** Indices of the objects in canonical order. */
export function canonicalOrder(graph: LabelledGraph): number[] {
  const links = linksOf(graph);
  let colours = refine(rank(graph.objects.map(contentKey)), links);
  for (;;) {
    const tied = firstTie(colours);
    if (tied === undefined) break;
    colours = areTwins(tied, links) ? separateAll(colours, tied) : separateBest(colours, tied, links);
  }
  return [...colours.keys()].sort((a, b) => colours[a]! - colours[b]!);
}

function contentKey(object: LabelledGraph['objects'][number]): string {
  return JSON.stringify([object.label, [...object.attributes].sort(byCodeUnit)]);
}

function linksOf(graph: LabelledGraph): Link[][] {
  const links: Link[][] = graph.objects.map(() => []);
  for (const { subject, predicate, object } of graph.relations) {
    links[subject]?.push({ kind: `→${predicate}`, other: object });
    links[object]?.push({ kind: `←${predicate}`, other: subject });
  }
  return links;
}

/** Splits colours by what their neighbours' colours are until nothing splits any more. Order among old colours is kept. */
function refine(start: number[], links: readonly Link[][]): number[] {
  let colours = start;
  for (;;) {
    const keys = colours.map((colour, i) => {
      const seen = links[i]!.map((link) => `${link.kind}\u0000${pad(colours[link.other]!)}`).sort(byCodeUnit);
      return JSON.stringify([pad(colour), seen]);
    });
    const next = rank(keys);
    if (countOf(next) === countOf(colours)) return next;
    colours = next;
  }
}

/** Each key's colour: the number of keys that sort strictly before it, so that a colour class starts at its own place in the order. */
function rank(keys: readonly string[]): number[] {
  const sorted = [...keys].sort(byCodeUnit);
  const first = new Map<string, number>();
  for (const [place, key] of sorted.entries()) if (!first.has(key)) first.set(key, place);
  return keys.map((key) => first.get(key)!);
}

/** The members of the lowest colour that several objects share. */
function firstTie(colours: readonly number[]): number[] | undefined {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const shared = [...counts].filter(([, count]) => count > 1).map(([colour]) => colour);
  if (shared.length === 0) return undefined;
  const lowest = Math.min(...shared);
  return [...colours.keys()].filter((i) => colours[i] === lowest);
}

/** True when all have the very same neighbours outside the group and none inside it: any order of them is the same graph. */
function areTwins(group: readonly number[], links: readonly Link[][]): boolean {
  const inside = new Set(group);
  const keys = group.map((i) => {
    if (links[i]!.some((link) => inside.has(link.other))) return undefined;
    return JSON.stringify(links[i]!.map((link) => [link.kind, link.other].join('\u0000')).sort(byCodeUnit));
  });
  return keys[0] !== undefined && keys.every((key) => key === keys[0]);
}

function separateAll(colours: readonly number[], group: readonly number[]): number[] {
  const next = [...colours];
  for (const [offset, i] of group.entries()) next[i] = colours[i]! + offset;
  return next;
}

/** Puts one member of the group before the others: the one whose refined graph sorts first. */
function separateBest(colours: readonly number[], group: readonly number[], links: readonly Link[][]): number[] {
  let best: { readonly colours: number[]; readonly certificate: string } | undefined;
  for (const chosen of group) {
    const split = colours.map((colour, i) => (group.includes(i) && i !== chosen ? colour + 1 : colour));
    const refined = refine(split, links);
    const certificate = certificateOf(refined, links);
    if (best === undefined || certificate < best.certificate) best = { colours: refined, certificate };
  }
  return best!.colours;
}

function certificateOf(colours: readonly number[], links: readonly Link[][]): string {
  const rows = colours.map((colour, i) => {
    const seen = links[i]!.map((link) => `${link.kind}\u0000${pad(colours[link.other]!)}`).sort(byCodeUnit);
    return JSON.stringify([pad(colour), seen]);
  });
  return rows.sort(byCodeUnit).join('\n');
}

const countOf = (colours: readonly number[]): number => new Set(colours).size;

/** Fixed width, so that strings sort as the numbers do. */
const pad = (value: number): string => String(value).padStart(6, '0');

/** Never localeCompare: the order must be the same on every machine. */
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
