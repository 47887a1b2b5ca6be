/**
 * Everything the editor does to a graph, as pure functions. An edit that changes nothing returns the very graph it was given,
 * so that `===` says whether there is anything to undo.
 */
import { nearestPosition, tidyWord } from './bounds.ts';
import { freshIds, type IdsGiven, NO_IDS } from './ids.ts';
import { EMPTY_SCENE_GRAPH, type Relation, type SceneGraph, type SceneObject } from './scene-graph.ts';

export type Position = SceneObject['position'];

/** An edit that the document cannot hold. */
export class GraphEditError extends Error {
  override readonly name = 'GraphEditError';
  readonly code: 'unknown-object' | 'unknown-relation' | 'self-loop';

  constructor(code: GraphEditError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** @param given ids that the new one must not have, though nothing has them any more: so of every edit that adds */
export function addObject(
  graph: SceneGraph,
  object: { readonly label: string; readonly position: Position; readonly attributes?: readonly string[] },
  given: IdsGiven = NO_IDS,
): { readonly graph: SceneGraph; readonly id: string } {
  const id = freshIds('o', graph.objects, 1, given.objects)[0]!;
  const attributes = (object.attributes ?? []).map(tidyWord);
  const added = { id, label: tidyWord(object.label), attributes, position: nearestPosition(object.position) };
  return { graph: { ...graph, objects: [...graph.objects, added] }, id };
}

/** Removes objects and relations by id, and every relation of a removed object. */
export function remove(
  graph: SceneGraph,
  ids: { readonly objects?: Iterable<string>; readonly relations?: Iterable<string> },
): SceneGraph {
  const gone = new Set(ids.objects);
  const cut = new Set(ids.relations);
  const objects = graph.objects.filter((object) => !gone.has(object.id));
  const relations = graph.relations.filter((r) => !cut.has(r.id) && !gone.has(r.subject) && !gone.has(r.object));
  const isSame = objects.length === graph.objects.length && relations.length === graph.relations.length;
  return isSame ? graph : { ...graph, objects, relations };
}

/** @throws GraphEditError unknown-object */
export function relabelObject(graph: SceneGraph, id: string, to: string): SceneGraph {
  const label = tidyWord(to);
  return changeObject(graph, id, (object) => (object.label === label ? object : { ...object, label }));
}

/** @throws GraphEditError unknown-object */
export function setAttributes(graph: SceneGraph, id: string, words: readonly string[]): SceneGraph {
  const attributes = words.map(tidyWord);
  return changeObject(graph, id, (object) => {
    const isSame =
      object.attributes.length === attributes.length && attributes.every((a, i) => a === object.attributes[i]);
    return isSame ? object : { ...object, attributes };
  });
}

/** Moves the objects that the map names; others stay. */
export function moveObjects(graph: SceneGraph, positions: ReadonlyMap<string, Position>): SceneGraph {
  const objects = graph.objects.map((object) => {
    const wished = positions.get(object.id);
    const to = wished && nearestPosition(wished);
    if (to === undefined || (to.x === object.position.x && to.y === object.position.y)) return object;
    return { ...object, position: to };
  });
  return objects.every((object, i) => object === graph.objects[i]) ? graph : { ...graph, objects };
}

/**
 * A triple that is there already is not added again: its id comes back with the graph as it was.
 * @throws GraphEditError unknown-object or self-loop
 */
export function addRelation(
  graph: SceneGraph,
  relation: { readonly subject: string; readonly predicate: string; readonly object: string },
  given: IdsGiven = NO_IDS,
): { readonly graph: SceneGraph; readonly id: string } {
  const { subject, object } = relation;
  const predicate = tidyWord(relation.predicate);
  for (const id of [subject, object]) findObject(graph, id);
  if (subject === object) throw new GraphEditError('self-loop', 'An object cannot be related to itself.');
  const same = graph.relations.find((r) => r.subject === subject && r.predicate === predicate && r.object === object);
  if (same !== undefined) return { graph, id: same.id };
  const id = freshIds('r', graph.relations, 1, given.relations)[0]!;
  return { graph: { ...graph, relations: [...graph.relations, { id, subject, predicate, object }] }, id };
}

/** A new object that something is related to. @returns the relation's id */
export function addBranch(
  graph: SceneGraph,
  branch: {
    readonly subject: string;
    readonly predicate: string;
    readonly object: { readonly label: string; readonly position: Position; readonly attributes?: readonly string[] };
  },
  given: IdsGiven = NO_IDS,
): { readonly graph: SceneGraph; readonly id: string } {
  const { subject, predicate, object } = branch;
  const added = addObject(graph, object, given);
  return addRelation(added.graph, { subject, predicate, object: added.id }, given);
}

/** @throws GraphEditError unknown-relation */
export function relabelRelation(graph: SceneGraph, id: string, to: string): SceneGraph {
  const predicate = tidyWord(to);
  return changeRelation(graph, id, (relation) =>
    relation.predicate === predicate ? relation : { ...relation, predicate },
  );
}

/** "boy riding horse" → "horse riding boy". @throws GraphEditError unknown-relation */
export function swapRelation(graph: SceneGraph, id: string): SceneGraph {
  return changeRelation(graph, id, (relation) => ({ ...relation, subject: relation.object, object: relation.subject }));
}

/** The objects of these ids and the relations among them, as a document of its own: what the clipboard holds. */
export function copy(graph: SceneGraph, objectIds: Iterable<string>): SceneGraph {
  const chosen = new Set(objectIds);
  return {
    ...EMPTY_SCENE_GRAPH,
    objects: graph.objects.filter((object) => chosen.has(object.id)),
    relations: graph.relations.filter((r) => chosen.has(r.subject) && chosen.has(r.object)),
  };
}

export interface Pasted {
  readonly graph: SceneGraph;
  /** The new ids, in the order of the fragment. */
  readonly objectIds: readonly string[];
  readonly relationIds: readonly string[];
}

/** Adds a fragment under fresh ids, moved by `offset`. */
export function paste(graph: SceneGraph, fragment: SceneGraph, offset: Position, given: IdsGiven = NO_IDS): Pasted {
  const objectIds = freshIds('o', graph.objects, fragment.objects.length, given.objects);
  const relationIds = freshIds('r', graph.relations, fragment.relations.length, given.relations);
  const renamed = new Map(fragment.objects.map((object, i) => [object.id, objectIds[i]!]));
  const objects = fragment.objects.map((object, i) => ({
    ...object,
    id: objectIds[i]!,
    position: nearestPosition({ x: object.position.x + offset.x, y: object.position.y + offset.y }),
  }));
  const relations = fragment.relations.map((relation, i) => ({
    ...relation,
    id: relationIds[i]!,
    subject: renamed.get(relation.subject)!,
    object: renamed.get(relation.object)!,
  }));
  if (objects.length === 0) return { graph, objectIds, relationIds };
  const pasted = { ...graph, objects: [...graph.objects, ...objects], relations: [...graph.relations, ...relations] };
  return { graph: pasted, objectIds, relationIds };
}

export function duplicate(
  graph: SceneGraph,
  objectIds: Iterable<string>,
  offset: Position,
  given: IdsGiven = NO_IDS,
): Pasted {
  return paste(graph, copy(graph, objectIds), offset, given);
}

/** @throws GraphEditError unknown-object */
export function findObject(graph: SceneGraph, id: string): SceneObject {
  const object = graph.objects.find((candidate) => candidate.id === id);
  if (object === undefined) throw new GraphEditError('unknown-object', `No object has id ${id}.`);
  return object;
}

/** @throws GraphEditError unknown-relation */
export function findRelation(graph: SceneGraph, id: string): Relation {
  const relation = graph.relations.find((candidate) => candidate.id === id);
  if (relation === undefined) throw new GraphEditError('unknown-relation', `No relation has id ${id}.`);
  return relation;
}

function changeObject(graph: SceneGraph, id: string, change: (object: SceneObject) => SceneObject): SceneGraph {
  const before = findObject(graph, id);
  const after = change(before);
  if (after === before) return graph;
  return { ...graph, objects: graph.objects.map((object) => (object === before ? after : object)) };
}

function changeRelation(graph: SceneGraph, id: string, change: (relation: Relation) => Relation): SceneGraph {
  const before = findRelation(graph, id);
  const after = change(before);
  if (after === before) return graph;
  return { ...graph, relations: graph.relations.map((relation) => (relation === before ? after : relation)) };
}
