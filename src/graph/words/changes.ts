/** What is different between two graphs of one document: what a comparison names, and what "keep the rest" may paint anew. */

import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { namesOf } from './describe.ts';

/** Ids of nodes and edges of one graph. */
interface Elements {
  readonly objects: readonly string[];
  readonly relations: readonly string[];
}

export interface GraphChanges {
  /** One per change, in words: "sheep left of tree → sheep right of tree", "cat added". Empty when both mean the same. */
  readonly sentences: readonly string[];
  /** The same in the same order, as short as there is room for on an edge of the history: "left of → right of", "+ cat", "− cat". */
  readonly labels: readonly string[];
  /** What a change reaches in the graph before: the changed or removed nodes and edges, and the ends of these edges. */
  readonly before: Elements;
  /** The same in the graph after, with what was added. */
  readonly after: Elements;
}

/**
 * Objects are the same by id, relations by what they say or else by id. Places on the canvas and the order of anything are no change,
 * for they never reach the picture.
 */
export function changesBetween(before: SceneGraph, after: SceneGraph): GraphChanges {
  const objects = pairs(before.objects, after.objects, (object) => object.id).filter(
    ([old, now]) => !old || !now || meaningOf(old) !== meaningOf(now),
  );
  const triples = (graph: SceneGraph) => new Set(graph.relations.map(tripleOf));
  const [said, says] = [triples(before), triples(after)];
  const relations = pairs(
    before.relations.filter((relation) => !says.has(tripleOf(relation))),
    after.relations.filter((relation) => !said.has(tripleOf(relation))),
    (relation) => relation.id,
  );
  const [oldName, newName] = [namer(before), namer(after)];
  return {
    sentences: [
      ...objects.map(([old, now]) => change(old && oldName(old.id), now && newName(now.id))),
      ...relations.map(([old, now]) => change(old && sentence(old, oldName), now && sentence(now, newName))),
    ],
    labels: [
      ...objects.map(([old, now]) => label(old && oldName(old.id), now && newName(now.id))),
      ...relations.map(
        ([old, now]) => relationLabel(old, now) ?? change(sentence(old!, oldName), sentence(now!, newName)),
      ),
    ],
    before: reachOf(before, objects.map(first), relations.map(first)),
    after: reachOf(after, objects.map(second), relations.map(second)),
  };
}

type Pair<Element> = readonly [Element | undefined, Element | undefined];

const first = <Element>([element]: Pair<Element>) => element;
const second = <Element>([, element]: Pair<Element>) => element;

/** Everything of both lists: with its partner of the same key, or alone. */
function pairs<Element>(
  before: readonly Element[],
  after: readonly Element[],
  keyOf: (element: Element) => string,
): Pair<Element>[] {
  const partners = new Map(after.map((element) => [keyOf(element), element]));
  const known = new Set(before.map(keyOf));
  return [
    ...before.map((element): Pair<Element> => [element, partners.get(keyOf(element))]),
    ...after.filter((element) => !known.has(keyOf(element))).map((element): Pair<Element> => [undefined, element]),
  ];
}

const meaningOf = ({ label, attributes }: SceneObject): string => JSON.stringify([label, ...[...attributes].sort()]);

const tripleOf = ({ subject, predicate, object }: Relation): string => JSON.stringify([subject, predicate, object]);

function namer(graph: SceneGraph): (id: string) => string {
  const names = namesOf(graph);
  return (id) => names.get(id) ?? '?';
}

const sentence = ({ subject, predicate, object }: Relation, nameOf: (id: string) => string): string =>
  `${nameOf(subject)} ${predicate} ${nameOf(object)}`;

function change(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${after} added`;
  return after === undefined ? `${before} removed` : `${before} → ${after}`;
}

function label(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `+ ${after}`;
  return after === undefined ? `− ${before}` : `${before} → ${after}`;
}

/** @returns undefined where only the whole sentences tell what changed */
function relationLabel(before: Relation | undefined, after: Relation | undefined): string | undefined {
  if (!before || !after) return label(before?.predicate, after?.predicate);
  if (before.subject === after.subject && before.object === after.object)
    return label(before.predicate, after.predicate);
  const isSwapped = before.subject === after.object && before.object === after.subject;
  return isSwapped && before.predicate === after.predicate ? `${after.predicate}, swapped` : undefined;
}

/** A changed edge reaches its two ends. */
function reachOf(
  graph: SceneGraph,
  objects: readonly (SceneObject | undefined)[],
  relations: readonly (Relation | undefined)[],
): Elements {
  const edges = relations.filter((relation) => relation !== undefined);
  const reached = new Set([
    ...objects.flatMap((object) => (object ? [object.id] : [])),
    ...edges.flatMap(({ subject, object }) => [subject, object]),
  ]);
  return {
    objects: graph.objects.map(({ id }) => id).filter((id) => reached.has(id)),
    relations: edges.map(({ id }) => id),
  };
}
