/** Undo and redo as a pure value: one finished gesture is one step. Versions share their unchanged objects, so a step costs what it changed. */
import type { SceneGraph } from './scene-graph.ts';

/** Older steps are forgotten. */
export const HISTORY_LIMIT = 500;

interface HistoryStep {
  /** What the gesture did: "Move sheep". */
  readonly label: string;
  /** The version on the other side of the step. */
  readonly graph: SceneGraph;
}

/** Plain data: it survives JSON and structured clone. */
export interface History {
  /** What undo goes back to, the latest step last. */
  readonly past: readonly HistoryStep[];
  /** What is on the canvas. */
  readonly present: SceneGraph;
  /** What redo goes on to, the next step last. */
  readonly future: readonly HistoryStep[];
}

export function createHistory(graph: SceneGraph): History {
  return { past: [], present: graph, future: [] };
}

/** One finished gesture. A gesture that ends where it began is no step, and redo stays possible. */
export function record(history: History, graph: SceneGraph, label: string): History {
  const { past, present } = history;
  if (isSame(graph, present)) return history;
  return { past: [...past, { label, graph: present }].slice(-HISTORY_LIMIT), present: graph, future: [] };
}

/** Without a past nothing happens. */
export function undo(history: History): History {
  const { past, present, future } = history;
  const step = past.at(-1);
  if (step === undefined) return history;
  return { past: past.slice(0, -1), present: step.graph, future: [...future, { label: step.label, graph: present }] };
}

/** Without a future nothing happens. */
export function redo(history: History): History {
  const { past, present, future } = history;
  const step = future.at(-1);
  if (step === undefined) return history;
  return { past: [...past, { label: step.label, graph: present }], present: step.graph, future: future.slice(0, -1) };
}

export const canUndo = (history: History): boolean => history.past.length > 0;
export const canRedo = (history: History): boolean => history.future.length > 0;

/** By value: a node dragged away and back is where it was. */
const isSame = (a: SceneGraph, b: SceneGraph): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
