/** A history with its steps of undo, as a browser stores it, checked like any file. */
import * as v from 'valibot';
import { HISTORY_LIMIT, type History } from '#graph/history.ts';
import { boundedArray, parseWith } from './file-schema.ts';
import { parseSceneGraph } from './parse.ts';

const labelSchema = v.pipe(v.string('must be a text'), v.maxLength(400));
const stepsSchema = boundedArray(v.object({ label: labelSchema, graph: v.unknown() }), HISTORY_LIMIT);
const historySchema = v.object({ past: stepsSchema, present: v.unknown(), future: stepsSchema });

/** @throws GraphFormatError */
export function parseHistory(value: unknown): History {
  const stored = parseWith(historySchema, value, '');
  const stepsOf = (steps: typeof stored.past, at: string) =>
    steps.map(({ label, graph }, i) => ({ label, graph: parseSceneGraph(graph, `${at}[${i}].graph`) }));
  return {
    past: stepsOf(stored.past, 'past'),
    present: parseSceneGraph(stored.present, 'present'),
    future: stepsOf(stored.future, 'future'),
  };
}
