/** Any file that may hold scene graphs → our documents. The one door for Open, drag and drop, paste, and --graph. */

import type { SceneGraph } from '#graph/scene-graph.ts';
import { FILE_BOUNDS, joinPath } from './file-schema.ts';
import { GraphFormatError } from './graph-format-error.ts';
import { parseSceneGraph } from './parse.ts';
import { type ImportedGraph, importSg2im } from './sg2im.ts';
import { importVisualGenome } from './visual-genome.ts';

export interface ReadGraphs {
  /** At least one. */
  readonly graphs: readonly SceneGraph[];
  /** What was left out, one sentence each. */
  readonly warnings: readonly string[];
}

const formats = ['sgraffito/scene-graph', 'sg2im', 'Visual Genome'] as const;

/**
 * @param text JSON: our document, an sg2im graph, a Visual Genome scene-graph record, or a list of these
 * @throws GraphFormatError
 */
export function readGraphs(text: string): ReadGraphs {
  return readGraphsOf(parseJson(text));
}

/** @throws GraphFormatError */
export function readGraphsOf(value: unknown): ReadGraphs {
  if (!Array.isArray(value)) {
    const { graph, warnings } = readOne(value, '');
    return { graphs: [graph], warnings };
  }
  if (value.length === 0)
    throw new GraphFormatError('invalid-value', '', 'the file holds an empty list; it needs at least one graph');
  if (value.length > FILE_BOUNDS.graphs) {
    throw new GraphFormatError(
      'too-large',
      '',
      `the file holds ${value.length} graphs, at most ${FILE_BOUNDS.graphs} are allowed`,
    );
  }
  const read = value.map((item, i) => readOne(item, `[${i}]`));
  return { graphs: read.map(({ graph }) => graph), warnings: read.flatMap(({ warnings }) => warnings) };
}

/** @throws GraphFormatError not-json or too-large */
export function parseJson(text: string): unknown {
  if (text.length > FILE_BOUNDS.text) {
    throw new GraphFormatError(
      'too-large',
      '',
      `the file has ${text.length} characters, at most ${FILE_BOUNDS.text} are allowed`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GraphFormatError('not-json', '', `the file is not JSON: ${reason.replace(/\s+/g, ' ')}`);
  }
}

/** Ours says so itself; the others are known by the shape of their objects. */
function readOne(value: unknown, at: string): ImportedGraph {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unknownFormat(at);
  if ('format' in value) return { graph: parseSceneGraph(value, at), warnings: [] };
  if (!('objects' in value) || !('relationships' in value)) throw unknownFormat(at);
  const { objects } = value;
  const isVisualGenome = Array.isArray(objects) && objects.length > 0 && typeof objects[0] === 'object';
  return isVisualGenome ? importVisualGenome(value, at) : importSg2im(value, at);
}

function unknownFormat(at: string): GraphFormatError {
  const message =
    'this is no scene graph: expected {"format": "sgraffito/scene-graph", …}, or "objects" and "relationships" as sg2im or Visual Genome write them';
  return new GraphFormatError('unknown-format', joinPath(at, ''), message, formats);
}
