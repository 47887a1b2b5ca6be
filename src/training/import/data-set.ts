/** What lies in the folder of an imported data set beside its shards. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { ImportInputError } from '#training/files/input-error.ts';
import { type DataSplit, dataSplits } from './import-plan.ts';

const DATA_SET_FORMAT = 'sgraffito/data-set';
const DATA_SET_VERSION = 1;
const MANIFEST = 'data-set.json';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.array(v.string());
const shards = v.array(v.object({ records: count }));
const manifestSchema = v.object({
  format: v.literal(DATA_SET_FORMAT),
  version: v.literal(DATA_SET_VERSION),
  name: v.string(),
  /** Pixels per side. */
  size: v.pipe(count, v.minValue(16)),
  /** Cells of the masks per side. */
  grid: v.pipe(count, v.minValue(1)),
  labels: words,
  regions: words,
  predicates: words,
  attributes: words,
  shards: v.object({ train: shards, validation: shards, test: shards } satisfies Record<DataSplit, typeof shards>),
});
export type DataSetManifest = v.InferOutput<typeof manifestSchema>;

export const manifestFile = (folder: string): string => join(folder, MANIFEST);
export const shardFileOf = (folder: string, split: DataSplit, index: number): string =>
  join(folder, split, `${String(index).padStart(5, '0')}.safetensors`);

export const newManifest = (parts: Omit<DataSetManifest, 'format' | 'version'>): DataSetManifest => ({
  format: DATA_SET_FORMAT,
  version: DATA_SET_VERSION,
  ...parts,
});

export const recordsIn = (manifest: DataSetManifest, split: DataSplit): number =>
  manifest.shards[split].reduce((sum, { records }) => sum + records, 0);

/** @throws ImportInputError when the folder holds no finished data set. */
export function readDataSet(folder: string): DataSetManifest {
  const file = manifestFile(folder);
  if (!existsSync(file)) {
    throw new ImportInputError(
      existsSync(folder)
        ? `${folder} holds no finished data set: run "npm run train -- import" with --out ${folder} first, or again`
        : `there is no folder ${folder}: import a data set first (npm run train -- import --help)`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ImportInputError(`${file} is not JSON: import the data set again`);
  }
  const result = v.safeParse(manifestSchema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ImportInputError(
    `${file}: ${v.getDotPath(issue) ?? 'document'}: ${issue.message} (known splits: ${dataSplits.join(', ')})`,
  );
}
