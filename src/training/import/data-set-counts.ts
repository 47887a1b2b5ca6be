/** What an import kept and left out: kept beside each shard, so that a resumed import reports the whole. */

import type { PackedRecord } from '#training/files/shard-file.ts';
import type { DataSplit } from './import-plan.ts';

type Counts = Record<string, number>;
type CountsOfSplit = Partial<Record<DataSplit, number>>;

export interface DataSetCounts {
  readonly records: CountsOfSplit;
  readonly objects: CountsOfSplit;
  /** Relations of the prepared graphs. */
  readonly relations: CountsOfSplit;
  /** Objects of each label and relations of each predicate, over all splits. */
  readonly labels: Counts;
  readonly predicates: Counts;
  readonly skipped: Counts;
}

export const emptyCounts = (): DataSetCounts => ({
  records: {},
  objects: {},
  relations: {},
  labels: {},
  predicates: {},
  skipped: {},
});

export function countRecord(counts: DataSetCounts, split: DataSplit, { sample }: Pick<PackedRecord, 'sample'>): void {
  add(counts.records, split, 1);
  add(counts.objects, split, sample.objects.length);
  add(counts.relations, split, sample.relations.length);
  for (const { label } of sample.objects) add(counts.labels, label, 1);
  for (const { predicate } of sample.relations) add(counts.predicates, predicate, 1);
}

export const countSkipped = (counts: DataSetCounts, reason: string): void => add(counts.skipped, reason, 1);

export function mergeCounts(into: DataSetCounts, from: DataSetCounts): void {
  for (const key of Object.keys(into) as (keyof DataSetCounts)[]) {
    for (const [name, times] of Object.entries(from[key])) add(into[key], name, times);
  }
}

function add(counts: Counts, name: string, times: number): void {
  counts[name] = (counts[name] ?? 0) + times;
}
