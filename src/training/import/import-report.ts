/** What an import did, for people and for scripts. */
import { join } from 'node:path';
import { replaceFile } from '#training/files/replace-file.ts';
import type { DataSetManifest } from './data-set.ts';
import type { DataSetCounts } from './data-set-counts.ts';
import { dataSplits, type ImportPlan } from './import-plan.ts';
import { Tally } from './tally.ts';

/** Writes report.json and report.txt. @returns the text. */
export function writeReport(out: string, plan: ImportPlan, manifest: DataSetManifest, counts: DataSetCounts): string {
  const skipped = new Tally();
  skipped.addAll(plan.skipped.toJSON());
  skipped.addAll(counts.skipped);
  const labels = inOrder(plan.labels, counts.labels);
  const predicates = inOrder(plan.predicates, counts.predicates);
  const { records, objects, relations } = counts;
  const { name, size } = manifest;
  const json = {
    name,
    size,
    records,
    objects,
    relations,
    labels,
    predicates,
    skipped: skipped.toJSON(),
    notes: plan.notes,
  };
  replaceFile(join(out, 'report.json'), `${JSON.stringify(json, null, 1)}\n`);
  const text = [
    `${name}, pictures of ${size} × ${size}`,
    ...plan.notes,
    '',
    ...dataSplits.map(
      (split) =>
        `${split.padEnd(12)}${of(records, split)} pictures, ${of(objects, split)} objects, ${of(relations, split)} relations`,
    ),
    ...section('skipped', skipped.toJSON()),
    ...section(`${plan.predicates.length} predicates`, predicates),
    ...section(`${plan.labels.length} labels`, labels),
  ].join('\n');
  replaceFile(join(out, 'report.txt'), `${text}\n`);
  return text;
}

const of = (counts: Readonly<Record<string, number>>, name: string): number => counts[name] ?? 0;

/** Every word of the vocabulary, also one that no kept record holds. */
function inOrder(words: readonly string[], counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(words.map((word) => [word, of(counts, word)] as const).sort(([, a], [, b]) => b - a));
}

function section(title: string, counts: Readonly<Record<string, number>>): string[] {
  const width = Math.max(0, ...Object.values(counts).map((count) => String(count).length));
  return ['', title, ...Object.entries(counts).map(([name, count]) => `  ${String(count).padStart(width)}  ${name}`)];
}
