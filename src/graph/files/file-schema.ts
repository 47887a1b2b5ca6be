/** Bounds for files from strangers, and the words our readers share. A graph on screen has its own, tighter limits: the model's. */
import * as v from 'valibot';
import { GraphFormatError } from './graph-format-error.ts';

export const FILE_BOUNDS = {
  /** Characters of a whole file. */
  text: 32_000_000,
  graphs: 20_000,
  objects: 1_000,
  relations: 4_000,
  attributes: 16,
  /** Characters of an id, a label, an attribute or a predicate. */
  word: 64,
  /** CSS pixels from the canvas's origin. */
  position: 1_000_000,
} as const;

/** A label, predicate or attribute: inner and outer white space is tidied up, control characters are refused. */
export const wordSchema = v.pipe(
  v.string('must be a text'),
  v.maxLength(FILE_BOUNDS.word, (issue) => `has ${issue.received} characters, at most ${FILE_BOUNDS.word} are allowed`),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to keep out
  v.check((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text), 'must not hold control characters'),
  v.transform((text) => text.replace(/\s+/g, ' ').trim()),
  v.minLength(1, 'must not be empty'),
);

export const boundedArray = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(
    v.array(item, 'must be a list'),
    v.maxLength(most, (issue) => `has ${issue.received} entries, at most ${most} are allowed`),
  );

export const finiteNumber = v.pipe(v.number('must be a number'), v.finite('must be finite'));

/** Validates a value from a file; `at` is the path of the value itself. @throws GraphFormatError invalid-value or too-large */
export function parseWith<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  at: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = joinPath(at, pathOf(issue));
  const isMissing = issue.kind === 'schema' && issue.received === 'undefined';
  const message = isMissing ? 'is missing' : issue.message;
  const code = issue.type === 'max_length' ? 'too-large' : 'invalid-value';
  throw new GraphFormatError(code, path, path === '' ? `the file ${message}` : message);
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
