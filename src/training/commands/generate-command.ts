/** `npm run generate -- --graph FILE --out FILE.png`: paints scene graphs, or a text, with the pipeline and engine that the browser runs. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { notesOf } from '#engine/any-package.ts';
import { samplerNames, settingBounds } from '#engine/contract/generation-settings.ts';
import { DEFAULT_HUB } from '#engine/contract/model-place.ts';
import { withRecipe } from '#engine/contract/png-recipe.ts';
import type { Picture, TextPrompt } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import type { Engine } from '#engine/engine.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import { type ReadGraphs, readGraphs } from '#graph/files/read-graph.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { modelFolder } from '#training/files/model-folder.ts';
import { encodePng } from '#training/files/picture-file.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { JobsError } from '#training/jobs/jobs-error.ts';
import { GenerationBatch } from './batch/generation-batch.ts';
import { paintByWorkers } from './batch/paint-by-workers.ts';
import { PaintingThreads, threadRoom } from './batch/painting-threads.ts';
import type { StoredResult } from './batch/result-store.ts';
import { exitCodeOf } from './exit-code.ts';
import { generationReport, type PictureReport } from './generation-report.ts';
import { type GivenNoise, readNoise } from './given-noise.ts';
import { InputError } from './input-error.ts';
import { placeOf } from './open-model.ts';
import { checkOutputFile } from './output-file.ts';
import {
  type Choices,
  identityOf,
  openPainters,
  type Painters,
  type Plan,
  paint,
  planOf,
  recipeOf,
} from './painters.ts';
import { settingOption } from './setting-option.ts';

interface Options extends Choices {
  readonly graph?: string;
  readonly prompt?: string;
  readonly negative?: string;
  readonly noise?: string;
  readonly report?: string;
  readonly out: string;
  readonly model: string;
  readonly over?: string;
  readonly hub: string;
  readonly count: number;
  readonly resume: boolean;
  readonly workers?: string;
}

async function main(options: Options): Promise<void> {
  checkOut(options);
  checkOver(options);
  checkWorkers(options);
  const { subjects, warnings } = readSubjects(options);
  const noise = options.noise === undefined ? undefined : readNoise(options.noise);
  const painters = await openPainters(options);
  const loadMilliseconds = performance.now();
  checkSubjects(painters, subjects, options);
  sayBefore(painters, warnings, options);
  const batch = await batchOf(painters, subjects.length, options);
  const wanted = pictureNames(subjects, options).map(
    (each): Planned => ({ ...each, plan: planOf(painters, { ...options, seed: each.seed }) }),
  );
  const missing = wanted.filter(({ file, subject, plan }) => !batch?.isDone(file, subject, plan.settings));
  const finish: Finish = async ({ file, subject, seed, plan }, painted) => {
    // Given noise is no part of a recipe, which would then lead to another picture.
    const recipe = noise === undefined ? recipeOf(painters, subject, plan) : undefined;
    await writePng(file, painted.picture, recipe);
    batch?.add(file, subject, plan.settings, painted.verification);
    process.stdout.write(`${file}  seed ${seed}  ${(painted.milliseconds / 1000).toFixed(1)} s\n`);
  };
  const pictures =
    options.workers === undefined
      ? await paintHere({ painters, missing, noise, options, finish })
      : await paintElsewhere(options.workers, { painters, missing, options, finish });
  const kept = wanted.length - missing.length;
  if (kept > 0) process.stdout.write(`${kept} pictures were there already\n`);
  if (batch) process.stdout.write(`${batch.writePage(options.graph ?? options.prompt ?? '')}\n`);
  const { drawing, over } = painters;
  if (options.report !== undefined) {
    const models = { model: drawing.model, over: over?.model };
    const report = await generationReport({ ...models, loadMilliseconds, pictures });
    await mkdir(dirname(options.report), { recursive: true });
    replaceFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
  }
  await drawing.engine.release();
  await over?.engine.release();
}

/** @throws InputError for a graph that a model cannot paint, or a setting that it does not have */
function checkSubjects({ drawing, over }: Painters, subjects: Subjects['subjects'], options: Options): void {
  for (const opened of [drawing, over]) if (opened) checkAll(opened.engine, subjects, options);
  if (options.relations !== undefined && drawing.engine.manifest.kind !== 'picturebook') {
    throw new InputError(
      '--relations: this model reads a graph as words and cannot carry relations further than objects',
    );
  }
}

function sayBefore({ drawing, over }: Painters, warnings: Subjects['warnings'], { graph, prompt }: Options): void {
  const notes = prompt === undefined ? notesOf((over ?? drawing).engine.manifest) : [];
  for (const line of [...notes, ...warnings.map((warning) => `${graph}: ${warning}`)])
    process.stderr.write(`${line}\n`);
}

/** Writes a picture down once it is painted. */
type Finish = (each: Planned, painted: StoredResult) => Promise<void>;

