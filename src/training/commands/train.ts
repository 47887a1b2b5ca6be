/** `npm run train -- STAGE|all`: trains, stage by stage, and exports the package that the browser loads: the built-in model, or with --base a Stable Diffusion. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { FolderInUseError, lockFolder } from '#training/files/folder-lock.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { type ImportableSet, importableSets } from '#training/import/importable-sets.ts';
import { JobsError } from '#training/jobs/jobs-error.ts';
import { openWorkerPool } from '#training/jobs/pool.ts';
import { scaledTo, withStageMinutes } from '#training/run/budget.ts';
import { ConfigError, loadConfig, type StageName, stageNames, type TrainingConfig } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { openContext } from '#training/run/open-context.ts';
import { baseStages } from '#training/text-to-image/choices.ts';
import { BaseModelError } from '#training/text-to-image/input-error.ts';
import { matMulRate } from '#training/trainer/matmul-rate.ts';
import { StoppedError } from '#training/trainer/train-loop.ts';
import { type Device, devices } from '#training/trainer/training-step.ts';
import { isBadInput } from './bad-input.ts';
import { type BaseModelOptions, isBaseCommand, runBaseModel, withBaseModel } from './base-model-command.ts';
import type { ImportOptions } from './import-command.ts';
import { doJob } from './job-handlers.ts';

type Stage = (context: StageContext) => Promise<void>;

/** Loaded one by one: a stage's libraries are read only when it runs. */
const stages: Record<StageName, () => Promise<Stage>> = {
  corpus: async () => (await import('#training/stages/corpus.ts')).prepareCorpus,
  clip: async () => (await import('#training/stages/clip.ts')).trainClip,
  autoencoder: async () => (await import('#training/stages/autoencoder.ts')).trainAutoencoder,
  verifier: async () => (await import('#training/stages/verifier.ts')).trainVerifier,
  latents: async () => (await import('#training/stages/latents.ts')).computeLatents,
  'graph-encoder': async () => (await import('#training/stages/graph-encoder.ts')).trainGraphEncoder,
  denoiser: async () => (await import('#training/stages/denoiser.ts')).pretrainDenoiser,
  finetune: async () => (await import('#training/stages/denoiser.ts')).finetuneDenoiser,
  export: async () => (await import('#training/stages/export.ts')).exportPackage,
  student: async () => (await import('#training/stages/student/student.ts')).trainStudent,
  evaluate: async () => (await import('#training/stages/evaluate.ts')).evaluatePackage,
  report: async () => (await import('#training/stages/report.ts')).writeReport,
  samplers: async () => (await import('#training/stages/samplers.ts')).compareSamplers,
  trials: async () => (await import('#training/stages/trials.ts')).runTrials,
};

/** `all` makes a package; what compares designs and samplers is asked for by name. */
const wholeRun = stageNames.filter((name) => name !== 'trials' && name !== 'samplers');

/** What reads what others trained, also while they go on. */
const readOnly: readonly StageName[] = ['export', 'evaluate', 'report', 'samplers'];

interface Options {
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly device: Device;
  readonly config?: string;
  readonly workers?: string;
}

/** Gives one stage all minutes, or scales a whole run's shares to them. */
function withMinutes(config: TrainingConfig, stage: StageName | 'all', minutes: number | undefined): TrainingConfig {
  if (minutes === undefined) return config;
  if (stage === 'trials')
    throw new ConfigError('--minutes: trials get an equal number of pictures; set trials.pictures in --config');
  return stage === 'all' ? scaledTo(config, minutes) : withStageMinutes(config, stage, minutes);
}

