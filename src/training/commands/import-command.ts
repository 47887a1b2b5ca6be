/** `npm run train -- import SET DIR`: the published files of a data set become records that the stages read. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ImportInputError } from '#training/files/input-error.ts';
import { planAnnotated } from '#training/import/annotated/plan-annotated.ts';
import { planCocoStuff } from '#training/import/coco/coco-stuff.ts';
import { recordsIn } from '#training/import/data-set.ts';
import { dataSplits } from '#training/import/import-plan.ts';
import { writeReport } from '#training/import/import-report.ts';
import type { ImportableSet } from '#training/import/importable-sets.ts';
import { publishedThresholds } from '#training/import/thresholds.ts';
import { planVisualGenome } from '#training/import/visual-genome/visual-genome.ts';
import { removeDataSet, writeDataSet } from '#training/import/write-data-set.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';

export interface ImportOptions {
  readonly out?: string;
  readonly size: number;
  /** Occurrences in the train split that a label and a predicate need. */
  readonly minObjects?: number;
  readonly minPredicates?: number;
}

/** @throws ImportInputError for what the user can mend. */
export async function runImport(set: ImportableSet, folder: string, options: ImportOptions): Promise<void> {
  if (!existsSync(folder)) throw new ImportInputError(`there is no folder ${folder}`);
  const out = options.out ?? join(cacheFolder(), 'data', set);
  if (existsSync(out) && realpathSync(out) === realpathSync(folder)) {
    throw new ImportInputError(`${out} is what is to be imported: name another folder with --out`);
  }
  const plan = await planOf(set, folder, options);
  const planned = Object.values(plan.splits).reduce((sum, pictures) => sum + pictures.length, 0);
  if (planned === 0) {
    throw new ImportInputError(`${folder}: no picture is left after preparation: ${mostOf(plan.skipped.toJSON())}`);
  }
  mkdirSync(out, { recursive: true });
  const { manifest, counts } = await writeDataSet(plan, { source: folder, out, size: options.size });
  if (dataSplits.every((split) => recordsIn(manifest, split) === 0)) {
    // Empty shards would be taken for finished ones when the photographs are there.
    removeDataSet(out, manifest);
    throw new ImportInputError(`${folder}: no picture could be imported: ${mostOf(counts.skipped)}`);
  }
  process.stdout.write(
    `${writeReport(out, plan, manifest, counts)}\n\nIn ${out}; the report is there as report.txt and report.json.\n`,
  );
}

const mostOf = (skipped: Readonly<Record<string, number>>): string =>
  Object.entries(skipped)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([reason, times]) => `${reason} (${times})`)
    .join(', ');

function planOf(set: ImportableSet, folder: string, { minObjects, minPredicates }: ImportOptions) {
  const thresholds = {
    // PSG's classes were chosen by hand: all of them count.
    ...(set === 'psg' ? { objects: 1, predicates: 1, attributes: 1 } : publishedThresholds),
    ...(minObjects !== undefined && { objects: minObjects, attributes: minObjects }),
    ...(minPredicates !== undefined && { predicates: minPredicates }),
  };
  switch (set) {
    case 'visual-genome':
      return planVisualGenome(folder, thresholds);
    case 'coco-stuff':
      return planCocoStuff(folder);
    case 'gqa':
    case 'psg':
    case 'laion-sg':
    case 'region-graphs':
      return planAnnotated(set, folder, thresholds);
    default:
      return set satisfies never;
  }
}