interface Work {
  readonly painters: Painters;
  /** Pictures that are not there yet. */
  readonly missing: readonly Planned[];
  readonly options: Options;
  readonly finish: Finish;
}

/** In this process, or on a thread for each core. @returns what a report says of each */
async function paintHere({
  painters,
  missing,
  noise,
  options,
  finish,
}: Work & { readonly noise: GivenNoise | undefined }): Promise<PictureReport[]> {
  const pictures: PictureReport[] = [];
  const threads = threadsFor(painters.drawing.engine, missing.length, options);
  const queue = missing.values();
  // Each takes the next picture that nobody has taken.
  const paintNext = async (): Promise<void> => {
    for (const each of queue) {
      const { file, subject, plan } = each;
      const { settings } = plan;
      const painted = threads
        ? { settings, result: await threads.paint({ subject, settings }) }
        : await paint(painters, subject, plan, noise);
      const { result } = painted.over ?? painted;
      await finish(each, result);
      const cut = result.account?.tokensCut ?? 0;
      if (cut > 0)
        process.stderr.write(`The model reads no more of the text: ${cut} tokens at its end were left out.\n`);
      if (options.report !== undefined) pictures.push({ file, subject, ...painted });
    }
  };
  await Promise.all(Array.from({ length: threads?.count ?? 1 }, paintNext)).finally(() => threads?.close());
  return pictures;
}

/** By the workers that wait at a Redis, which report nothing. */
async function paintElsewhere(redis: string, { painters, missing, options, finish }: Work): Promise<PictureReport[]> {
  const orders = missing.map((each) => ({ each, subject: each.subject, settings: each.plan.settings }));
  const folder = modelFolder(options.model);
  await paintByWorkers(redis, painters.drawing, folder, orders, ({ each }, result) => finish(each, result));
  return [];
}

interface Wanted {
  readonly file: string;
  readonly subject: SceneGraph | TextPrompt;
  readonly seed: number;
}

interface Planned extends Wanted {
  readonly plan: Plan;
}

/** out.png; out-INDEX.png of several graphs, out-SEED.png of several seeds. */
function pictureNames(subjects: Subjects['subjects'], { out, seed: first, count }: Options): Wanted[] {
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  return subjects.flatMap((subject, index) =>
    seeds.map((seed) => {
      const suffixes = [...(subjects.length > 1 ? [index] : []), ...(count > 1 ? [seed] : [])];
      return { file: nameWith(out, suffixes), subject, seed };
    }),
  );
}

/** For fewer pictures opening the package once more costs more than it saves. */
const PICTURES_PER_THREAD = 4;

/** One for each core, of a package in a folder; given noise cannot be handed to another thread, and a Stable Diffusion model fills memory once. */
function threadsFor(
  { manifest }: Engine,
  pictures: number,
  { model, over, hub, noise, report }: Options,
): PaintingThreads | undefined {
  const count = Math.floor(Math.min(threadRoom(), pictures / PICTURES_PER_THREAD));
  const isFar = placeOf(model, hub) !== undefined;
  const isAlone = manifest.kind !== 'picturebook' || over !== undefined || isFar || noise !== undefined;
  return count < 2 || isAlone || report !== undefined ? undefined : new PaintingThreads(modelFolder(model), count);
}

/** Of more than one picture. */
async function batchOf(painters: Painters, graphs: number, options: Options): Promise<GenerationBatch | undefined> {
  const { out, resume, count, noise } = options;
  if (graphs * count === 1) return undefined;
  const start = noise === undefined ? undefined : createHash('sha256').update(readFileSync(noise)).digest('hex');
  const identity = await identityOf(painters, planOf(painters, options));
  return new GenerationBatch({ out, isResumed: resume, painter: [identity, start] });
}

interface Subjects {
  readonly subjects: readonly (SceneGraph | TextPrompt)[];
  readonly warnings: readonly string[];
}

/** @throws InputError for what would fail after the first picture only */
function checkOut({ out, report, seed, count }: Options): void {
  checkOutputFile('--out', out);
  checkOutputFile('--report', report);
  const extension = parse(out).ext.toLowerCase();
  if (extension !== '' && extension !== '.png') {
    throw new InputError(`--out: ${out} is no PNG file; its name must end in .png`);
  }
  const { max } = settingBounds.seed;
  if (seed + count - 1 > max) {
    throw new InputError(`--count: ${count} pictures from seed ${seed} on would go beyond the last seed, ${max}`);
  }
}

function checkOver({ over, strength, prompt }: Options): void {
  if (over === undefined && strength !== undefined) throw new InputError('--strength goes with --over');
  if (over !== undefined && prompt !== undefined) throw new InputError('--over goes with --graph');
}

/** A worker finds the model in a folder, and writes a picture and its verdicts alone. */
function checkWorkers({ workers, model, hub, noise, over, report }: Options): void {
  if (workers === undefined) return;
  const without = Object.entries({ '--noise': noise, '--over': over, '--report': report });
  const [option] = without.find(([, given]) => given !== undefined) ?? [];
  if (option !== undefined) throw new InputError(`--workers does not go with ${option}`);
  if (placeOf(model, hub)) throw new InputError(`--workers takes a model in a folder, and ${model} is none`);
}

