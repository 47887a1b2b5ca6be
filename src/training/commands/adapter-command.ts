/** `npm run train -- adapter`: what the command line says, as options of the training. */
import { sizeText } from '#engine/package/download.ts';
import type { Precision, Trainable } from '#training/text-to-image/choices.ts';
import { type AdapterOptions, dryRun, trainAdapter } from '#training/text-to-image/finetune.ts';
import type { Device } from '#training/trainer/training-step.ts';

export interface AdapterCommandOptions {
  readonly out: string;
  readonly train: Trainable;
  readonly minutes: number;
  readonly batch: number;
  readonly accumulate: number;
  readonly checkpoints: number;
  readonly rank: number;
  readonly clip?: string;
  readonly precision: Precision;
  readonly width: number;
  readonly layers: number;
  readonly rate: number;
  readonly seed: number;
  readonly device: Device;
  readonly dryRun?: boolean;
}

/** As Stable Diffusion itself was trained. */
const DROPOUT = 0.1;
/** Of L_train, as for the built-in model. */
const LAMBDA = 0.7;
const BETA = 2 / 3;

export async function runAdapter(folder: string, data: string, options: AdapterCommandOptions): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { minutes, rate, width, layers, ...rest } = options;
  const given: AdapterOptions = {
    ...rest,
    package: folder,
    data,
    budget: { minutes },
    learningRate: rate,
    adapter: { width, layers },
    lambda: LAMBDA,
    beta: BETA,
    dropout: DROPOUT,
    say,
  };
  if (!options.dryRun) return trainAdapter(given);
  const { trained, fixed, seconds, memory } = await dryRun(given);
  const millions = (count: number) => `${(count / 1e6).toFixed(count < 1e7 ? 2 : 0)} million`;
  say(`learns: ${millions(trained)} weights; fixed: ${millions(fixed)}`);
  say(`memory: ${sizeText(memory)}${given.device === 'cpu' ? '' : `, beside what ${given.device} holds`}`);
  say(
    `a step: ${seconds.toFixed(2)} s for ${given.batch * given.accumulate} pictures; ${Math.floor((minutes * 60) / seconds)} steps in ${minutes} minutes`,
  );
}
