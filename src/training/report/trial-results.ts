/** Results of trials in their folders: one that is there is not run again, and all that are there make the table and the page. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { EvaluationJson } from '#training/evaluation/evaluation-json.ts';
import type { EvaluationRun } from '#training/evaluation/run-evaluation.ts';
import { encodePng } from '#training/files/picture-file.ts';
import { ownCopy, replaceFile } from '#training/files/replace-file.ts';
import { type ScoreColumn, type TrialResult, trialsPage } from './trials-page.ts';

/** Pictures of each trial on the page, of the same graphs. */
const SHOWN = 8;
const RESULT = 'result.json';
const resultSchema = v.object({
  name: v.string(),
  title: v.string(),
  group: v.picklist(['reference', 'baseline', 'ablation']),
  scores: v.record(
    v.string(),
    v.object({
      value: v.nullable(v.number()),
      ceiling: v.nullable(v.number()),
      floor: v.nullable(v.number()),
      n: v.number(),
      interval: v.nullable(v.tuple([v.number(), v.number()])),
    }),
  ),
  pictures: v.array(v.string()),
});

/** A trial that is finished is not run again; delete its folder to repeat it. */
export function readTrialResult(folder: string): TrialResult | undefined {
  const file = join(folder, RESULT);
  return existsSync(file) ? v.parse(resultSchema, JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** @param columns of its scores that the table is to have */
export function writeTrialResult(
  folder: string,
  { name, title, group }: Pick<TrialResult, 'name' | 'title' | 'group'>,
  run: EvaluationRun,
  json: EvaluationJson,
  columns: readonly ScoreColumn[],
): void {
  const scores = columns.flatMap((key) => {
    const score = run.evaluation.scores[key];
    if (score === undefined) return [];
    const { value, ceiling, floor, n, interval } = score;
    return [[key, { value, ceiling, floor, n, interval }] as const];
  });
  const pictures = run.pictures.base.slice(0, SHOWN).map((picture) => encodePng(picture).toString('base64'));
  const result: TrialResult = { name, title, group, scores: Object.fromEntries(scores), pictures };
  const write = (file: string, content: string) => replaceFile(file, new TextEncoder().encode(content), ownCopy(file));
  write(join(folder, 'evaluation.json'), `${JSON.stringify(json, null, 2)}\n`);
  write(join(folder, RESULT), `${JSON.stringify(result)}\n`);
}

/** After each trial, so that a page is there before the last one is done. */
export function writeTrialTables(
  folder: string,
  results: readonly TrialResult[],
  facts: readonly (readonly [string, string])[],
): void {
  const numbers = results.map(({ pictures: _, ...result }) => result);
  const write = (name: string, content: string) => replaceFile(join(folder, name), new TextEncoder().encode(content));
  write('trials.html', trialsPage(results, facts));
  write('trials.json', `${JSON.stringify(numbers, null, 2)}\n`);
}
