/** `npm run evaluate`: scores a model package on test graphs, as JSON, as a table and as a page. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { TokenError } from '#diffusion/tokens.ts';
import { samplerNames } from '#engine/contract/generation-settings.ts';
import { evaluationJson, paintedBy } from '#training/evaluation/evaluation-json.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { type EvaluationOptions, type Painter, painters, runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { scoreTable } from '#training/evaluation/scores/score-table.ts';
import { type Preset, presets } from '#training/evaluation/study/evaluation-preset.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { modelFolder } from '#training/files/model-folder.ts';
import { PictureError } from '#training/files/picture-file.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { JobsError } from '#training/jobs/jobs-error.ts';
import { openWorkerPool } from '#training/jobs/pool.ts';
import { reportData } from '#training/report/report-data.ts';
import { reportPage, scoreRows } from '#training/report/report-page.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';
import { BaseModelError } from '#training/text-to-image/input-error.ts';
import { exitCodeOf } from './exit-code.ts';
import { InputError } from './input-error.ts';
import { checkOutputFile } from './output-file.ts';
import { settingOption } from './setting-option.ts';

interface Options {
  readonly model: string;
  readonly graphs?: string;
  readonly images?: string;
  readonly painter: Painter;
  readonly preset?: Preset;
  readonly data?: string;
  readonly samples?: number;
  readonly seed: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly relations?: number;
  readonly sampler?: EvaluationOptions['sampler'];
  readonly size?: number;
  readonly clip?: string;
  readonly inception?: string;
  readonly lpips?: string;
  readonly detector?: string;
  readonly classes?: string;
  readonly workers?: string;
  readonly report?: string;
  readonly json: string;
}

async function main(options: Options): Promise<void> {
  checkOutputFile('--json', options.json);
  checkOutputFile('--report', options.report);
  for (const file of [options.json, options.report]) {
    if (file !== undefined && !existsSync(dirname(file))) {
      throw new EvaluationInputError(`${file} cannot be written: there is no folder ${dirname(file)}`);
    }
  }
  const given = <Key extends string, Value>(key: Key, value: Value | undefined) =>
    (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, Value>>;
  const cache = cacheFolder();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const pool = await openWorkerPool(options.workers, say);
  const run = await runEvaluation({
    modelFolder: modelFolder(options.model),
    seed: options.seed,
    painter: options.painter,
    cacheFolder: join(cache, 'evaluate'),
    progress: startProgress('painting'),
    pool,
    say,
    ...given('preset', options.preset),
    ...given('dataFolder', options.data ?? (options.preset && join(cache, 'data', options.preset))),
    ...given('graphsFile', options.graphs),
    ...given('imagesFolder', options.images),
    ...given('samples', options.samples),
    ...given('steps', options.steps),
    ...given('guidanceScale', options.guidance),
    ...given('relationFactor', options.relations),
    ...given('sampler', options.sampler),
    ...given('size', options.size),
    ...given('clipFile', options.clip),
    ...given('inceptionFile', options.inception),
    ...given('lpipsFile', options.lpips),
    ...given('detectorFile', options.detector),
    ...given('classesFile', options.classes),
  }).finally(() => pool.close());
  const json = evaluationJson(run, options.seed, options.images === undefined ? paintedBy[options.painter] : 'given');
  replaceFile(options.json, `${JSON.stringify(json, null, 2)}\n`);
  if (options.report !== undefined) {
    const title = `${run.facts.title}: evaluation`;
    const facts = Object.entries(json.run).map(([name, value]) => [name, String(value)] as const);
    replaceFile(options.report, reportPage(reportData({ ...run, title, facts })));
  }
  process.stdout.write(`${scoreTable(scoreRows(run.evaluation.scores))}\n`);
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000) {
    throw new InvalidArgumentError('must be a whole number from 1 to 1000000.');
  }
  return value;
}

/** Beside the engine's: what the user gave cannot be evaluated. */
const badInput = [
  InputError,
  EvaluationInputError,
  PictureError,
  BaseModelError,
  TokenError,
  ImportInputError,
  JobsError,
];

/** @param args as they were typed behind the command. @returns the exit code: 0 done, 1 failed, 2 bad input */
export const evaluateCommand = (args: readonly string[]): Promise<number> =>
  exitCodeOf(commandLine(), args, main, { prefix: 'evaluate: ', badInput });

const commandLine = (): Command =>
  new Command('evaluate')
    .description(
      'Scores a model package, or a Stable Diffusion in ONNX. Every score is printed beside its ceiling (real pictures) and its floor.',
    )
    .option('--model <name>', 'a package of public/models, or the path of a folder', 'picturebook')
    .option('--graphs <file>', "graphs in this product's or sg2im's format (default: the test split of the corpus)")
    .option('--images <folder>', 'score these pictures, in the order of the graphs by name, instead of painting')
    .addOption(
      new Option(
        '--painter <who>',
        'the model, the model told labels alone, or the training picture with the nearest graph',
      )
        .choices(painters)
        .default('model')
        .conflicts('images'),
    )
    .addOption(
      new Option('--preset <set>', 'as published: every graph of its test split, LMS, 100 steps, guidance 7.5')
        .choices(presets)
        .conflicts('graphs'),
    )
    .addOption(
      new Option(
        '--data <folder>',
        'an imported data set, whose test split is painted and compared with (of a preset: .cache/data/SET)',
      ).conflicts('graphs'),
    )
    .option('--samples <n>', 'number of graphs (default: 200 of the corpus, all of a file)', whole)
    .option('--seed <n>', 'of the pictures and of every draw', settingOption('seed'), 0)
    .option('--steps <n>', "denoising steps (default: the model's)", settingOption('steps'))
    .option('--guidance <x>', "guidance scale (default: the model's)", settingOption('guidanceScale'))
    .option(
      '--relations <x>',
      "how much further guidance carries relations than objects (default: the model's)",
      settingOption('relationFactor'),
    )
    .addOption(new Option('--sampler <name>', "the model's by default").choices(samplerNames))
    .option('--size <pixels>', 'side of the pictures, of a model that paints any size', settingOption('width'))
    .option('--clip <file>', "ONNX file of CLIP, for FD and DS (default: the package's clip-image.onnx)")
    .option('--inception <file>', 'ONNX Inception-v3, for FID and IS as published')
    .option('--lpips <file>', 'ONNX LPIPS, for DS as published')
    .option('--detector <file>', 'ONNX YOLO detector, for OOR as published and for relations that boxes decide')
    .option('--classes <file>', "names of the detector's classes, one a line (default: COCO's 80)")
    .option('--workers <redis>', 'let the workers that wait at this Redis paint: npm run train -- work REDIS')
    .option('--report <file>', 'write a self-contained HTML page')
    .requiredOption('--json <file>', 'write the scores as JSON');
