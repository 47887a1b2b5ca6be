/** The JSON of a file: as one value, one value a line, or carried by a drawing. */
import { carriedJson } from './carried-document.ts';
import { FILE_BOUNDS } from './checks/file-schema.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import type { LeftOut } from './checks/left-out.ts';
import { tooLarge } from './text-file.ts';

export interface ParsedText {
  readonly value: unknown;
  /** Of JSON lines, where each entry of the list stood: "line 3". */
  readonly lines?: readonly string[];
}

/** @throws GraphFormatError not-json, unknown-format or too-large */
export function parseText(text: string, leftOut: LeftOut): ParsedText {
  if (text.length > FILE_BOUNDS.bytes) throw tooLarge(text.length);
  const content = text.replace(/^\uFEFF/, '');
  const json = carriedJson(content) ?? content;
  if (json.trim() === '') throw new GraphFormatError('not-json', '', 'the file is empty: it is not JSON');
  try {
    return { value: JSON.parse(json) };
  } catch (error) {
    const parsed = parseLines(json, leftOut);
    if (parsed) return parsed;
    throw new GraphFormatError('not-json', '', `the file is not JSON: ${reasonOf(error)}`);
  }
}

/** A file is JSON lines when its first line is a whole record and not the last. */
function parseLines(text: string, leftOut: LeftOut): ParsedText | undefined {
  const values: unknown[] = [];
  const lines: string[] = [];
  for (const [number, line] of linesOf(text)) {
    if (number > FILE_BOUNDS.graphs) throw tooMany(`more than ${FILE_BOUNDS.graphs} lines`);
    try {
      values.push(JSON.parse(line));
      lines.push(`line ${number}`);
    } catch (error) {
      if (values.length === 0) return undefined;
      leftOut.add(() => `line ${number}: not JSON: ${reasonOf(error)}; it was skipped`, 'line: is not JSON');
    }
  }
  return typeof values[0] === 'object' && values[0] !== null ? { value: values, lines } : undefined;
}

/** With their numbers from 1; blank ones are passed over. One at a time: a file may be all line breaks. */
function* linesOf(text: string): Generator<readonly [number: number, line: string]> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? undefined : end);
    if (line.trim() !== '') yield [number, line];
    start = end < 0 ? text.length : end + 1;
  }
}

/** @param count "more than 20000 lines" */
export function tooMany(count: string): GraphFormatError {
  return new GraphFormatError('too-large', '', `the file holds ${count}, at most ${FILE_BOUNDS.graphs} are allowed`);
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
