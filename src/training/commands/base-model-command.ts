/** `npm run train -- STAGE --base DIR`: what the command line says, as options of the road from a base model to a package. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Fusion, fusions } from '#engine/stable-diffusion/conditioning-plan.ts';
import {
  type BaseStage,
  baseStages,
  type Precision,
  precisions,
  type Trainable,
  trainables,
} from '#training/text-to-image/choices.ts';
import { BaseModelError } from '#training/text-to-image/input-error.ts';
import type { Device } from '#training/trainer/training-step.ts';
import { settingOption } from './setting-option.ts';

export interface BaseModelOptions {
  readonly base: string;
  readonly data?: string;
  readonly clip?: string;
  readonly out?: string;
  readonly fusion?: Fusion;
  readonly gan: boolean;
  readonly train: Trainable;
  readonly lambda: number;
  readonly beta: number;
  readonly minutes?: number;
  readonly batch: number;
  readonly accumulate: number;
  readonly checkpoints: number;
  readonly rank: number;
  readonly precision: Precision;
  readonly width: number;
  readonly layers: number;
  readonly rate: number;
  readonly pictures: number;
  readonly samples: number;
  readonly inception?: string;
  readonly lpips?: string;
  readonly detector?: string;
  readonly classes?: string;
  readonly seed: number;
  readonly device: Device;
  readonly dryRun?: boolean;
}

/** As Stable Diffusion itself was trained. */
const DROPOUT = 0.1;
const MINUTES = 600;
const FUSION = 'full';

/** Adds the options that a base model has and the built-in one has not. */
export function withBaseModel(program: Command): Command {
  return program
    .option(
      '--base <folder>',
      `fine-tune this Stable Diffusion (diffusers ONNX layout, single precision, with vae_encoder): all, trials, or one of ${baseStages.join(', ')}. The options below are for it`,
    )
    .option('--data <folder>', 'imported data set')
    .option('--clip <file>', 'ONNX file of CLIP: its image tower is what G_global is aligned with')
    .option('--out <folder>', 'where the package goes, with its scores and report')
    .addOption(new Option('--train <what>', 'what learns').choices(trainables).default('adapter'))
    .addOption(
      new Option('--fusion <which>', `how labels and graph become S_cond (default: "${FUSION}")`).choices(fusions),
    )
    .option('--no-gan', 'fine-tune without aligning the graph encoder first')
    .option('--lambda <x>', 'λ of λ·L_recon + (1 − λ)·(β·L_CLIP + (1 − β)·L_MMD)', parseShare, 0.7)
    .option('--beta <x>', 'β of the same', parseShare, 2 / 3)
    .option('--batch <n>', 'pictures of one step of the network', parseCount, 2)
    .option('--accumulate <n>', 'such steps before the weights move', parseCount, 8)
    .addOption(
      new Option('--precision <which>', "of the UNet's products; half pays on devices that compute it fast")
        .choices(precisions)
        .default('single'),
    )
    .option('--checkpoints <n>', 'parts of activation checkpointing: less memory, a third more time', parseCount, 1)
    .option('--rank <n>', 'of low-rank updates', parseCount, 8)
    .option('--width <n>', "of the adapter's message passing", parseCount, 512)
    .option('--layers <n>', 'of the same', parseCount, 3)
    .option('--rate <x>', 'peak learning rate', parseRate, 1e-4)
    .option('--pictures <n>', 'that each of the trials is fine-tuned on', parseCount, 20_000)
    .option('--samples <n>', 'test graphs that are scored', parseCount, 20)
    .option('--inception <file>', 'ONNX Inception-v3, for FID and IS')
    .option('--lpips <file>', 'ONNX LPIPS, for DS')
    .option('--detector <file>', 'ONNX YOLO detector, for OOR and for relations that boxes decide')
    .option('--classes <file>', "names of the detector's classes, one a line (default: COCO's 80)")
    .option('--seed <n>', 'of every draw', settingOption('seed'), 7)
    .option('--dry-run', 'say what the road takes in memory and time, and train nothing');
}

/** `all` makes a package; trials, which compare ways to make one, are asked for by name. */
export type BaseCommand = BaseStage | 'all' | 'trials';

export const isBaseCommand = (name: string): name is BaseCommand =>
  name === 'all' || name === 'trials' || baseStages.some((stage) => stage === name);

/** @throws BaseModelError, EngineError or ImportInputError for what a user can mend */
export async function runBaseModel(stage: BaseCommand, options: BaseModelOptions): Promise<void> {
  const { data, out, minutes = MINUTES, fusion = FUSION, rate, width, layers, dryRun, ...rest } = options;
  if (data === undefined || out === undefined) {
    const missing = [data === undefined && '--data FOLDER', out === undefined && '--out FOLDER'].filter(Boolean);
    throw new BaseModelError(`--base needs ${missing.join(' and ')}`);
  }
  if (stage === 'trials') checkTrials(options);
  const { runStages, sayWhatItTakes } = await import('#training/text-to-image/stages.ts');
  const given = {
    ...rest,
    data,
    out,
    minutes,
    fusion,
    learningRate: rate,
    adapter: { width, layers },
    dropout: DROPOUT,
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  if (stage === 'trials') return (await import('#training/text-to-image/trials.ts')).runBaseTrials(given);
  return dryRun ? sayWhatItTakes(given) : runStages(stage, given);
}

/** @throws BaseModelError for an option that trials would pass over */
function checkTrials({ minutes, dryRun, fusion, gan }: BaseModelOptions): void {
  if (minutes !== undefined || dryRun) {
    throw new BaseModelError(
      `${dryRun ? '--dry-run' : '--minutes'}: trials get an equal number of pictures each: give it with --pictures N`,
    );
  }
  if (fusion !== undefined || !gan) {
    throw new BaseModelError(`${gan ? '--fusion' : '--no-gan'}: each of the trials has its own: leave it away`);
  }
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('must be a whole number from 1 on');
  return count;
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 1)) throw new InvalidArgumentError('must be a number above 0, at most 1');
  return rate;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('must be a number from 0 to 1');
  return share;
}
