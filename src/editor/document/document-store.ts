/** The document that is being edited: graph, undo, selection. Every change goes through `apply` and is one step of undo. */

import { create } from 'zustand';
import { sayError } from '#editor/interface/messages.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import { withinBounds } from '#graph/bounds.ts';
import {
  createHistory,
  HISTORY_LABEL,
  type History,
  isSameGraph,
  record,
  redo,
  undo,
  withDocument,
} from '#graph/history.ts';
import type { IdsGiven } from '#graph/ids.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';

/** Ids in the order they were chosen: the first object of two is the subject of a new relation. */
export interface Selection {
  readonly objects: readonly string[];
  readonly relations: readonly string[];
}

const NOTHING_SELECTED: Selection = { objects: [], relations: [] };

/** Characters of a document's name; a file's may be longer. */
export const MAX_DOCUMENT_NAME = 200;

/** What is known of a document beside its graph. */
export interface DocumentFacts {
  readonly name: string;
  /** Where it is in the browser's list of graphs, and the version there that it goes on from. */
  readonly kept?: { readonly entry: string; readonly revision: string } | undefined;
}

interface DocumentState {
  /** Names the tab and saved files. */
  name: string;
  /** By the ids of documents: of the one on the canvas, and of others that undo may lead back to. */
  documents: Readonly<Record<string, DocumentFacts>>;
  history: History;
  selection: Selection;
  clipboard: SceneGraph | null;
  /**
   * Records one gesture as one step. The edit is a pure function; when it throws, or makes more of the graph than a document
   * may hold, the graph stays as it is and the user reads the message. Returns whether anything was done.
   * @param edit is told the ids that were given before
   * @param document that the graph becomes a version of, where it is another one
   */
  apply(label: string, edit: (graph: SceneGraph, given: IdsGiven) => SceneGraph, document?: string): boolean;
  undo(): void;
  redo(): void;
  select(selection: Partial<Selection>): void;
  copy(graph: SceneGraph): void;
  /** An empty name changes nothing. */
  rename(name: string): void;
  /** Replaces the document by another one; itself one undoable step. @param document its id, where it was here before */
  replace(name: string, graph: SceneGraph, document?: string): void;
  /** Puts back a saved session with all of its steps. */
  restore(name: string, history: History, documents?: DocumentState['documents']): void;
  /** What came to be known of a document, on the canvas or not. */
  know(document: string, facts: Partial<DocumentFacts>): void;
}

/** Drops ids that the graph no longer holds. */
function prune(selection: Selection, graph: SceneGraph): Selection {
  const objects = new Set(graph.objects.map((object) => object.id));
  const relations = new Set(graph.relations.map((relation) => relation.id));
  return {
    objects: selection.objects.filter((id) => objects.has(id)),
    relations: selection.relations.filter((id) => relations.has(id)),
  };
}

export const useDocument = create<DocumentState>()((set, get) => ({
  name: 'Untitled',
  documents: {},
  history: createHistory(EMPTY_SCENE_GRAPH, freshId()),
  selection: NOTHING_SELECTED,
  clipboard: null,

  apply: (label, edit, document) => {
    const { history, selection, name, documents } = get();
    try {
      const graph = withinBounds(edit(history.present, history.given));
      const next = record(history, graph, label.slice(0, HISTORY_LABEL), document);
      if (next === history) return false;
      set({
        history: next,
        selection: prune(selection, graph),
        name: documents[next.document]?.name ?? name,
        // Of what is left, too: undo leads back to it.
        documents: { [history.document]: { name }, ...documents },
      });
      return true;
    } catch (error) {
      sayError(error instanceof Error ? error.message : String(error));
      return false;
    }
  },
  undo: () =>
    set(({ history, selection, name, documents }) => {
      const previous = undo(history);
      const title = documents[previous.document]?.name ?? name;
      return { history: previous, selection: prune(selection, previous.present), name: title };
    }),
  redo: () =>
    set(({ history, selection, name, documents }) => {
      const next = redo(history);
      const title = documents[next.document]?.name ?? name;
      return { history: next, selection: prune(selection, next.present), name: title };
    }),
  select: (change) => set(({ selection }) => ({ selection: { ...NOTHING_SELECTED, ...pick(change, selection) } })),
  copy: (graph) => set({ clipboard: graph }),
  rename: (title) => {
    const name = title.trim().slice(0, MAX_DOCUMENT_NAME);
    if (name !== '') get().know(currentDocument(), { name });
  },
  replace: (title, graph, document) => {
    const name = title.slice(0, MAX_DOCUMENT_NAME);
    const { apply, history, know } = get();
    // The very graph that is on the canvas is no other document, unless it is said to be.
    const isHere = isSameGraph(graph, history.present) && (document === undefined || document === history.document);
    const id = isHere ? history.document : (document ?? freshId());
    if (isHere || apply(`Open ${name}`, () => graph, id)) {
      know(id, { name });
      set({ selection: NOTHING_SELECTED });
    }
  },
  restore: (title, given, documents = {}) => {
    const name = title.slice(0, MAX_DOCUMENT_NAME);
    const history = withDocument(given, freshId());
    set({ name, history, documents, selection: NOTHING_SELECTED });
    get().know(history.document, { name });
  },
  know: (document, facts) =>
    set(({ documents, name, history }) => {
      const before = documents[document] ?? { name };
      const isHere = document === history.document;
      return {
        documents: { ...documents, [document]: { ...before, ...facts } },
        name: isHere ? (facts.name ?? name) : name,
      };
    }),
}));

/** Keeps the old array when the new one holds the same ids, so that nothing re-renders for nothing. */
function pick(change: Partial<Selection>, current: Selection): Partial<Selection> {
  const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id, i) => id === b[i]);
  const objects = change.objects ?? [];
  const relations = change.relations ?? [];
  return {
    objects: same(objects, current.objects) ? current.objects : objects,
    relations: same(relations, current.relations) ? current.relations : relations,
  };
}

export function currentGraph(): SceneGraph {
  return useDocument.getState().history.present;
}

/** Id of the document on the canvas. */
export function currentDocument(): string {
  return useDocument.getState().history.document;
}

export function useGraph(): SceneGraph {
  return useDocument((state) => state.history.present);
}