async function main(stage: StageName | 'all', options: Options): Promise<void> {
  const config = withMinutes(loadConfig(options.config), stage, options.minutes);
  const pool = await openWorkerPool(options.workers, (line) => process.stderr.write(`${line}\n`));
  const context = openContext(config, options.device, pool);
  let release = () => {};
  try {
    if (!readOnly.some((name) => name === stage)) {
      release = lockFolder(context.store.folder);
      // Whoever only reads leaves the settings of the training there.
      replaceFile(join(context.store.folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    }
    const rate = await matMulRate();
    context.say(`this machine: MatMul at ${(rate / 1e9).toFixed(0)} GFLOP/s on ${availableParallelism()} processors`);
    for (const name of stage === 'all' ? wholeRun : [stage]) {
      context.say(`── ${name}`);
      await (await stages[name]())(context);
    }
  } finally {
    release();
    await pool.close();
  }
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new InvalidArgumentError('must be a number of minutes above 0');
  return minutes;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('must be a whole number from 1 on');
  return count;
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!(size >= 16 && size <= 1024 && size % 16 === 0)) {
    throw new InvalidArgumentError('must be a multiple of 16 from 16 to 1024');
  }
  return size;
}

const isStage = (name: string): name is StageName | 'all' => name === 'all' || stageNames.some((each) => each === name);

function parseStage(text: string): string {
  if (isStage(text) || isBaseCommand(text)) return text;
  throw new InvalidArgumentError(
    `must be "all" or one of ${stageNames.join(', ')}; with --base all, trials, ${baseStages.join(', ')}`,
  );
}

/** Options that mean nothing without a base model, and have no default. */
const ofBaseModel = ['data', 'clip', 'out', 'fusion', 'inception', 'lpips', 'detector', 'classes', 'dryRun'] as const;

/** The same names mean stages of the built-in model, or with --base those of a base model. */
async function start(stage: string, options: Options & Partial<BaseModelOptions>): Promise<void> {
  const { base } = options;
  if (base !== undefined) {
    if (!isBaseCommand(stage))
      throw new BaseModelError(
        `with --base the stage must be "all", "trials" or one of ${baseStages.join(', ')}, not ${stage}`,
      );
    return runBaseModel(stage, { ...(options as BaseModelOptions), base });
  }
  const meant = ofBaseModel.find((name) => options[name] !== undefined);
  if (meant !== undefined || !isStage(stage)) {
    throw new BaseModelError(
      `${meant === undefined ? stage : `--${meant === 'dryRun' ? 'dry-run' : meant}`} is for a base model: name it with --base FOLDER`,
    );
  }
  return main(stage, options);
}

function parseDevice(text: string): Device {
  const found = devices.find((name) => name === text);
  if (!found) throw new InvalidArgumentError(`must be one of ${devices.join(', ')}`);
  return found;
}

/** Beside the engine's: what the user gave cannot be used. */
const badInput = [ConfigError, ImportInputError, JobsError, BaseModelError, EvaluationInputError, FolderInUseError];

async function run(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    // Workers that render ahead would keep a failed run alive.
    process.exit(error instanceof StoppedError ? error.exitCode : isBadInput(error, badInput) ? 2 : 1);
  }
}

const program = withBaseModel(new Command('train'))
  // Otherwise options of a subcommand that the program has too (--minutes, --device) would be the program's.
  .enablePositionalOptions()
  .description('Trains the models of a package. Every stage resumes from its last checkpoint, at most a minute old.')
  .argument('<stage>', `all, or one of ${stageNames.join(', ')}; other ones with --base`, parseStage)
  .option('--minutes <n>', 'time to train in all, over any number of interrupted runs', parseMinutes)
  .option('--resume', 'go on from the last checkpoint (stages always do; kept for scripts that say so)')
  .option('--device <name>', `execution provider: ${devices.join(', ')}`, parseDevice, 'cpu')
  .option('--config <file>', 'JSON file that overrides parts of the default configuration')
  .option('--workers <redis>', 'spread latents, evaluation and trials over the workers that wait at this Redis')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  })
  .action((stage: string, options: Options & Partial<BaseModelOptions>) => run(() => start(stage, options)));

program
  .command('work')
  .description('Does work of other machines, until Ctrl+C; all of them share the folder that SGRAFFITO_CACHE names.')
  .argument('<redis>', 'where jobs wait, like redis://localhost:6379')
  .option('--lost-after <seconds>', 'silence after which another worker takes over a job of this one', parseCount, 60)
  .action((address: string, { lostAfter }: { lostAfter: number }) =>
    run(async () => {
      const { workOff } = await import('#training/jobs/worker.ts');
      const leaving = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leaving.abort());
      await workOff(address, {
        doJob,
        lostAfter,
        say: (line) => process.stderr.write(`${line}\n`),
        signal: leaving.signal,
      });
    }),
  );

program
  .command('import')
  .description(
    'Prepares a public data set for training and evaluation, as sg2im does. Run it again after an interruption.',
  )
  .addArgument(new Argument('<set>', 'which data set').choices(importableSets))
  .argument('<folder>', 'where its published files lie')
  .option('--out <folder>', 'where the records go (default: .cache/data/SET)')
  .option('--size <pixels>', 'side of the square pictures, a multiple of 16', parseSize, 256)
  .option('--min-objects <n>', 'train objects that a label needs (default: 2000; COCO and PSG take all)', parseCount)
  .option(
    '--min-predicates <n>',
    'train relations that a predicate needs (default: 500; COCO and PSG take all)',
    parseCount,
  )
  .action((set: ImportableSet, folder: string, options: ImportOptions) =>
    run(async () => (await import('./import-command.ts')).runImport(set, folder, options)),
  );

await program.parseAsync();
