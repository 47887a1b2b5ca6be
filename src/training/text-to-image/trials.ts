/**
 * Trials of a base model: the paper's ablations, each fine-tuned on equally many pictures from the same base, with one thing changed, and scored
 * on the same test graphs with the same seeds. They share features, and encoders where what these were told is the same.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { evaluationJson, paintedBy } from '#training/evaluation/evaluation-json.ts';
import { lockFolder } from '#training/files/folder-lock.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { readTrialResult, writeTrialResult, writeTrialTables } from '#training/report/trial-results.ts';
import { scoreColumns, type TrialResult, trialsTable } from '#training/report/trials-page.ts';
import { openBaseModel } from './base-model.ts';
import { checkScoring, scorePackage } from './evaluation.ts';
import { BaseModelError } from './input-error.ts';
import { alignEncoder, finetuneBase, openRoad, whyNotAligned, writePackage } from './road.ts';
import type { RoadOptions } from './road-options.ts';

interface BaseTrial {
  readonly name: string;
  readonly title: string;
  readonly group: TrialResult['group'];
  readonly change: Partial<Pick<RoadOptions, 'fusion' | 'gan' | 'lambda' | 'beta'>>;
}

/** The first one is what all others are measured against. */
export const baseTrials: readonly BaseTrial[] = [
  { name: 'full', title: 'full fusion, L_train', group: 'reference', change: { fusion: 'full' } },
  { name: 'labels', title: 'labels alone', group: 'baseline', change: { fusion: 'labels' } },
  {
    name: 'interleaved',
    title: 'labels interleaved with G_global (released code of the paper)',
    group: 'baseline',
    change: { fusion: 'interleaved' },
  },
  { name: 'no-gan', title: 'without the GAN alignment', group: 'ablation', change: { fusion: 'full', gan: false } },
  { name: 'no-clip', title: 'without L_CLIP (β = 0)', group: 'ablation', change: { fusion: 'full', beta: 0 } },
  { name: 'no-mmd', title: 'without L_MMD (β = 1)', group: 'ablation', change: { fusion: 'full', beta: 1 } },
  { name: 'recon', title: 'L_recon alone (λ = 1)', group: 'ablation', change: { fusion: 'full', lambda: 1 } },
];

/** @throws BaseModelError, EngineError, EvaluationInputError or ImportInputError for what a user can mend */
export async function runBaseTrials(options: RoadOptions, trials: readonly BaseTrial[] = baseTrials): Promise<void> {
  if (options.clip === undefined) {
    throw new BaseModelError('trials: they say what alignment with CLIP is worth: give --clip FILE.onnx');
  }
  const isUnfinished = trials.some((trial) => readTrialResult(folderOf(options, trial)) === undefined);
  if (isUnfinished) await checkScoring(options, (await openBaseModel(options.base)).image);
  checkResults(options);
  const release = lockFolder(options.out);
  try {
    await runAll(options, trials);
  } finally {
    release();
  }
}

async function runAll(options: RoadOptions, trials: readonly BaseTrial[]): Promise<void> {
  const results = () => trials.flatMap((trial) => readTrialResult(folderOf(options, trial)) ?? []);
  const facts = [
    ['base', basename(resolve(options.base))],
    ['data', basename(resolve(options.data))],
    ['what learned', options.train],
    ['fine-tuning', `${options.pictures} pictures each, from the same base`],
    ['test graphs', `${options.samples}, same seeds`],
  ] as const;
  for (const trial of trials) {
    if (readTrialResult(folderOf(options, trial))) continue;
    options.say(`── trial "${trial.name}": ${trial.title}`);
    await runTrial({ ...options, ...trial.change, gan: trial.change.gan ?? true }, trial);
    writeTrialTables(options.out, results(), facts);
  }
  writeTrialTables(options.out, results(), facts);
  options.say(trialsTable(results()));
}

const folderOf = ({ out }: Pick<RoadOptions, 'out'>, { name }: Pick<BaseTrial, 'name'>): string => join(out, name);

/** Goes on from the last checkpoint and with the pictures that are there. */
async function runTrial(options: RoadOptions, trial: BaseTrial): Promise<void> {
  const folder = folderOf(options, trial);
  mkdirSync(folder, { recursive: true });
  // An adapter that is told no graph has nothing to learn: the base itself, told the labels.
  const isUntrained = options.fusion === 'labels' && options.train === 'adapter';
  const model = isUntrained ? options.base : join(folder, 'package');
  if (!isUntrained) await makePackage({ ...options, out: model }, join(options.out, 'weights'));
  const painter = options.fusion === 'labels' ? 'labels' : 'model';
  const run = await scorePackage(model, join(folder, 'pictures'), options, painter);
  const json = evaluationJson(run, options.seed, paintedBy[painter]);
  const columns = scoreColumns.filter((name) => run.evaluation.scores[name]?.value != null);
  writeTrialResult(folder, trial, run, json, columns);
  // As large as the base; its weights are among the checkpoints.
  if (!isUntrained) rmSync(model, { recursive: true, force: true });
}

async function makePackage(options: RoadOptions, weights: string): Promise<void> {
  const road = await openRoad(options, weights);
  const budget = { pictures: options.pictures };
  let release: (() => void) | undefined;
  try {
    release = lockFolder(road.folder);
    if (options.gan && whyNotAligned(options) === undefined) await alignEncoder(road, budget);
    await finetuneBase(road, budget);
    await writePackage(road);
  } finally {
    release?.();
    await road.model.release();
  }
}

const SETTINGS = 'trials-settings.json';

/** Results of other settings are not mixed with these. @throws BaseModelError */
function checkResults(options: RoadOptions): void {
  const { base, out } = options;
  const inside = relative(resolve(base), resolve(out));
  if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside))) {
    throw new BaseModelError(`${out} is the base model, or lies in it: name another folder with --out`);
  }
  const file = join(out, SETTINGS);
  const settings = settingsOf(options);
  if (!existsSync(file)) {
    if (existsSync(out) && readdirSync(out).length > 0) {
      throw new BaseModelError(`${out} holds something else than trials: name a new or empty folder with --out`);
    }
    mkdirSync(out, { recursive: true });
    replaceFile(file, `${JSON.stringify(settings, null, 2)}\n`);
    return;
  }
  const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<typeof settings>;
  const other = (Object.keys(settings) as (keyof typeof settings)[]).find((name) => found[name] !== settings[name]);
  if (other === undefined) return;
  throw new BaseModelError(
    `${out} holds trials with ${other} ${found[other]}, not ${settings[other]}: name another folder with --out, or go on with the same settings`,
  );
}

/** What decides the results, beside what each trial changes. */
function settingsOf(options: RoadOptions) {
  const { base, data, clip = '', train, rank, batch, accumulate, precision, lambda, beta, dropout } = options;
  const { adapter, learningRate, seed, pictures, samples } = options;
  const { inception = '', lpips = '', detector = '', classes = '' } = options;
  return {
    base: resolve(base),
    data: resolve(data),
    clip: resolve(clip),
    ...{ train, rank, batch, accumulate, precision, lambda, beta, dropout, learningRate, seed, pictures, samples },
    ...{ ...adapter, inception, lpips, detector, classes },
  };
}
