/** Stage 1: the Picturebook corpus: contact sheets, sample scenes, statistics. Scenes themselves are drawn when they are needed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '#engine/contract/manifest.ts';
import { contactSheet } from '#training/corpus/render/contact-sheet.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { frequencyLines, graphFrequencies } from '#training/corpus/sample/frequencies.ts';
import type { StageContext } from '#training/run/context.ts';
import { paintersExamples } from './feeds/training-graphs.ts';
import { captionOf, runCorpusStage } from './sheets/corpus-sheets.ts';

const folderOf = (context: StageContext): string => join(context.dataFolder, 'corpus');

/** Examples of what the painter learns from that are counted, those of them that are shown, and their pixels. */
const [EXAMPLES, SHOWN, SIZE] = [1000, 60, 192];

export async function prepareCorpus(context: StageContext): Promise<void> {
  const outDir = folderOf(context);
  await runCorpusStage({ outDir, report: context.say });
  const examples = paintersExamples(context.config, EXAMPLES);
  const cells = examples.slice(0, SHOWN).map(({ scene, sample }) => ({
    rgb: renderScene(scene, { size: SIZE, grid: 1 }).rgb,
    size: SIZE,
    caption: captionOf(sample),
  }));
  writeFileSync(join(outDir, 'painters-scenes.png'), contactSheet(cells, { columns: 10, captionLines: 4 }));
  for (const line of frequencyLines(graphFrequencies(examples.map(({ sample }) => sample))))
    context.say(`corpus: painter's graphs: ${line}`);
}

/** What is said of what, for the editor's suggestions. @throws Error when the stage has not run. */
export function corpusStatistics(context: StageContext): { readonly likely: Manifest['likely'] } {
  const file = join(folderOf(context), 'statistics.json');
  if (!existsSync(file)) throw new Error('no corpus statistics: run "npm run train -- corpus" first');
  const statistics = JSON.parse(readFileSync(file, 'utf8')) as { triples: Manifest['likely'] };
  return { likely: statistics.triples };
}
