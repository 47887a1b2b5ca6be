/** A history with its steps of undo, as a browser stores it, checked like any file. */
import * as v from 'valibot';
import { HISTORY_LABEL, HISTORY_LIMIT, type History } from '#graph/history.ts';
import { idsGiven, NO_IDS } from '#graph/ids.ts';
import { boundedArray, parseWith } from './checks/file-schema.ts';
import { parseSceneGraph } from './parse.ts';

const labelSchema = v.pipe(v.string('must be a text'), v.maxLength(HISTORY_LABEL));
/** Earlier versions knew of no documents and no ids given. */
const documentSchema = v.optional(v.pipe(v.string('must be a text'), v.maxLength(64)), '');
const stepsSchema = boundedArray(
  v.object({ label: labelSchema, graph: v.unknown(), document: documentSchema }),
  HISTORY_LIMIT,
);
const numberSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999_999));
const historySchema = v.object({
  past: stepsSchema,
  present: v.unknown(),
  document: documentSchema,
  given: v.optional(v.object({ objects: numberSchema, relations: numberSchema }), NO_IDS),
  future: stepsSchema,
});

/** @throws GraphFormatError */
export function parseHistory(value: unknown): History {
  const stored = parseWith(historySchema, value, '');
  const stepsOf = (steps: typeof stored.past, at: string) =>
    steps.map(({ graph, ...step }, i) => ({ ...step, graph: parseSceneGraph(graph, `${at}[${i}].graph`) }));
  const past = stepsOf(stored.past, 'past');
  const present = parseSceneGraph(stored.present, 'present');
  const future = stepsOf(stored.future, 'future');
  const versions = [present, ...[...past, ...future].map(({ graph }) => graph)];
  const given = versions.reduce((before, graph) => idsGiven(graph, before), stored.given);
  return { past, present, document: stored.document, given, future };
}
