/** Several files opened together: each holds graphs of its own, except Visual Genome's, which hold parts of the same ones. */

import type { SceneGraph } from '#graph/scene-graph.ts';
import { GraphFormatError } from './graph-format-error.ts';
import { parseJson, readGraphsOf } from './read-graph.ts';
import { importVisualGenome } from './visual-genome.ts';
import { joinVisualGenome, type PartFile, partOf } from './visual-genome-join.ts';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

export interface FileFault {
  /** The file's name; of Visual Genome's parts the names of all. */
  readonly file: string;
  readonly message: string;
}

export interface ReadFiles {
  readonly graphs: readonly { readonly name: string; readonly graph: SceneGraph }[];
  /** What was left out, one sentence each. */
  readonly warnings: readonly string[];
  /** Files that could not be read; the others were. */
  readonly faults: readonly FileFault[];
}

/** Never throws for what is in a file: every fault is told with its file. */
export function readGraphFiles(files: readonly TextFile[]): ReadFiles {
  const graphs: ReadFiles['graphs'][number][] = [];
  const warnings: string[] = [];
  const faults: FileFault[] = [];
  const parts: PartFile[] = [];
  const attempt = (file: string, read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof GraphFormatError)) throw error;
      faults.push({ file, message: error.message });
    }
  };
  for (const { name, text } of files) {
    attempt(name, () => {
      const value = parseJson(text);
      const part = partOf(value);
      if (part !== undefined) {
        parts.push({ name, part, value });
        return;
      }
      const read = readGraphsOf(value);
      warnings.push(...read.warnings);
      const names = namesOfRecords(name, value, read.graphs.length);
      graphs.push(...read.graphs.map((graph, i) => ({ name: names[i]!, graph })));
    });
  }
  if (parts.length > 0) {
    attempt(parts.map(({ name }) => name).join(', '), () => {
      const joined = joinVisualGenome(parts);
      const read = joined.records.map(({ imageId, record }) => {
        const { graph, warnings: dropped } = importVisualGenome(record, `image ${imageId}`);
        return { name: `image ${imageId}`, graph, dropped };
      });
      graphs.push(...read.map(({ name, graph }) => ({ name, graph })));
      warnings.push(...joined.warnings, ...read.flatMap(({ dropped }) => dropped));
    });
  }
  return { graphs, warnings, faults };
}

/** A Visual Genome record has a number of its own; others are called after their file. */
function namesOfRecords(fileName: string, value: unknown, count: number): readonly string[] {
  const stem = fileName.replace(/\.[^.]*$/, '');
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return Array.from({ length: count }, (_, i) => {
    const record = values[i];
    const hasId = typeof record === 'object' && record !== null && 'image_id' in record;
    if (hasId && Number.isSafeInteger(record.image_id)) return `image ${record.image_id}`;
    return count === 1 ? stem : `${stem} ${i + 1}`;
  });
}
