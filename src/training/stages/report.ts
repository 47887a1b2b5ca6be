/** Stage 9: everything that a run left behind, on one page: curves, sheets over time, ablations, scores. Trains nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as v from 'valibot';
import { parseManifest } from '#engine/package/package-manifest.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { type StageReport, trainingPage } from '#training/report/training-page.ts';
import type { StageContext } from '#training/run/context.ts';
import { measureAlignment } from './alignment.ts';
import { readTrials } from './trials.ts';

const trained = ['autoencoder', 'clip', 'verifier', 'graph-encoder', 'denoiser', 'finetune', 'student'] as const;
const SHEETS_PER_STAGE = 4;
const SHEET_WIDTH = 900;

/** @throws Error when nothing was trained yet */
export async function writeReport(context: StageContext): Promise<void> {
  const { config, store, sheetFolder, say } = context;
  const stages = (await Promise.all(trained.map((stage) => stageReport(stage, store.folder, sheetFolder)))).filter(
    (stage) => stage !== undefined,
  );
  if (stages.length === 0) throw new Error(`nothing was trained in ${store.folder}: run "npm run train -- all" first`);
  const manifestFile = join(packageFolder(config.name), 'manifest.json');
  const minutes = stages.reduce((sum, stage) => sum + stage.minutes, 0);
  const page = trainingPage({
    title: `${config.name}: training`,
    facts: [
      ['hours of training', (minutes / 60).toFixed(1)],
      ['picture', `${config.imageSize} × ${config.imageSize}`],
      ['fusion', config.graphEncoder.fusion],
      ['λ', String(config.finetune.lambda)],
      ['β', config.finetune.beta.toFixed(2)],
    ],
    history: config.history,
    stages,
    alignment: store.hasWeights('clip') ? await measureAlignment(context) : undefined,
    trials: readTrials(store.folder),
    scores: existsSync(manifestFile) ? parseManifest(readFileSync(manifestFile)).evaluation : {},
  });
  const file = join(store.folder, 'report.html');
  replaceFile(file, page);
  say(`report: ${file}`);
}

const lineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ step: v.number(), seconds: v.number(), time: v.string() }),
);
/** Not what was learned, but how the clock ran. */
const clock = new Set(['step', 'seconds', 'time']);

/** Undefined for a stage that has not run. */
export async function stageReport(name: string, folder: string, sheetFolder: string): Promise<StageReport | undefined> {
  const file = join(folder, `${name}.log.jsonl`);
  if (!existsSync(file)) return undefined;
  // A run that was killed may have left half a line.
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const parsed = v.safeParse(lineSchema, line);
      return parsed.success ? [parsed.output] : [];
    });
  const last = lines.at(-1);
  if (!last) return undefined;
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))].filter((key) => !clock.has(key));
  const curve = (key: string) =>
    lines.flatMap((line) => {
      const value = line[key];
      return typeof value === 'number' && Number.isFinite(value) ? [{ x: line.seconds / 60, y: value }] : [];
    });
  return {
    name,
    minutes: last.seconds / 60,
    steps: last.step,
    curves: Object.fromEntries(names.map((key) => [key, curve(key)])),
    sheets: await sheetsOf(name, sheetFolder),
  };
}

/** The first, the last, and some at equal distances between them. */
async function sheetsOf(stage: string, folder: string): Promise<StageReport['sheets']> {
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder)
    .flatMap((name) => {
      const step = new RegExp(`^${stage}-(\\d+)\\.png$`).exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .sort((a, b) => a.step - b.step);
  const count = Math.min(SHEETS_PER_STAGE, all.length);
  const shown = Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))]!,
  );
  return Promise.all(shown.map(async ({ name, step }) => ({ step, jpeg: await asJpeg(join(folder, name)) })));
}

async function asJpeg(file: string): Promise<string> {
  const image = await loadImage(file);
  const width = Math.min(SHEET_WIDTH, image.width);
  const canvas = createCanvas(width, Math.round((image.height * width) / image.width));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toBuffer('image/jpeg', 80).toString('base64');
}
