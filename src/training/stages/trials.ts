/**
 * Trials: the same fine-tuning at an equal budget with one thing changed, from the same pre-trained denoiser, scored on the same test
 * graphs with the same seeds. Baselines make the scores mean something; ablations say what each part of the method is worth.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type ConfigOverrides, withOverrides } from '../config.ts';
import { evaluationJson } from '../metrics/evaluation-json.ts';
import { encodePng } from '../metrics/picture-file.ts';
import { startProgress } from '../metrics/progress.ts';
import { type EvaluationRun, type Painter, runEvaluation } from '../metrics/run-evaluation.ts';
import { type TrialResult, trialsPage, trialsTable } from '../report/trials-page.ts';
import { CheckpointStore } from '../trainer/checkpoint.ts';
import type { StageContext } from './context.ts';
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
    title: 'interleaved fusion (released code of the paper)',
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
/** Pictures of each trial on the page, of the same graphs. */
const SHOWN = 8;

export async function runTrials(context: StageContext, list: readonly Trial[] = trials): Promise<void> {
  const results: TrialResult[] = [];
  const add = (result: TrialResult) => {
    results.push(result);
    writeResults(context, results);
  };
  for (const trial of list) {
    context.say(`── trial "${trial.name}": ${trial.title}`);
    const folder = folderOf(context, trial);
    add(readResult(folder) ?? (await runTrial(context, trial, folder)));
    // Early, because it needs no training, and with the reference's package, because it is scored like it.
    if (trial === REFERENCE) {
      const retrieval = folderOf(context, { name: 'retrieval' });
      add(readResult(retrieval) ?? (await retrieve(context, retrieval)));
    }
  }
  context.say(trialsTable(results));
}

const folderOf = ({ store }: StageContext, { name }: Pick<Trial, 'name'>): string => join(store.folder, 'trials', name);

async function runTrial(context: StageContext, trial: Trial, folder: string): Promise<TrialResult> {
  const config = withOverrides(context.config, trial.change);
  const store = new CheckpointStore(folder, config, context.store);
  const own: StageContext = { ...context, config, store, sheetFolder: join(folder, 'sheets') };
  await finetuneDenoiser(own, { pictures: config.trials.pictures });
  await exportPackage(own, packageOf(folder));
  return score(context, folder, trial, 'model');
}

const retrieve = (context: StageContext, folder: string): Promise<TrialResult> => {
  mkdirSync(folder, { recursive: true });
  const trial = { name: 'retrieval', title: 'retrieval: nearest training picture', group: 'baseline' } as const;
  return score(context, folder, trial, 'retrieval', packageOf(folderOf(context, REFERENCE)));
};

const packageOf = (folder: string): string => join(folder, 'package');

async function score(
  { config, say }: StageContext,
  folder: string,
  { name, title, group }: Omit<Trial, 'change'>,
  painter: Painter,
  modelFolder = packageOf(folder),
): Promise<TrialResult> {
  const run = await runEvaluation({
    modelFolder,
    painter,
    samples: config.trials.graphs,
    seed: SEED,
    cacheFolder: join(folder, 'pictures'),
    progress: startProgress(name),
    say,
  });
  const { scores } = run.evaluation;
  const { oor, relationAccuracy, edgeFlip, isolation, ds, fd } = scores;
  const brief = Object.entries({ oor, relationAccuracy, edgeFlip, isolation, ds, fd }).map(
    ([key, { value, ceiling, floor, n, interval }]) => [key, { value, ceiling, floor, n, interval }] as const,
  );
  const result: TrialResult = {
    name,
    title,
    group,
    scores: Object.fromEntries(brief),
    pictures: picturesOf(run),
  };
  writeFileSync(
    join(folder, 'evaluation.json'),
    `${JSON.stringify(evaluationJson(run, SEED, painter === 'model' ? 'painted' : 'retrieved'), null, 2)}\n`,
  );
  writeFileSync(join(folder, RESULT), `${JSON.stringify(result)}\n`);
  return result;
}

const picturesOf = ({ pictures }: EvaluationRun): string[] =>
  pictures.base.slice(0, SHOWN).map((picture) => encodePng(picture).toString('base64'));

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
function readResult(folder: string): TrialResult | undefined {
  const file = join(folder, RESULT);
  return existsSync(file) ? v.parse(resultSchema, JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** After each trial, so that a page is there before the last one is done. */
function writeResults({ config, store }: StageContext, results: readonly TrialResult[]): void {
  const facts = [
    ['fine-tuning', `${config.trials.pictures} pictures each, from the same pre-trained denoiser`],
    ['test graphs', `${config.trials.graphs}, same seeds`],
  ] as const;
  writeFileSync(join(store.folder, 'trials.html'), trialsPage(results, facts));
  const numbers = results.map(({ pictures: _, ...result }) => result);
  writeFileSync(join(store.folder, 'trials.json'), `${JSON.stringify(numbers, null, 2)}\n`);
}
