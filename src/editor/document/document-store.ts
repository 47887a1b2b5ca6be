/** The document that is being edited: graph, undo, selection. Every change goes through `apply` and is one step of undo. */

import { create } from 'zustand';
import { sayError } from '#editor/interface/messages.ts';
import { createHistory, type History, record, redo, undo } from '#graph/history.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';

/** Ids in the order they were chosen: the first object of two is the subject of a new relation. */
export interface Selection {
  readonly objects: readonly string[];
  readonly relations: readonly string[];
}

const NOTHING_SELECTED: Selection = { objects: [], relations: [] };

interface DocumentState {
  /** Names saved files. */
  name: string;
  history: History;
  selection: Selection;
  clipboard: SceneGraph | null;
  /**
   * Records one gesture as one step. The edit is a pure function; when it throws, the graph stays as it is and the
   * user reads the message. Returns whether anything was done.
   */
  apply(label: string, edit: (graph: SceneGraph) => SceneGraph): boolean;
  undo(): void;
  redo(): void;
  select(selection: Partial<Selection>): void;
  copy(graph: SceneGraph): void;
  /** Replaces the document; itself one undoable step. */
  replace(name: string, graph: SceneGraph): void;
  /** Puts back a saved session with all of its steps. */
  restore(name: string, history: History): void;
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
  history: createHistory(EMPTY_SCENE_GRAPH),
  selection: NOTHING_SELECTED,
  clipboard: null,

  apply: (label, edit) => {
    const { history, selection } = get();
    try {
      const next = edit(history.present);
      if (next === history.present) return false;
      set({ history: record(history, next, label), selection: prune(selection, next) });
      return true;
    } catch (error) {
      sayError(error instanceof Error ? error.message : String(error));
      return false;
    }
  },
  undo: () =>
    set(({ history, selection }) => {
      const previous = undo(history);
      return { history: previous, selection: prune(selection, previous.present) };
    }),
  redo: () =>
    set(({ history, selection }) => {
      const next = redo(history);
      return { history: next, selection: prune(selection, next.present) };
    }),
  select: (change) => set(({ selection }) => ({ selection: { ...NOTHING_SELECTED, ...pick(change, selection) } })),
  copy: (graph) => set({ clipboard: graph }),
  replace: (name, graph) =>
    set(({ history }) => ({ name, history: record(history, graph, `Open ${name}`), selection: NOTHING_SELECTED })),
  restore: (name, history) => set({ name, history, selection: NOTHING_SELECTED }),
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

export function useGraph(): SceneGraph {
  return useDocument((state) => state.history.present);
}
