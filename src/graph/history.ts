/**
 * Undo and redo as a pure value. Its vocabulary has three words:
 *   record   a finished gesture: one step to undo
 *   preview  a gesture under way (a node being dragged): shown, not yet a step
 *   never    a change that undo must not take back: it is made in every version
 * Versions share their unchanged objects, so a step costs what it changed.
 */
import * as v from 'valibot';
import { boundedArray, parseWith } from './files/file-schema.ts';
import { parseSceneGraph } from './files/parse.ts';
import type { SceneGraph } from './scene-graph.ts';

/** Older steps are forgotten. */
export const HISTORY_LIMIT = 500;

export interface HistoryStep {
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
  /** Where the gesture under way began; undefined between gestures. */
  readonly gestureStart: SceneGraph | undefined;
}

export function createHistory(graph: SceneGraph): History {
  return { past: [], present: graph, future: [], gestureStart: undefined };
}

/** One finished gesture. Back at where it began there is nothing to undo, and redo stays possible. */
export function record(history: History, graph: SceneGraph, label: string): History {
  const before = history.gestureStart ?? history.present;
  if (isSame(graph, before)) return { ...history, present: before, gestureStart: undefined };
  const past = [...history.past, { label, graph: before }].slice(-HISTORY_LIMIT);
  return { past, present: graph, future: [], gestureStart: undefined };
}

export function preview(history: History, graph: SceneGraph): History {
  return { ...history, present: graph, gestureStart: history.gestureStart ?? history.present };
}

/** Escape in the middle of a gesture. */
export function cancelPreview(history: History): History {
  if (history.gestureStart === undefined) return history;
  return { ...history, present: history.gestureStart, gestureStart: undefined };
}

/** @param change pure; applied to the present, the past and the future alike */
export function never(history: History, change: (graph: SceneGraph) => SceneGraph): History {
  const inStep = (step: HistoryStep): HistoryStep => ({ ...step, graph: change(step.graph) });
  return {
    past: history.past.map(inStep),
    present: change(history.present),
    future: history.future.map(inStep),
    gestureStart: history.gestureStart === undefined ? undefined : change(history.gestureStart),
  };
}

/** A gesture under way is given up first. Without a past nothing happens. */
export function undo(history: History): History {
  const { past, present, future } = cancelPreview(history);
  const step = past.at(-1);
  if (step === undefined) return cancelPreview(history);
  const next = { label: step.label, graph: present };
  return { past: past.slice(0, -1), present: step.graph, future: [...future, next], gestureStart: undefined };
}

export function redo(history: History): History {
  const { past, present, future } = cancelPreview(history);
  const step = future.at(-1);
  if (step === undefined) return cancelPreview(history);
  const last = { label: step.label, graph: present };
  return { past: [...past, last], present: step.graph, future: future.slice(0, -1), gestureStart: undefined };
}

export const canUndo = (history: History): boolean => history.past.length > 0;
export const canRedo = (history: History): boolean => history.future.length > 0;
export const undoLabel = (history: History): string | undefined => history.past.at(-1)?.label;
export const redoLabel = (history: History): string | undefined => history.future.at(-1)?.label;

/** By value: a node dragged away and back is where it was. */
const isSame = (a: SceneGraph, b: SceneGraph): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const labelSchema = v.pipe(v.string('must be a text'), v.maxLength(400));
const stepsSchema = boundedArray(v.object({ label: labelSchema, graph: v.unknown() }), HISTORY_LIMIT);
const historySchema = v.object({
  past: stepsSchema,
  present: v.unknown(),
  future: stepsSchema,
  gestureStart: v.optional(v.unknown()),
});

/** A history from storage, checked like any file; an unfinished gesture is given up. @throws GraphFormatError */
export function parseHistory(value: unknown): History {
  const stored = parseWith(historySchema, value, '');
  const stepsOf = (steps: typeof stored.past, at: string) =>
    steps.map(({ label, graph }, i) => ({ label, graph: parseSceneGraph(graph, `${at}[${i}].graph`) }));
  return {
    past: stepsOf(stored.past, 'past'),
    present: parseSceneGraph(stored.gestureStart ?? stored.present, 'present'),
    future: stepsOf(stored.future, 'future'),
    gestureStart: undefined,
  };
}