/** Graphs of a file, or one text. @throws InputError unless exactly one of the two is given */
function readSubjects({ graph, prompt, negative }: Options): Subjects {
  if (graph !== undefined && prompt !== undefined) throw new InputError('give --graph or --prompt, not both');
  if (prompt !== undefined) return { subjects: [{ prompt, negative }], warnings: [] };
  if (negative !== undefined) throw new InputError('--negative goes with --prompt');
  if (graph === undefined) throw new InputError('--graph FILE or --prompt TEXT is needed: there is nothing to paint');
  const { graphs, warnings } = readGraphFile(graph);
  return { subjects: graphs, warnings };
}

function readGraphFile(file: string): ReadGraphs {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    return readGraphs(text);
  } catch (error) {
    if (error instanceof GraphFormatError) throw new InputError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Before the first picture is painted, not after the tenth. */
function checkAll(engine: Engine, subjects: Subjects['subjects'], { graph: file }: Options): void {
  for (const [index, subject] of subjects.entries()) {
    if ('prompt' in subject) continue;
    try {
      engine.checkGraph(subject);
    } catch (error) {
      throw new InputError(`${file}${subjects.length > 1 ? `[${index}]` : ''}: ${messageOf(error)}`);
    }
  }
}

/** out.png and 3 → out-3.png. */
function nameWith(out: string, suffixes: readonly number[]): string {
  const { dir, name, ext } = parse(out);
  return join(dir, `${[name, ...suffixes].join('-')}${ext || '.png'}`);
}

async function writePng(file: string, picture: Picture, recipe: Recipe | undefined): Promise<void> {
  const png = encodePng(picture);
  await mkdir(dirname(file), { recursive: true });
  replaceFile(file, recipe ? withRecipe(png, recipe) : png);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
}

/** @param args as they were typed behind the command. @returns the exit code: 0 done, 1 failed, 2 bad input */
export const generateCommand = (args: readonly string[]): Promise<number> =>
  exitCodeOf(commandLine(), args, main, { badInput: [InputError, JobsError] });

const commandLine = (): Command =>
  new Command('generate')
    .description('Paints the scene graphs of a file, or a text. Exit codes: 0 done, 1 failed, 2 bad input.')
    .option(
      '--graph <file>',
      'a Sgraffito, sg2im or Visual Genome scene graph, or a list of them (FILE-0.png, FILE-1.png, …)',
    )
    .option('--prompt <text>', 'words to paint in place of a graph, by a Stable Diffusion model')
    .option('--negative <text>', 'words that guidance leads away from; none otherwise')
    .requiredOption('--out <file>', 'the PNG file to write')
    .option('--seed <n>', 'seed of the noise', settingOption('seed'), 0)
    .option('--steps <n>', 'sampling steps; the model’s default otherwise', settingOption('steps'))
    .option(
      '--guidance <x>',
      'classifier-free guidance scale; the model’s default otherwise',
      settingOption('guidanceScale'),
    )
    .option(
      '--relations <x>',
      'how much further guidance carries relations than objects; the model’s default otherwise',
      settingOption('relationFactor'),
    )
    .addOption(new Option('--sampler <name>', 'the model’s default otherwise').choices(samplerNames))
    .option('--style <name>', 'one of the model’s styles, or any; the model’s default otherwise')
    .option(
      '--model <name>',
      'a model in public/models, a package’s folder, its http(s) address, or OWNER/NAME[@REVISION] on the hub',
      'picturebook',
    )
    .option(
      '--over <name>',
      'a Stable Diffusion model that paints over the picture that --model drew of the graph; steps, guidance, sampler, width, height and noise are then its own',
    )
    .option('--strength <x>', 'how much of it may change, above 0 and at most 1 (0.6)', settingOption('strength'))
    .option(
      '--width <n>',
      'pixels, by a Stable Diffusion model of any size; the model’s otherwise',
      settingOption('width'),
    )
    .option('--height <n>', 'the same', settingOption('height'))
    .option(
      '--noise <file.safetensors>',
      '“noise” to start from and “step_noise” for samplers that draw, of unit variance; from the seed otherwise',
    )
    .option('--report <file.json>', 'where to write what was done: words, token numbers, sigmas, hashes, times, memory')
    .option('--hub <address>', 'where OWNER/NAME is looked up', process.env.SGRAFFITO_HUB ?? DEFAULT_HUB)
    .option('--count <n>', 'pictures per graph, with seeds from the given one on (FILE-SEED.png)', count, 1)
    .option(
      '--resume',
      'go on with an interrupted run: pictures that are there, of the same graph and settings, stay',
      false,
    )
    .option('--workers <redis>', 'let the workers that wait at this Redis paint: npm run train -- work REDIS')
    .configureOutput({ outputError: (message, write) => write(message.split('\n')[0]!.concat('\n')) });
