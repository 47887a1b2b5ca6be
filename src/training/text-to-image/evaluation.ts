/** The stage `evaluate`: test graphs painted by the package and scored, with every network that was given. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INDEX_FILE } from '#engine/stable-diffusion/layout.ts';
import { evaluationJson } from '#training/evaluation/evaluation-json.ts';
import { type EvaluationOptions, type EvaluationRun, runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { scoreTable } from '#training/evaluation/scores/score-table.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { scoreRows } from '#training/report/report-page.ts';
import { BaseModelError } from './input-error.ts';
import type { RoadOptions } from './road-options.ts';

/** Where the scores are, for the report. */
export const SCORES_FILE = 'evaluation.json';
const PICTURES = 'evaluation';

/** What a package is scored by, wherever it lies. */
export type Scoring = Pick<
  RoadOptions,
  'data' | 'clip' | 'inception' | 'lpips' | 'detector' | 'classes' | 'samples' | 'seed' | 'say'
>;

/** Goes on with the pictures that are there. @throws BaseModelError and as `runEvaluation` for what a user can mend */
export async function evaluatePackage({ out, ...scoring }: Scoring & Pick<RoadOptions, 'out'>): Promise<void> {
  if (!existsSync(join(out, INDEX_FILE)))
    throw new BaseModelError(`evaluate: there is no package in ${out}: run the stage package first`);
  const run = await scorePackage(out, join(out, PICTURES), scoring);
  replaceFile(join(out, SCORES_FILE), Buffer.from(`${JSON.stringify(evaluationJson(run, scoring.seed), null, 2)}\n`));
  process.stdout.write(`${scoreTable(scoreRows(run.evaluation.scores))}\n`);
}

/** The first graphs of the data set's test split. @param pictures folder where they are kept */
export function scorePackage(
  modelFolder: string,
  pictures: string,
  { data, clip, inception, lpips, detector, classes, samples, seed, say }: Scoring,
  painter: EvaluationOptions['painter'] = 'model',
): Promise<EvaluationRun> {
  return runEvaluation({
    modelFolder,
    painter,
    dataFolder: data,
    samples,
    seed,
    clipFile: clip,
    inceptionFile: inception,
    lpipsFile: lpips,
    detectorFile: detector,
    classesFile: classes,
    // Four more pictures of a graph are for a score that nothing was given for.
    ...(lpips === undefined && { diverseGraphs: 0 }),
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
