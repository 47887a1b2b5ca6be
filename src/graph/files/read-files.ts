/** Several files opened together: each holds graphs of its own, except Visual Genome's, which hold parts of the same ones. */

import type { SceneGraph } from '#graph/scene-graph.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import { LeftOut } from './checks/left-out.ts';
import { laidOut } from './datasets/annotated-picture.ts';
import { readVisualGenome } from './datasets/visual-genome.ts';
import { joinVisualGenome, type PartFile, partOf } from './datasets/visual-genome-join.ts';
import { parseText } from './parse-text.ts';
import { readEach, readRecords } from './read-graph.ts';

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
  /** What was left out, one sentence each, the first hundred of each file. */
  readonly warnings: readonly string[];
  /** How many things were left out. */
  readonly leftOut: number;
  /** Files that could not be read; the others were. */
  readonly faults: readonly FileFault[];
}

/** Never throws for what is in a file: every fault is told with its file. */
export function readGraphFiles(files: readonly TextFile[]): ReadFiles {
  const graphs: ReadFiles['graphs'][number][] = [];
  const warnings: string[] = [];
  let count = 0;
  const faults: FileFault[] = [];
  const parts: PartFile[] = [];
  const attempt = (file: string, read: (leftOut: LeftOut) => void) => {
    const leftOut = new LeftOut();
    try {
      read(leftOut);
      count += leftOut.count;
      warnings.push(...leftOut.sentences.map((sentence) => (files.length > 1 ? `${file}: ${sentence}` : sentence)));
    } catch (error) {
      if (!(error instanceof GraphFormatError)) throw error;
      faults.push({ file, message: error.message });
    }
  };
  for (const { name, text } of files) {
    attempt(name, (leftOut) => {
      const parsed = parseText(text, leftOut);
      const { value } = parsed;
      const part = partOf(value);
      if (part !== undefined) {
        parts.push({ name, part, value });
        return;
      }
      const records = readRecords(parsed, leftOut);
      const stem = name.replace(/\.[^.]*$/, '');
      for (const { name: own, index, graph } of records) {
        graphs.push({ name: own ?? (records.length === 1 ? stem : `${stem} ${index + 1}`), graph });
      }
    });
  }
  if (parts.length > 0) {
    attempt(parts.map(({ name }) => name).join(', '), (leftOut) => {
      const unread = joinVisualGenome(parts, leftOut).map(({ imageId, record }) => {
        const name = `image ${imageId}`;
        return { name, read: () => laidOut(readVisualGenome(record, name, leftOut)) };
      });
      for (const { name, graph } of readEach(unread, leftOut)) graphs.push({ name: name ?? '', graph });
    });
  }
  return { graphs, warnings, leftOut: count, faults };
}
