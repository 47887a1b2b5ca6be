/** Photographs and annotations become shards. A shard is there whole or not at all, so a killed import goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readIfWhole } from '#training/files/checked-tensors.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { encodePng } from '#training/files/picture-file.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { type PackedRecord, packShard } from '#training/files/shard-file.ts';
import { type DataSetManifest, manifestFile, newManifest, shardFileOf } from './data-set.ts';
import { countRecord, countSkipped, type DataSetCounts, emptyCounts, mergeCounts } from './data-set-counts.ts';
import { DamagedRecordError, type DataSplit, dataSplits, type ImportPlan, type PlannedPicture } from './import-plan.ts';
import { readPhotograph } from './photograph.ts';

const PER_SHARD = 256;
const MIN_GRID = 16;

/** Cells of the masks per side: a whole multiple of a latent's, which has one for 16 pixels. */
const gridFor = (size: number): number => (size / 16) * Math.ceil(MIN_GRID / (size / 16));

export interface WriteOptions {
  readonly source: string;
  readonly out: string;
  /** Pixels per side of the square pictures; like sg2im, photographs are squeezed and not cropped. A multiple of 16. */
  readonly size: number;
}

/** @throws ImportInputError when `out` holds another import. */
export async function writeDataSet(
  plan: ImportPlan,
  options: WriteOptions,
): Promise<{ manifest: DataSetManifest; counts: DataSetCounts }> {
  const { out, size } = options;
  const grid = gridFor(size);
  const fingerprint = fingerprintOf(plan, size);
  const jobs = dataSplits.flatMap((split) =>
    inShards(plan.splits[split]).map((pictures, index) => ({ split, index, pictures })),
  );
  // Until the last shard is there, nobody takes the folder for finished.
  rmSync(manifestFile(out), { force: true });
  const shards: Record<DataSplit, { records: number }[]> = { train: [], validation: [], test: [] };
  const counts = emptyCounts();
  const total = dataSplits.reduce((sum, split) => sum + plan.splits[split].length, 0);
  const progress = startProgress('pictures');
  let ready = 0;
  for (const { split, index, pictures } of jobs) {
    const file = shardFileOf(out, split, index);
    mkdirSync(dirname(file), { recursive: true });
    const kept = countsIn(file, fingerprint);
    const shardCounts = kept ?? (await writeShard(file, split, pictures, { ...options, grid, fingerprint }));
    mergeCounts(counts, shardCounts);
    shards[split].push({ records: shardCounts.records[split] ?? 0 });
    ready += pictures.length;
    progress.update(ready, total);
  }
  progress.close();
  const { name, labels, regions, predicates, attributes } = plan;
  const lists = {
    labels: [...labels],
    regions: [...regions],
    predicates: [...predicates],
    attributes: [...attributes],
  };
  const manifest = newManifest({ name, size, grid, ...lists, shards });
  replaceFile(manifestFile(out), `${JSON.stringify(manifest, null, 1)}\n`);
  return { manifest, counts };
}

/** The files that `writeDataSet` wrote, and of the folders those that hold nothing else. */
export function removeDataSet(out: string, manifest: DataSetManifest): void {
  rmSync(manifestFile(out), { force: true });
  for (const split of dataSplits) {
    for (const index of manifest.shards[split].keys()) rmSync(shardFileOf(out, split, index), { force: true });
    const folder = join(out, split);
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

async function writeShard(
  file: string,
  split: DataSplit,
  pictures: readonly PlannedPicture[],
  { source, size, grid, fingerprint }: WriteOptions & { readonly grid: number; readonly fingerprint: string },
): Promise<DataSetCounts> {
  const counts = emptyCounts();
  const records: PackedRecord[] = [];
  for (const planned of pictures) {
    try {
      const picture = encodePng(await readPhotograph(planned, source, size));
      const { leftOut = [], ...described } = planned.describe(grid);
      const record = { imageId: planned.id, picture, ...described };
      records.push(record);
      countRecord(counts, split, record);
      for (const reason of leftOut) countSkipped(counts, reason);
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error;
      countSkipped(counts, `${split}: ${error.message}`);
    }
  }
  replaceFile(file, packShard(records, { fingerprint, counts: JSON.stringify(counts) }));
  return counts;
}

/** What an earlier run wrote, unless it is damaged. */
function countsIn(file: string, fingerprint: string): DataSetCounts | undefined {
  const metadata = readIfWhole(file)?.metadata;
  if (metadata === undefined) return undefined;
  if (metadata.fingerprint !== fingerprint) {
    throw new ImportInputError(
      `${file} is of another import (other annotations, size or thresholds): delete it or choose another --out`,
    );
  }
  return JSON.parse(metadata.counts ?? '') as DataSetCounts;
}

/** Of everything that decides which records a shard holds. */
function fingerprintOf({ name, labels, predicates, attributes, splits }: ImportPlan, size: number): string {
  const ids = dataSplits.map((split) => splits[split].map(({ id }) => id));
  return createHash('sha256')
    .update(JSON.stringify([name, size, PER_SHARD, labels, predicates, attributes, ids]))
    .digest('hex');
}

const inShards = <Item>(items: readonly Item[]): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / PER_SHARD) }, (_, i) =>
    items.slice(i * PER_SHARD, (i + 1) * PER_SHARD),
  );
