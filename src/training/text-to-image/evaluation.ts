/** The stage `evaluate`: test graphs painted by the package and scored, with every network that was given. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INDEX_FILE } from '#engine/stable-diffusion/layout.ts';
import { evaluationJson } from '#training/evaluation/evaluation-json.ts';
import { type NetworkFiles, openUsersNetworks } from '#training/evaluation/judges/users-networks.ts';
import { type EvaluationOptions, type EvaluationRun, runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { scoreTable } from '#training/evaluation/scores/score-table.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { scoreRows } from '#training/report/report-page.ts';
import type { BaseModel } from './base-model.ts';
import { BaseModelError } from './input-error.ts';
import type { RoadOptions } from './road-options.ts';

/** Where the scores are, for the report. */
const SCORES_FILE = 'evaluation.json';
const PICTURES = 'evaluation';

type ScoringFiles = Pick<RoadOptions, 'inception' | 'lpips' | 'detector' | 'classes'>;

/** What a package is scored by, wherever it lies. */
type Scoring = ScoringFiles & Pick<RoadOptions, 'data' | 'clip' | 'samples' | 'seed' | 'say'>;

/** Goes on with the pictures that are there. @throws BaseModelError and as `runEvaluation` for what a user can mend */
export async function evaluatePackage({ out, ...scoring }: Scoring & Pick<RoadOptions, 'out'>): Promise<void> {
  if (!existsSync(join(out, INDEX_FILE)))
    throw new BaseModelError(`evaluate: there is no package in ${out}: run the stage package first`);
  const run = await scorePackage(out, join(out, PICTURES), scoring);
  replaceFile(join(out, SCORES_FILE), `${JSON.stringify(evaluationJson(run, scoring.seed), null, 2)}\n`);
  process.stdout.write(`${scoreTable(scoreRows(run.evaluation.scores))}\n`);
}

/** The networks that score come last in hours of work: what is wrong with their files is said before the first. @throws as `openUsersNetworks` */
export async function checkScoring(scoring: ScoringFiles, image: BaseModel['image']): Promise<void> {
  await (await openUsersNetworks(networkFiles(scoring), image)).release();
}

const networkFiles = ({ inception, lpips, detector, classes }: ScoringFiles): NetworkFiles => ({
  inceptionFile: inception,
  lpipsFile: lpips,
  detectorFile: detector,
  classesFile: classes,
});

/** The first graphs of the data set's test split. @param pictures folder where they are kept */
export function scorePackage(
  modelFolder: string,
  pictures: string,
  { data, clip, samples, seed, say, ...files }: Scoring,
  painter: EvaluationOptions['painter'] = 'model',
): Promise<EvaluationRun> {
  return runEvaluation({
    modelFolder,
    painter,
    dataFolder: data,
    samples,
    seed,
    clipFile: clip,
    ...networkFiles(files),
    // Four more pictures of a graph are for a score that nothing was given for.
    ...(files.lpips === undefined && { diverseGraphs: 0 }),
    cacheFolder: pictures,
    progress: startProgress('painting'),
    say,
  });
}

/** Of a package, or none. */
export function readScores(out: string): Record<string, unknown> {
  const file = join(out, SCORES_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}
