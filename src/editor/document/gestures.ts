/** What the hand does to the document, in the user's words: each function is one gesture and one step of undo. */

import { sayError } from '#editor/interface/messages.ts';
import {
  addObject,
  addRelation,
  duplicate,
  findObject,
  moveObjects,
  type Position,
  paste,
  relabelObject,
  relabelRelation,
  remove,
  setAttributes,
} from '#graph/edits.ts';
import { FILE_BOUNDS } from '#graph/files/file-schema.ts';
import { applyPerturbation, type Perturbation } from '#graph/perturb.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { currentGraph, useDocument } from './document-store.ts';

const store = () => useDocument.getState();

/** Adds an object and selects it. */
export function createObject(label: string, position: Position): void {
  let id = '';
  const done = store().apply(`Add ${label}`, (graph) => {
    const added = addObject(graph, { label, position });
    id = added.id;
    return added.graph;
  });
  if (done) store().select({ objects: [id] });
}

/** Adds a relation and selects it; one that is there already is only selected. */
export function relate(subject: string, predicate: string, object: string): void {
  let id = '';
  store().apply(`Relate: ${predicate}`, (graph) => {
    const added = addRelation(graph, { subject, predicate, object });
    id = added.id;
    return added.graph;
  });
  if (id !== '') store().select({ relations: [id] });
}

/** A new object at the loose end of a connection, with its relation: one step. */
export function branch(subject: string, predicate: string, label: string, position: Position): void {
  let relation = '';
  const done = store().apply(`Add ${label}`, (graph) => {
    const added = addObject(graph, { label, position });
    const related = addRelation(added.graph, { subject, predicate, object: added.id });
    relation = related.id;
    return related.graph;
  });
  if (done) store().select({ relations: [relation] });
}

export function relabel(id: string, label: string): void {
  store().apply(`Relabel to ${label}`, (graph) => relabelObject(graph, id, label));
}

export function changePredicate(id: string, predicate: string): void {
  store().apply(`Change to ${predicate}`, (graph) => relabelRelation(graph, id, predicate));
}

export function toggleAttribute(ids: readonly string[], attribute: string): void {
  const objects = currentGraph().objects.filter(({ id }) => ids.includes(id));
  const full = objects.find(
    ({ attributes }) => attributes.length >= FILE_BOUNDS.attributes && !attributes.includes(attribute),
  );
  if (full) {
    sayError(
      `“${full.label}” has ${FILE_BOUNDS.attributes} attributes, as many as a file may hold. Take one away first.`,
    );
    return;
  }
  store().apply(`Toggle ${attribute}`, (graph) => {
    const all = ids.every((id) => findObject(graph, id).attributes.includes(attribute));
    return ids.reduce((next, id) => {
      const rest = findObject(next, id).attributes.filter((word) => word !== attribute);
      return setAttributes(next, id, all ? rest : [...rest, attribute]);
    }, graph);
  });
}

const perturbationLabels: Readonly<Record<Perturbation['kind'], string>> = {
  predicate: 'Change relation',
  opposite: 'Turn to the opposite',
  swap: 'Swap subject and object',
  remove: 'Remove relation',
};

export function perturb(relationId: string, perturbation: Perturbation): void {
  store().apply(perturbationLabels[perturbation.kind], (graph) => applyPerturbation(graph, relationId, perturbation));
}

/** Ends a drag: the objects' new places. */
export function move(
  positions: ReadonlyMap<string, Position>,
  label = positions.size === 1 ? 'Move object' : 'Move objects',
): void {
  store().apply(label, (graph) => moveObjects(graph, positions));
}

export function nudge(ids: readonly string[], dx: number, dy: number): void {
  const graph = currentGraph();
  const places = ids.map((id) => findObject(graph, id).position);
  move(new Map(ids.map((id, i) => [id, { x: places[i]!.x + dx, y: places[i]!.y + dy }])));
}

export function removeSelection(): void {
  const { selection, apply } = store();
  const count = selection.objects.length + selection.relations.length;
  apply(count === 1 ? 'Remove' : `Remove ${count} elements`, (graph) => remove(graph, selection));
}

export function duplicateSelection(): void {
  insert((graph, offset) => duplicate(graph, store().selection.objects, offset), 'Duplicate');
}

export function pasteFragment(fragment: SceneGraph): void {
  insert((graph, offset) => paste(graph, fragment, offset), 'Paste');
}

const PASTE_OFFSET: Position = { x: 32, y: 32 };

function insert(edit: (graph: SceneGraph, offset: Position) => ReturnType<typeof paste>, label: string): void {
  let ids: readonly string[] = [];
  const done = store().apply(label, (graph) => {
    const pasted = edit(graph, PASTE_OFFSET);
    ids = pasted.objectIds;
    return pasted.graph;
  });
  if (done) store().select({ objects: ids });
}
