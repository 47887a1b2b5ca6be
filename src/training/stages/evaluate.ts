/** Stage 8: scores the exported package and writes the numbers into its manifest and model card. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '#engine/package-manifest.ts';
import { evaluationJson, manifestEvaluation } from '../metrics/evaluation-json.ts';
import { startProgress } from '../metrics/progress.ts';
import { runEvaluation } from '../metrics/run-evaluation.ts';
import { scoreTable } from '../metrics/score-table.ts';
import { reportData } from '../report/report-data.ts';
import { reportPage, scoreRows } from '../report/report-page.ts';
import type { StageContext } from './context.ts';
import { packageFolder } from './export.ts';
import { modelCard } from './model-card.ts';

/** The seed that `npm run evaluate` takes unless told otherwise: its numbers are then the manifest's. */
const SEED = 0;

export async function evaluatePackage({ config, store, crew, say }: StageContext): Promise<void> {
  const folder = packageFolder(config.name);
  const run = await runEvaluation({
    modelFolder: folder,
    samples: config.evaluation.graphs,
    seed: SEED,
    cacheFolder: join(store.folder, 'evaluate'),
    progress: startProgress('evaluate'),
    crew,
    say,
  });
  const json = evaluationJson(run, SEED);
  const facts = Object.entries(json.run).map(([name, value]) => [name, String(value)] as const);
  const title = `${run.manifest.title}: evaluation`;
  writeFileSync(join(store.folder, 'evaluation.json'), `${JSON.stringify(json, null, 2)}\n`);
  writeFileSync(join(store.folder, 'evaluation.html'), reportPage(reportData({ ...run, title, facts })));

  const file = join(folder, 'manifest.json');
  const manifest = { ...parseManifest(readFileSync(file)), evaluation: manifestEvaluation(json) };
  writeFileSync(file, `${JSON.stringify(manifest, null, 1)}\n`);
  writeFileSync(join(folder, 'README.md'), modelCard(manifest));
  say(scoreTable(scoreRows(run.evaluation.scores)));
}
