/** Which images of Visual Genome train, validate and test. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { ImportInputError } from '#training/files/input-error.ts';
import type { DataSplit } from '#training/import/import-plan.ts';

/** sg2im's list; a folder may hold a copy of it. */
const SPLITS_FILE = 'vg_splits.json';
const MAX_BYTES = 50_000_000;

const ids = v.array(v.pipe(v.number(), v.integer()));
const splitsSchema = v.object({ train: ids, val: ids, test: ids });

export interface VisualGenomeSplits {
  readonly splitOf: ReadonlyMap<number, DataSplit>;
  readonly note: string;
  /** Whether they are sg2im's. */
  readonly isPublished: boolean;
}

/**
 * sg2im's published lists where the folder holds them. They were drawn by chance, so no rule gives them back; without them
 * the images in the order of their ids go to train eight times of ten, then to validation, then to test.
 * @throws ImportInputError when the file is there and holds something else.
 */
export function visualGenomeSplits(folder: string, imageIds: readonly number[]): VisualGenomeSplits {
  const file = join(folder, SPLITS_FILE);
  if (existsSync(file)) {
    const { train, val, test } = readSplits(file);
    const splitOf = new Map<number, DataSplit>();
    for (const id of train) splitOf.set(id, 'train');
    for (const id of val) splitOf.set(id, 'validation');
    for (const id of test) splitOf.set(id, 'test');
    return { splitOf, note: `splits: as published, from ${SPLITS_FILE}`, isPublished: true };
  }
  return {
    splitOf: splitInOrder(imageIds.toSorted((a, b) => a - b)),
    isPublished: false,
    note: `splits: 8 of 10 images by id train, 1 validates, 1 tests; these are not the published ones, for which put sg2im's ${SPLITS_FILE} into the folder`,
  };
}

/** Eight of ten train, then one validates and one tests. */
export const splitInOrder = <Id>(ids: readonly Id[]): Map<Id, DataSplit> =>
  new Map(ids.map((id, place) => [id, place % 10 < 8 ? 'train' : place % 10 === 8 ? 'validation' : 'test'] as const));

function readSplits(file: string): v.InferOutput<typeof splitsSchema> {
  if (statSync(file).size > MAX_BYTES) throw new ImportInputError(`${file} is too large for lists of image ids`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ImportInputError(`${file} is not JSON`);
  }
  const result = v.safeParse(splitsSchema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ImportInputError(
    `${file}: ${v.getDotPath(issue) ?? 'document'}: ${issue.message}; it needs lists of ids train, val and test`,
  );
}
