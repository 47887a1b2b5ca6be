/** What the hand does to the document, in the user's words: each function is one gesture and one step of undo. */

import { tidyWord } from '#graph/bounds.ts';
import {
  addBranch,
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
import type { IdsGiven } from '#graph/ids.ts';
import { applyPerturbation, type Perturbation } from '#graph/perturb.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Phrase } from '#graph/words/phrase.ts';
import { currentGraph, useDocument } from './document-store.ts';

const store = () => useDocument.getState();

/** Adds an object and selects it. */
export function createObject(label: string, position: Position): void {
  createObjects({ label, attributes: [], count: 1 }, position);
}

/** From one of a kind to the next. */
const STRIDE = 150;

/** Adds what a phrase says, in a row, and selects it. */
export function createObjects({ label, attributes, count }: Phrase, { x, y }: Position): void {
  let ids: readonly string[] = [];
  const done = store().apply(`Add ${label}`, (graph, given) => {
    let next = graph;
    ids = Array.from({ length: count }, (_, i) => {
      const added = addObject(next, { label, attributes, position: { x: x + i * STRIDE, y } }, given);
      next = added.graph;
      return added.id;
    });
    return next;
  });
  if (done) store().select({ objects: ids });
}

/** Adds a relation and selects it; one that is there already is only selected. */
export function relate(subject: string, predicate: string, object: string): void {
  let id = '';
  store().apply(`Relate: ${predicate}`, (graph, given) => {
    const added = addRelation(graph, { subject, predicate, object }, given);
    id = added.id;
    return added.graph;
  });
  if (id !== '') store().select({ relations: [id] });
}

/** A new object at the loose end of a connection, with its relation: one step. */
export function branch(
  subject: string,
  predicate: string,
  { label, attributes }: Pick<Phrase, 'label' | 'attributes'>,
  position: Position,
): void {
  let relation = '';
  const done = store().apply(`Add ${label}`, (graph, given) => {
    const added = addBranch(graph, { subject, predicate, object: { label, attributes, position } }, given);
    relation = added.id;
    return added.graph;
  });
  if (done) store().select({ relations: [relation] });
}

export function relabel(id: string, label: string): void {
  store().apply(`Relabel to ${label}`, (graph) => relabelObject(graph, id, label));
}

export function describeAs(id: string, { label, attributes }: Pick<Phrase, 'label' | 'attributes'>): void {
  store().apply(`Relabel to ${[...attributes, label].join(' ')}`, (graph) =>
    setAttributes(relabelObject(graph, id, label), id, attributes),
  );
}

export function changePredicate(id: string, predicate: string): void {
  store().apply(`Change to ${predicate}`, (graph) => relabelRelation(graph, id, predicate));
}

export function toggleAttribute(ids: readonly string[], word: string): void {
  const attribute = tidyWord(word);
  store().apply(`Toggle ${attribute}`, (graph) => {
    const all = ids.every((id) => findObject(graph, id).attributes.includes(attribute));
    return ids.reduce((next, id) => {
      const rest = findObject(next, id).attributes.filter((other) => other !== attribute);
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
  insert((graph, given) => duplicate(graph, store().selection.objects, PASTE_OFFSET, given), 'Duplicate');
}

export function pasteFragment(fragment: SceneGraph): void {
  insert((graph, given) => paste(graph, fragment, PASTE_OFFSET, given), 'Paste');
}

const PASTE_OFFSET: Position = { x: 32, y: 32 };

function insert(edit: (graph: SceneGraph, given: IdsGiven) => ReturnType<typeof paste>, label: string): void {
  let ids: readonly string[] = [];
  const done = store().apply(label, (graph, given) => {
    const pasted = edit(graph, given);
    ids = pasted.objectIds;
    return pasted.graph;
  });
  if (done) store().select({ objects: ids });
}
