/**
 * Trials: the same fine-tuning at an equal budget with one thing changed, from the same pre-trained denoiser, scored on the same test
 * graphs with the same seeds. Baselines make the scores mean something; ablations say what each part of the method is worth.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationJson, paintedBy } from '#training/evaluation/evaluation-json.ts';
import { type Painter, runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { startProgress } from '#training/files/progress.ts';
import { readTrialResult, writeTrialResult, writeTrialTables } from '#training/report/trial-results.ts';
import { type TrialResult, trialsTable } from '#training/report/trials-page.ts';
import { type ConfigOverrides, type TrainingConfig, withOverrides } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import type { Device } from '#training/trainer/training-step.ts';
import { finetuneDenoiser } from './denoiser.ts';
import { exportPackage } from './export.ts';

interface Trial {
  readonly name: string;
  readonly title: string;
  readonly group: TrialResult['group'];
  readonly change: ConfigOverrides;
}

/** Everything else is measured against this one. */
const REFERENCE: Trial = { name: 'full', title: 'full fusion, L_train (this model)', group: 'reference', change: {} };

export const trials: readonly Trial[] = [
  REFERENCE,
  { name: 'labels', title: 'label tokens only', group: 'baseline', change: { graphEncoder: { fusion: 'labels' } } },
  { name: 'words', title: 'plain list of words', group: 'baseline', change: { graphEncoder: { fusion: 'words' } } },
  {
    name: 'interleaved',
    title: 'labels interleaved with G_global (released code of the paper)',
    group: 'baseline',
    change: { graphEncoder: { fusion: 'interleaved' } },
  },
  {
    name: 'no-gan',
    title: 'without the GAN alignment',
    group: 'ablation',
    change: { graphEncoder: { aligned: false } },
  },
  { name: 'no-mmd', title: 'without L_MMD (β = 1)', group: 'ablation', change: { finetune: { beta: 1 } } },
  { name: 'no-clip', title: 'without L_CLIP (β = 0)', group: 'ablation', change: { finetune: { beta: 0 } } },
  { name: 'recon', title: 'L_recon alone (λ = 1)', group: 'ablation', change: { finetune: { lambda: 1 } } },
  { name: 'lambda-0.5', title: 'λ = 0.5', group: 'ablation', change: { finetune: { lambda: 0.5 } } },
  {
    name: 'no-grounding',
    title: 'without attention grounding',
    group: 'ablation',
    change: { denoiser: { groundingWeight: 0 } },
  },
];

const SEED = 0;
const COLUMNS = ['oor', 'relationAccuracy', 'edgeFlip', 'isolation', 'ds', 'fd'] as const;

/** One trial, as work for another machine. */
export interface TrialOrder {
  readonly config: TrainingConfig;
  readonly device: Device;
  readonly trial: string;
}

export async function runTrials(context: StageContext, list: readonly Trial[] = trials): Promise<void> {
  const { config, device } = context;
  const isDone = ({ name }: Pick<Trial, 'name'>) => readTrialResult(folderOf(context, { name })) !== undefined;
  await context.pool.run<TrialOrder>({
    name: 'trial',
    jobs: list.filter((trial) => !isDone(trial)).map(({ name }) => ({ config, device, trial: name })),
    work: ({ trial }) => runTrial(context, trial),
    isDone: ({ trial }) => isDone({ name: trial }),
    async onDone({ trial }) {
      // Early, because it needs no training, and with the reference's package, because it is scored like it.
      if (trial === REFERENCE.name && !isDone(RETRIEVAL)) await retrieve(context);
      writeResults(context, list);
    },
  });
  if (list.includes(REFERENCE) && !isDone(RETRIEVAL)) await retrieve(context);
  context.say(trialsTable(writeResults(context, list)));
}

const trialFolder = (folder: string, { name }: Pick<Trial, 'name'>): string => join(folder, 'trials', name);
const folderOf = ({ store }: StageContext, trial: Pick<Trial, 'name'>): string => trialFolder(store.folder, trial);

/**
 * Trains and scores one trial, and writes its result. Goes on from its last checkpoint.
 * @throws Error when there is no trial of this name
 */
export async function runTrial(context: StageContext, name: string): Promise<void> {
  const trial = trials.find((each) => each.name === name);
  if (!trial) throw new Error(`there is no trial "${name}"`);
  context.say(`── trial "${trial.name}": ${trial.title}`);
  const folder = folderOf(context, trial);
  const config = withOverrides(context.config, trial.change);
  const store = new CheckpointStore(folder, config, context.store);
  const own: StageContext = { ...context, config, store, sheetFolder: join(folder, 'sheets') };
  await finetuneDenoiser(own, { pictures: config.trials.pictures });
  await exportPackage(own, packageOf(folder));
  await score(context, folder, trial, 'model');
}

const RETRIEVAL = { name: 'retrieval', title: 'retrieval: nearest training picture', group: 'baseline' } as const;

async function retrieve(context: StageContext): Promise<void> {
  const folder = folderOf(context, RETRIEVAL);
  mkdirSync(folder, { recursive: true });
  await score(context, folder, RETRIEVAL, 'retrieval', packageOf(folderOf(context, REFERENCE)));
}

const packageOf = (folder: string): string => join(folder, 'package');

async function score(
  { config, say }: StageContext,
  folder: string,
  { name, title, group }: Omit<Trial, 'change'>,
  painter: Painter,
  modelFolder = packageOf(folder),
): Promise<void> {
  const run = await runEvaluation({
    modelFolder,
    painter,
    samples: config.trials.graphs,
    seed: SEED,
    cacheFolder: join(folder, 'pictures'),
    progress: startProgress(name),
    say,
  });
  const json = evaluationJson(run, SEED, paintedBy[painter]);
  writeTrialResult(folder, { name, title, group }, run, json, COLUMNS);
}

/** After each trial, so that a page is there before the last one is done. */
function writeResults(context: StageContext, list: readonly Trial[]): TrialResult[] {
  const { config, store } = context;
  const results = readTrials(store.folder, list);
  writeTrialTables(store.folder, results, [
    ['fine-tuning', `${config.trials.pictures} pictures each, from the same pre-trained denoiser`],
    ['test graphs', `${config.trials.graphs}, same seeds`],
  ]);
  return results;
}

/** Trials that are finished: the reference first, then retrieval. @param folder of the training run */
export function readTrials(folder: string, list: readonly Trial[] = trials): TrialResult[] {
  const [reference, ...others] = list;
  return [reference, RETRIEVAL, ...others].flatMap((trial) =>
    trial ? (readTrialResult(trialFolder(folder, trial)) ?? []) : [],
  );
}
