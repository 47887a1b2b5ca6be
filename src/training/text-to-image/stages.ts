/**
 * The road from a base model and an imported data set to a package that reads graphs, stage by stage. Each goes on where it was, and what one
 * left behind the next one finds: features and checkpoints in the cache folder, the package where it was asked for.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sizeText } from '#engine/contract/size-text.ts';
import { lockFolder } from '#training/files/folder-lock.ts';
import { readDataSet, recordsIn } from '#training/import/data-set.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import type { Budget } from '#training/trainer/train-loop.ts';
import { openBaseModel } from './base-model.ts';
import { type BaseStage, baseStages } from './choices.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { checkScoring, evaluatePackage } from './evaluation.ts';
import { computeFeatures } from './features.ts';
import { dryRun } from './finetune.ts';
import { BaseModelError } from './input-error.ts';
import { checkTarget } from './package.ts';
import { writeBaseReport } from './report.ts';
import { alignEncoder, finetuneBase, openRoad, type Road, whyNotAligned, writePackage } from './road.ts';
import type { RoadOptions } from './road-options.ts';

/** Of the minutes of the whole road. Features and scores take what they take: they are counted, not timed. */
const SHARES = { 'graph-encoder': 0.1, finetune: 0.75 } as const;

/** @throws BaseModelError, EngineError or ImportInputError for what a user can mend */
export async function runStages(stage: BaseStage | 'all', options: RoadOptions): Promise<void> {
  const road = await openRoad(options);
  const budget = (name: keyof typeof SHARES) => ({ minutes: options.minutes * (stage === 'all' ? SHARES[name] : 1) });
  let release: (() => void) | undefined;
  try {
    if (stage === 'all') await checkScoring(options, road.model.image);
    if (!readOnly.some((name) => name === stage)) release = lockFolder(road.folder);
    for (const name of stage === 'all' ? baseStages : [stage]) {
      options.say(`── ${name}`);
      switch (name) {
        case 'features':
          await road.features();
          break;
        case 'graph-encoder':
          await align(road, budget(name), stage === 'all');
          break;
        case 'finetune':
          await finetuneBase(road, budget(name));
          break;
        case 'package':
          await writePackage(road);
          break;
        case 'evaluate':
          await evaluatePackage(road.options);
          break;
        case 'report':
          await writeBaseReport(road.options, [road.encoderStore.folder, road.store.folder]);
          break;
        default:
          name satisfies never;
      }
    }
  } finally {
    release?.();
    await road.model.release();
  }
}

/** What reads what others trained, also while they go on. A package is made of features too, which may have to be written first. */
const readOnly: readonly BaseStage[] = ['evaluate', 'report'];

/** Of the whole road it is left out where there is nothing to align; asked for by name, that is a fault. */
async function align(road: Road, budget: Budget, isPartOfAll: boolean): Promise<void> {
  const { options } = road;
  const reason = whyNotAligned(options) ?? (isPartOfAll && !options.gan ? 'left out by --no-gan' : undefined);
  if (reason === undefined) return alignEncoder(road, budget);
  if (!isPartOfAll) throw new BaseModelError(`graph-encoder: ${reason}`);
  options.say(`graph-encoder: ${reason}`);
}

/** Pictures that the time of features is taken of. */
const TRIED = 4;

/** What the road takes, said before hours are spent on it. Leaves nothing behind. */
export async function sayWhatItTakes(options: RoadOptions): Promise<void> {
  const { base, data, clip, out, fusion, say, minutes } = options;
  checkTarget(base, out);
  const pictures = recordsIn(readDataSet(data), 'train');
  const model = await openBaseModel(base);
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-dry-'));
  try {
    await checkScoring(options, model.image);
    const tower = clip === undefined ? undefined : await openClipTower(clip);
    const quiet = { update: () => undefined, close: () => undefined };
    const start = performance.now();
    const set = await computeFeatures({ model, data, fusion, clip: tower }, join(folder, 'features'), quiet, TRIED);
    const each = (performance.now() - start) / 1000 / set.count;
    await tower?.release();
    await model.release();
    const store = new CheckpointStore(join(folder, 'store'), {});
    const run = await dryRun({ model, set, store }, { ...options, budget: { minutes } });
    const millions = (count: number) => `${(count / 1e6).toFixed(count < 1e7 ? 2 : 0)} million`;
    const bytes = 4 * (set.example(0).latent.length + set.features) + 2 * set.room.tokens * set.width;
    say(
      `features: ${pictures} pictures, ${each.toFixed(2)} s each: ${Math.ceil((pictures * each) / 60)} minutes, ${sizeText(pictures * bytes)} in ${cacheFolder()}`,
    );
    say(`learns: ${millions(run.trained)} weights; fixed: ${millions(run.fixed)}`);
    say(`memory: ${sizeText(run.memory)}${options.device === 'cpu' ? '' : `, beside what ${options.device} holds`}`);
    const trained = minutes * SHARES.finetune;
    say(
      `a step: ${run.seconds.toFixed(2)} s for ${options.batch * options.accumulate} pictures; ${Math.floor((trained * 60) / run.seconds)} steps in ${trained.toFixed(1)} of ${minutes} minutes`,
    );
  } finally {
    await model.release();
    rmSync(folder, { recursive: true, force: true });
  }
}
