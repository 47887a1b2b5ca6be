/** Bounds for files from strangers, and the words our readers share. */
import * as v from 'valibot';
import { GRAPH_BOUNDS, tidyWord } from '#graph/bounds.ts';
import { GraphFormatError } from './graph-format-error.ts';

export const FILE_BOUNDS = {
  /** Of a whole file. A text of this many characters has at least as many bytes, so that one limit holds for both. */
  bytes: 32_000_000,
  graphs: 20_000,
  /** Objects and relations of all graphs, with what is left out of them: a second of reading and 250 MB, where 32 MB of `"a",` would be 2 GB. */
  elements: 1_000_000,
} as const;

/** A label, predicate or attribute, tidied up. */
export const wordSchema = v.pipe(
  v.string('must be a text'),
  v.transform(tidyWord),
  v.minLength(1, 'must not be empty'),
  v.maxLength(
    GRAPH_BOUNDS.word,
    (issue) => `has ${issue.received} characters, at most ${GRAPH_BOUNDS.word} are allowed`,
  ),
);

export const boundedArray = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(
    v.array(item, 'must be a list'),
    v.maxLength(most, (issue) => `has ${issue.received} entries, at most ${most} are allowed`),
  );

/** Of a foreign file, whose entries are checked one by one: an odd one is left out, and the file's size is the bound. */
export const listSchema = v.array(v.unknown(), 'must be a list');

export const idSchema = v.pipe(v.number('must be a number'), v.integer('must be a whole number'));

export const finiteNumber = v.pipe(v.number('must be a number'), v.finite('must be finite'));

/** Validates a value from a file; `at` is the path of the value itself. @throws GraphFormatError invalid-value or too-large */
export function parseWith<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  at: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw faultOf(result.issues[0], at);
}

/** The error that `parseWith` throws for an issue of a value at this path. */
export function faultOf(issue: v.BaseIssue<unknown>, at: string): GraphFormatError {
  const path = joinPath(at, pathOf(issue));
  const isMissing = issue.kind === 'schema' && issue.received === 'undefined';
  const message = isMissing ? 'is missing' : issue.message;
  const code = issue.type === 'max_length' ? 'too-large' : 'invalid-value';
  return new GraphFormatError(code, path, path === '' ? `the file ${message}` : message);
}

export function joinPath(at: string, rest: string): string {
  if (at === '' || rest === '' || rest.startsWith('[')) return at + rest;
  return `${at}.${rest}`;
}

/** "relations[3].object" */
function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map((item) => item.key);
  return keys.reduce<string>((path, key) => joinPath(path, typeof key === 'number' ? `[${key}]` : String(key)), '');
}
