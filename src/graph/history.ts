/** Undo and redo as a pure value: one finished gesture is one step. Versions share their unchanged objects, so a step costs what it changed. */
import { type IdsGiven, idsGiven } from './ids.ts';
import type { SceneGraph } from './scene-graph.ts';

/** Older steps are forgotten. */
export const HISTORY_LIMIT = 500;
/** Characters of a step's label. */
export const HISTORY_LABEL = 400;

interface HistoryStep {
  /** What the gesture did: "Move sheep". */
  readonly label: string;
  /** The version on the other side of the step. */
  readonly graph: SceneGraph;
  readonly document: string;
}

/** Plain data: it survives JSON and structured clone. */
export interface History {
  /** What undo goes back to, the latest step last. */
  readonly past: readonly HistoryStep[];
  /** What is on the canvas. */
  readonly present: SceneGraph;
  /**
   * Id of the document that it is a version of. Opening a graph begins another one: only within a document does an id mean the same object.
   * Empty where nobody knows.
   */
  readonly document: string;
  /** Over all versions. */
  readonly given: IdsGiven;
  /** What redo goes on to, the next step last. */
  readonly future: readonly HistoryStep[];
}

export function createHistory(graph: SceneGraph, document = ''): History {
  return { past: [], present: graph, document, given: idsGiven(graph), future: [] };
}

/** One finished gesture. A gesture that ends where it began is no step, and redo stays possible. @param document that the graph is a version of */
export function record(history: History, graph: SceneGraph, label: string, document = history.document): History {
  const { past, present } = history;
  if (isSameGraph(graph, present)) return document === history.document ? history : { ...history, document };
  return {
    past: [...past, { label, graph: present, document: history.document }].slice(-HISTORY_LIMIT),
    present: graph,
    document,
    given: idsGiven(graph, history.given),
    future: [],
  };
}

/** Gives versions of which nobody knows the document the one named. */
export function withDocument(history: History, name: string): History {
  const known = <Version extends { readonly document: string }>(version: Version): Version =>
    version.document === '' ? { ...version, document: name } : version;
  return { ...known(history), past: history.past.map(known), future: history.future.map(known) };
}

/** Without a past nothing happens. */
export function undo(history: History): History {
  const { past, future } = history;
  const step = past.at(-1);
  if (step === undefined) return history;
  return { ...goTo(history, step), past: past.slice(0, -1), future: [...future, sideOf(history, step.label)] };
}

/** Without a future nothing happens. */
export function redo(history: History): History {
  const { past, future } = history;
  const step = future.at(-1);
  if (step === undefined) return history;
  return { ...goTo(history, step), past: [...past, sideOf(history, step.label)], future: future.slice(0, -1) };
}

const goTo = (history: History, { graph, document }: HistoryStep): History => ({
  ...history,
  present: graph,
  document,
});

const sideOf = ({ present, document }: History, label: string): HistoryStep => ({ label, graph: present, document });

export const canUndo = (history: History): boolean => history.past.length > 0;
export const canRedo = (history: History): boolean => history.future.length > 0;

/** By value: a node dragged away and back is where it was. */
export const isSameGraph = (a: SceneGraph, b: SceneGraph): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
