/** Any text that may hold scene graphs → our documents. The one door for Open, drag and drop, paste, and --graph. */

import type { SceneGraph } from '#graph/scene-graph.ts';
import { FILE_BOUNDS, joinPath } from './checks/file-schema.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import { LeftOut } from './checks/left-out.ts';
import { laidOut } from './datasets/annotated-picture.ts';
import { isGqaFile, isGqaRecord, readGqa } from './datasets/gqa.ts';
import { readLaionSg } from './datasets/laion-sg.ts';
import { isPsgFile, parsePsg, readPsg } from './datasets/psg.ts';
import { readRegionGraphs, readVisualGenome } from './datasets/visual-genome.ts';
import { parseSceneGraph } from './parse.ts';
import { type ParsedText, parseText, tooMany } from './parse-text.ts';
import { importSg2im } from './sg2im.ts';

export interface ReadGraphs {
  /** At least one. */
  readonly graphs: readonly SceneGraph[];
  /** What was left out, one sentence each, the first hundred of them. */
  readonly warnings: readonly string[];
}

export interface ReadRecord {
  /** Undefined for a record that has none of its own. */
  readonly name: string | undefined;
  /** Its place among the records of the file, from 0. */
  readonly index: number;
  readonly graph: SceneGraph;
}

const formats = ['sgraffito/scene-graph', 'sg2im', 'Visual Genome', 'GQA', 'PSG', 'LAION-SG'] as const;

/** @param text JSON, JSON lines, or a drawing of ours. @throws GraphFormatError */
export function readGraphs(text: string): ReadGraphs {
  const leftOut = new LeftOut();
  const records = readRecords(parseText(text, leftOut), leftOut);
  return { graphs: records.map(({ graph }) => graph), warnings: leftOut.sentences };
}

interface UnreadRecord {
  readonly name: string | undefined;
  readonly read: () => SceneGraph;
}

/**
 * A record at fault is skipped and told, as long as another can be read.
 * @throws GraphFormatError the first fault, when no record can be read
 */
export function readRecords(parsed: ParsedText, leftOut: LeftOut): readonly ReadRecord[] {
  const unread = recordsOf(parsed, leftOut);
  if (unread.length === 0)
    throw new GraphFormatError('invalid-value', '', 'the file holds an empty list; it needs at least one graph');
  return readEach(unread, leftOut);
}

/** As `readRecords`, of records that were found already. @throws GraphFormatError */
export function readEach(unread: readonly UnreadRecord[], leftOut: LeftOut): readonly ReadRecord[] {
  const records: ReadRecord[] = [];
  let firstFault: GraphFormatError | undefined;
  let elements = 0;
  for (const [index, { name, read }] of unread.entries()) {
    if (elements + leftOut.count > FILE_BOUNDS.elements) {
      const rest = unread.length - index;
      leftOut.add(
        () => `the last ${rest} graphs were skipped: those before hold a million objects and relations`,
        'graph: beyond the millionth object',
      );
      break;
    }
    try {
      const graph = read();
      elements += graph.objects.length + graph.relations.length;
      records.push({ name, index, graph });
    } catch (error) {
      if (!(error instanceof GraphFormatError)) throw error;
      firstFault ??= error;
      leftOut.add(() => `${error.message}; this graph was skipped`, 'record: cannot be read');
    }
  }
  if (records.length === 0 && firstFault) throw firstFault;
  return records;
}

function recordsOf({ value, lines }: ParsedText, leftOut: LeftOut): readonly UnreadRecord[] {
  if (isPsgFile(value)) {
    const file = parsePsg(value);
    checkCount(file.records.length);
    return file.records.map((record, i) => {
      const at = `data[${i}]`;
      return { name: nameOf(record), read: () => laidOut(readPsg(file, record, at, leftOut)) };
    });
  }
  if (isGqaFile(value)) {
    const entries = Object.entries(value);
    checkCount(entries.length);
    return entries.map(([id, record]) => {
      const name = `image ${id.slice(0, 64)}`;
      return { name, read: () => laidOut(readGqa(record, name, leftOut)) };
    });
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  checkCount(list.length);
  return list.map((record, i) => {
    const at = Array.isArray(value) ? (lines?.[i] ?? `[${i}]`) : '';
    return { name: nameOf(record), read: () => readOne(record, at, leftOut) };
  });
}

function checkCount(graphs: number): void {
  if (graphs > FILE_BOUNDS.graphs) throw tooMany(`${graphs} graphs`);
}

/** Ours says so itself; the others are known by the names of their fields. */
function readOne(value: unknown, at: string, leftOut: LeftOut): SceneGraph {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unknownFormat(at);
  if ('format' in value) return parseSceneGraph(value, at);
  if ('regions' in value) return laidOut(readRegionGraphs(value, at, leftOut));
  if ('items' in value && 'relations' in value) return laidOut(readLaionSg(value, at, leftOut));
  if (isGqaRecord(value)) return laidOut(readGqa(value, at, leftOut));
  if (!('objects' in value) || !('relationships' in value)) throw unknownFormat(at);
  const { objects } = value;
  const isVisualGenome = Array.isArray(objects) && objects.length > 0 && typeof objects[0] === 'object';
  return isVisualGenome ? laidOut(readVisualGenome(value, at, leftOut)) : importSg2im(value, at, leftOut);
}

/** Records of data sets carry the number of their image. */
function nameOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const id = 'image_id' in record ? record.image_id : 'img_id' in record ? record.img_id : undefined;
  const isId = Number.isSafeInteger(id) || (typeof id === 'string' && id !== '' && id.length <= 64);
  return isId ? `image ${id}` : undefined;
}

function unknownFormat(at: string): GraphFormatError {
  const message =
    'this is no scene graph: expected {"format": "sgraffito/scene-graph", …}, "objects" and "relationships" as sg2im or Visual Genome write them, or a file of GQA, PSG or LAION-SG';
  return new GraphFormatError('unknown-format', joinPath(at, ''), message, formats);
}
