/**
 * The road from a base model and an imported data set to a package that reads graphs, stage by stage. Each goes on where it was, and what one
 * left behind the next one finds: features and checkpoints in the cache folder, the package where it was asked for.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { sizeText } from '#engine/contract/size-text.ts';
import { startProgress } from '#training/files/progress.ts';
import { manifestFile, readDataSet, recordsIn } from '#training/import/data-set.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { type BaseModel, openBaseModel } from './base-model.ts';
import { type BaseStage, baseStages } from './choices.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { evaluatePackage } from './evaluation.ts';
import { computeFeatures, type FeatureSet } from './features.ts';
import { dryRun, finetune } from './finetune.ts';
import { adapterConfig, buildFinetuneGraph } from './finetune-step.ts';
import { measureEncoder, trainGraphEncoder } from './graph-encoder.ts';
import { BaseModelError } from './input-error.ts';
import { adapterModel, checkTarget, exportPackage, movedWeights } from './package.ts';
import { writeBaseReport } from './report.ts';
import type { RoadOptions } from './road-options.ts';

/** Of the minutes of the whole road. Features and scores take what they take: they are counted, not timed. */
const SHARES = { 'graph-encoder': 0.1, finetune: 0.75 } as const;

/** @throws BaseModelError, EngineError or ImportInputError for what a user can mend */
export async function runStages(stage: BaseStage | 'all', options: RoadOptions): Promise<void> {
  const road = await open(options);
  const minutes = (name: keyof typeof SHARES) => options.minutes * (stage === 'all' ? SHARES[name] : 1);
  try {
    for (const name of stage === 'all' ? baseStages : [stage]) {
      options.say(`── ${name}`);
      switch (name) {
        case 'features':
          await road.features();
          break;
        case 'graph-encoder':
          await alignEncoder(road, minutes(name), stage === 'all');
          break;
        case 'finetune':
          await finetuneBase(road, minutes(name));
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
    await road.model.release();
  }
}

/** What the stages share. */
interface Road {
  readonly options: RoadOptions;
  readonly model: BaseModel;
  /** Checkpoints of the encoder do not depend on what of the UNet learns. */
  readonly encoderStore: CheckpointStore;
  readonly store: CheckpointStore;
  /** Computed, or gone on with, when they are first asked for. */
  features(): Promise<FeatureSet>;
}

async function open(options: RoadOptions): Promise<Road> {
  const { base, data, clip, out, fusion, train, adapter, rank, gan } = options;
  checkTarget(base, out);
  readDataSet(data);
  const model = await openBaseModel(base);
  const given = [join(base, 'text_encoder/model.onnx'), join(base, 'vae_encoder/model.onnx'), manifestFile(data), clip];
  const seen = { fusion, files: given.map((file) => (file === undefined ? '' : stampOf(file))) };
  const folder = join(cacheFolder(), 'base', `${basename(resolve(base))}-${hashOf(seen)}`);
  const encoder = { adapter };
  const learned = { train, adapter, rank, gan: gan && clip !== undefined, lambda: options.lambda, beta: options.beta };
  const encoderStore = new CheckpointStore(join(folder, `encoder-${hashOf(encoder)}`), encoder);
  const store = new CheckpointStore(join(folder, `finetune-${hashOf(learned)}`), learned);
  let set: FeatureSet | undefined;
  return {
    options,
    model,
    encoderStore,
    store,
    async features() {
      if (set) return set;
      const tower = clip === undefined ? undefined : await openClipTower(clip);
      const source = { model, data, fusion, clip: tower };
      set = await computeFeatures(source, join(folder, 'features'), startProgress('encoding')).finally(async () => {
        await tower?.release();
        // Gigabytes that training does without.
        await model.release();
      });
      const left = set.skipped > 0 ? `, ${set.skipped} left out: their words need more than one prompt` : '';
      options.say(`${set.count} pictures${left}`);
      return set;
    },
  };
}

async function alignEncoder(road: Road, minutes: number, isPartOfAll: boolean): Promise<void> {
  const { options, encoderStore } = road;
  const { adapter, seed, device, say, clip, fusion, gan } = options;
  const reason =
    fusion === 'labels'
      ? '--fusion labels tells no graph'
      : clip === undefined
        ? 'there are no image features to align with: give --clip FILE.onnx'
        : isPartOfAll && !gan
          ? 'left out by --no-gan'
          : undefined;
  if (reason !== undefined) {
    if (!isPartOfAll) throw new BaseModelError(`graph-encoder: ${reason}`);
    say(`graph-encoder: ${reason}`);
    return;
  }
  const set = await road.features();
  const config = adapterConfig(set, adapter);
  const weights = await trainGraphEncoder(set, config, encoderStore, { budget: { minutes }, seed, device });
  const { pictures, own, others, recallAt1, recallAt10 } = await measureEncoder(set, config, weights, device);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  say(`G_global of ${pictures} graphs: cosine ${own.toFixed(3)} to its own picture, ${others.toFixed(3)} to others`);
  say(
    `R@1 ${share(recallAt1)}, R@10 ${share(recallAt10)} (chance: ${share(1 / pictures)}, ${share(Math.min(1, 10 / pictures))})`,
  );
}

async function finetuneBase(road: Road, minutes: number): Promise<void> {
  const { options, model, store } = road;
  const set = await road.features();
  const { parameters } = await finetune(
    { model, set, store, start: await startOf(road) },
    { ...options, budget: { minutes } },
  );
  await store.publish('finetune', parameters);
}

/** The aligned encoder, where there is one and it is wanted. */
async function startOf({ options, encoderStore }: Road): Promise<ReadonlyMap<string, Float32Array>> {
  const isWanted = options.gan && options.clip !== undefined && encoderStore.hasWeights('graph-encoder');
  return isWanted ? encoderStore.weights('graph-encoder') : new Map();
}

async function writePackage(road: Road): Promise<void> {
  const { options, model, store } = road;
  if (!store.hasWeights('finetune'))
    throw new BaseModelError('package: nothing was fine-tuned yet: run the stage finetune first');
  const set = await road.features();
  const graph = await buildFinetuneGraph(model, set, options);
  const parameters = await store.weights('finetune');
  exportPackage({
    from: options.base,
    to: options.out,
    adapter: { model: adapterModel(graph.adapter, set.width, parameters), config: graph.adapter },
    unet: movedWeights(graph, parameters),
  });
  options.say(`The package with its graph adapter is in ${options.out}`);
}

/** Pictures that the time of features is taken of. */
const TRIED = 4;

/** What the road takes, said before hours are spent on it. Leaves nothing behind. */
export async function sayWhatItTakes(options: RoadOptions): Promise<void> {
  const { base, data, clip, out, fusion, say, minutes } = options;
  checkTarget(base, out);
  const pictures = recordsIn(readDataSet(data), 'train');
  const model = await openBaseModel(base);
  const tower = clip === undefined ? undefined : await openClipTower(clip);
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-dry-'));
  try {
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

/** Which file it is, without reading gigabytes. @throws BaseModelError when there is none */
function stampOf(file: string): string {
  if (!existsSync(file)) throw new BaseModelError(`there is no file ${file}`);
  const { size, mtimeMs } = statSync(file);
  return `${resolve(file)} ${size} ${Math.round(mtimeMs)}`;
}

const hashOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
