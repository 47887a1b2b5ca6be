/** Stage 8: scores the exported package and writes the numbers into its manifest and model card. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '#engine/package/package-manifest.ts';
import { evaluationJson, manifestEvaluation } from '#training/evaluation/evaluation-json.ts';
import { runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { scoreTable } from '#training/evaluation/scores/score-table.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { writeModelCard } from '#training/package/model-card.ts';
import { reportData } from '#training/report/report-data.ts';
import { reportPage, scoreRows } from '#training/report/report-page.ts';
import type { StageContext } from '#training/run/context.ts';

/** The seed that `npm run evaluate` takes unless told otherwise: its numbers are then the manifest's. */
const SEED = 0;

export async function evaluatePackage({ config, store, pool, say }: StageContext): Promise<void> {
  const folder = packageFolder(config.name);
  const run = await runEvaluation({
    modelFolder: folder,
    samples: config.evaluation.graphs,
    seed: SEED,
    cacheFolder: join(store.folder, 'evaluate'),
    progress: startProgress('evaluate'),
    pool,
    say,
  });
  const json = evaluationJson(run, SEED);
  const facts = Object.entries(json.run).map(([name, value]) => [name, String(value)] as const);
  const title = `${run.facts.title}: evaluation`;
  replaceFile(join(store.folder, 'evaluation.json'), `${JSON.stringify(json, null, 2)}\n`);
  replaceFile(join(store.folder, 'evaluation.html'), reportPage(reportData({ ...run, title, facts })));

  const file = join(folder, 'manifest.json');
  const manifest = { ...parseManifest(readFileSync(file)), evaluation: manifestEvaluation(json) };
  replaceFile(file, `${JSON.stringify(manifest, null, 1)}\n`);
  writeModelCard(folder, manifest);
  say(scoreTable(scoreRows(run.evaluation.scores)));
}
