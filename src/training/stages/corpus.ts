/** Stage 1: the Picturebook corpus: contact sheets, sample scenes, statistics. Scenes themselves are drawn when they are needed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '#engine/contract/manifest.ts';
import type { StageContext } from '#training/run/context.ts';
import { runCorpusStage } from './sheets/corpus-sheets.ts';

const folderOf = (context: StageContext): string => join(context.dataFolder, 'corpus');

export async function prepareCorpus(context: StageContext): Promise<void> {
  await runCorpusStage({ outDir: folderOf(context), report: context.say });
}

/** What is said of what, for the editor's suggestions. @throws Error when the stage has not run. */
export function corpusStatistics(context: StageContext): { readonly likely: Manifest['likely'] } {
  const file = join(folderOf(context), 'statistics.json');
  if (!existsSync(file)) throw new Error('no corpus statistics: run "npm run train -- corpus" first');
  const statistics = JSON.parse(readFileSync(file, 'utf8')) as { triples: Manifest['likely'] };
  return { likely: statistics.triples };
}
