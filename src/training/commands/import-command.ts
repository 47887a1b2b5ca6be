/** `npm run train -- import SET DIR`: the official files of a data set become records that the stages read. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ImportInputError } from '#training/files/input-error.ts';
import { planCocoStuff } from '#training/import/coco/coco-stuff.ts';
import { writeReport } from '#training/import/import-report.ts';
import type { ImportableSet } from '#training/import/importable-sets.ts';
import { planVisualGenome, publishedThresholds } from '#training/import/visual-genome/visual-genome.ts';
import { writeDataSet } from '#training/import/write-data-set.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';

export interface ImportOptions {
  readonly out?: string;
  readonly size: number;
  /** Occurrences in the train split that a label and a predicate of Visual Genome need. */
  readonly minObjects?: number;
  readonly minPredicates?: number;
}

/** @throws ImportInputError for what the user can mend. */
export async function runImport(set: ImportableSet, folder: string, options: ImportOptions): Promise<void> {
  if (!existsSync(folder)) throw new ImportInputError(`there is no folder ${folder}`);
  const out = options.out ?? join(cacheFolder(), 'data', set);
  const plan = await planOf(set, folder, options);
  const planned = Object.values(plan.splits).reduce((sum, pictures) => sum + pictures.length, 0);
  if (planned === 0) {
    const reasons = plan.skipped
      .names()
      .slice(0, 3)
      .map((name) => `${name} (${plan.skipped.get(name)})`);
    throw new ImportInputError(`${folder}: no picture is left after preparation: ${reasons.join(', ')}`);
  }
  mkdirSync(out, { recursive: true });
  const { manifest, counts } = await writeDataSet(plan, { source: folder, out, size: options.size });
  process.stdout.write(
    `${writeReport(out, plan, manifest, counts)}\n\nIn ${out}; the report is there as report.txt and report.json.\n`,
  );
}

function planOf(set: ImportableSet, folder: string, { minObjects, minPredicates }: ImportOptions) {
  switch (set) {
    case 'visual-genome':
      return planVisualGenome(folder, {
        ...publishedThresholds,
        ...(minObjects !== undefined && { objects: minObjects, attributes: minObjects }),
        ...(minPredicates !== undefined && { predicates: minPredicates }),
      });
    case 'coco-stuff':
      return planCocoStuff(folder);
    default:
      return set satisfies never;
  }
}
