/** The stage `report`: how the encoder and the fine-tuning learned, and the package's scores, on one page. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { INDEX_FILE } from '#engine/stable-diffusion/layout.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { trainingPage } from '#training/report/training-page.ts';
import { stageReport } from '#training/stages/report.ts';
import { readScores } from './evaluation.ts';
import { BaseModelError } from './input-error.ts';
import type { RoadOptions } from './road-options.ts';

export async function writeBaseReport(options: RoadOptions, folders: readonly string[]): Promise<void> {
  const { out, base, data, fusion, train, lambda, beta, say } = options;
  if (!existsSync(join(out, INDEX_FILE)))
    throw new BaseModelError(`report: there is no package in ${out}: run the stage package first`);
  const found = ['graph-encoder', 'finetune'].flatMap((name) =>
    folders.map((folder) => stageReport(name, folder, join(folder, 'sheets'))),
  );
  const stages = (await Promise.all(found)).filter((stage) => stage !== undefined);
  const page = trainingPage({
    title: `${basename(resolve(out))}: fine-tuning of ${basename(resolve(base))}`,
    facts: [
      ['data', basename(resolve(data))],
      ['fusion', fusion],
      ['what learned', train],
      ['λ', String(lambda)],
      ['β', beta.toFixed(2)],
    ],
    history: [],
    stages,
    alignment: undefined,
    trials: [],
    scores: readScores(out),
  });
  const file = join(out, 'report.html');
  replaceFile(file, page);
  say(`report: ${file}`);
}
