/** Our document inside a drawing of it, so that a saved SVG or DOT file can be opened again: one comment or element of ASCII JSON. */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { asciiJson } from './ascii-json.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';

const DOT_MARK = '// document: ';
/** At the beginning of a line: the name of a graph may hold anything else. */
const dotLine = /\n[ \t]*\/\/ document: ([^\n]*)/;
const SVG_MARK = '<metadata id="sgraffito-document">';

/** A line of DOT: to the end of the line it is a comment. */
export const dotComment = (graph: SceneGraph): string => `${DOT_MARK}${asciiJson(graph)}`;

/** An element that no program draws. */
export const svgMetadata = (graph: SceneGraph): string =>
  `${SVG_MARK}${asciiJson(graph).replace(/[&<>]/g, (letter) => entities[letter]!)}</metadata>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * The JSON that an SVG or DOT file carries; undefined for a text that is neither. What it holds is for the caller to check.
 * @throws GraphFormatError unknown-format when the drawing carries none
 */
export function carriedJson(text: string): string | undefined {
  if (/^\s*(?:strict\s+)?(?:di)?graph\b/i.test(text)) return dotLine.exec(text)?.[1] ?? refuse('DOT file');
  if (!/^\s*</.test(text)) return undefined;
  const start = text.indexOf(SVG_MARK);
  const end = text.indexOf('<', start + SVG_MARK.length);
  if (start < 0 || end < 0) return refuse(/<svg\b/.test(text) ? 'SVG drawing' : 'web page or XML document');
  return text
    .slice(start + SVG_MARK.length, end)
    .replace(/&(?:#(\d{1,3})|#x([\da-f]{1,2})|(amp|lt|gt|quot|apos));/gi, letterOf);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function letterOf(_: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return named[name.toLowerCase()]!;
  return String.fromCharCode(decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal));
}

function refuse(kind: string): never {
  const message = `the file is a ${kind} that carries no graph: only drawings that Sgraffito saved do, and some programs take it out`;
  throw new GraphFormatError('unknown-format', '', message);
}
