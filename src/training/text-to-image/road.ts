/** What the stages of a base model share, and the steps that its trials run as well: features, the aligned encoder, fine-tuning, the package. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { startProgress } from '#training/files/progress.ts';
import { manifestFile, readDataSet } from '#training/import/data-set.ts';
import { cacheFolder } from '#training/run/cache-folder.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import type { Budget } from '#training/trainer/train-loop.ts';
import { type BaseModel, openBaseModel } from './base-model.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { computeFeatures, type FeatureSet } from './features.ts';
import { finetune } from './finetune.ts';
import { adapterConfig, buildFinetuneGraph } from './finetune-step.ts';
import { measureEncoder, trainGraphEncoder } from './graph-encoder.ts';
import { BaseModelError } from './input-error.ts';
import { adapterModel, checkTarget, exportPackage, movedWeights } from './package.ts';
import type { RoadOptions } from './road-options.ts';

export interface Road {
  readonly options: RoadOptions;
  readonly model: BaseModel;
  /** Of all that is kept for this base model and data set. */
  readonly folder: string;
  /** Checkpoints of the encoder do not depend on what of the UNet learns. */
  readonly encoderStore: CheckpointStore;
  readonly store: CheckpointStore;
  /** Computed, or gone on with, when they are first asked for. */
  features(): Promise<FeatureSet>;
}

/**
 * @param weights folder of the checkpoints; beside the features in the cache when absent
 * @throws BaseModelError, EngineError or ImportInputError for what a user can mend
 */
export async function openRoad(options: RoadOptions, weights?: string): Promise<Road> {
  const { base, data, clip, out, fusion, train, adapter, rank, gan } = options;
  checkTarget(base, out);
  readDataSet(data);
  const model = await openBaseModel(base);
  const given = [join(base, 'text_encoder/model.onnx'), join(base, 'vae_encoder/model.onnx'), manifestFile(data), clip];
  const files = given.map((file) => (file === undefined ? '' : stampOf(file)));
  const folder = join(cacheFolder(), 'base', `${basename(resolve(base))}-${hashOf(files)}`);
  const encoder = { fusion, adapter };
  const { lambda, beta } = options;
  const learned = { fusion, train, adapter, rank, gan: gan && clip !== undefined, lambda, beta };
  const storeOf = (name: string, config: object) =>
    new CheckpointStore(join(weights ?? folder, `${name}-${hashOf(config)}`), config);
  let set: FeatureSet | undefined;
  return {
    options,
    model,
    folder,
    encoderStore: storeOf('encoder', encoder),
    store: storeOf('finetune', learned),
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

/** Why there is no aligned encoder; undefined where there can be one. */
export const whyNotAligned = ({ fusion, clip }: Pick<RoadOptions, 'fusion' | 'clip'>): string | undefined => {
  if (fusion === 'labels') return '--fusion labels tells no graph';
  return clip === undefined ? 'there are no image features to align with: give --clip FILE.onnx' : undefined;
};

/** Trains the encoder, or goes on, and says how well it is aligned. */
export async function alignEncoder({ options, encoderStore, ...road }: Road, budget: Budget): Promise<void> {
  const { adapter, seed, device, say } = options;
  const set = await road.features();
  const config = adapterConfig(set, adapter);
  const weights = await trainGraphEncoder(set, config, encoderStore, { budget, seed, device });
  const { pictures, own, others, recallAt1, recallAt10 } = await measureEncoder(set, config, weights, device);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  say(`G_global of ${pictures} graphs: cosine ${own.toFixed(3)} to its own picture, ${others.toFixed(3)} to others`);
  say(
    `R@1 ${share(recallAt1)}, R@10 ${share(recallAt10)} (chance: ${share(1 / pictures)}, ${share(Math.min(1, 10 / pictures))})`,
  );
}

export async function finetuneBase(road: Road, budget: Budget): Promise<void> {
  const { options, model, store } = road;
  const set = await road.features();
  const { parameters } = await finetune({ model, set, store, start: await startOf(road) }, { ...options, budget });
  await store.publish('finetune', parameters);
}

/** The aligned encoder, where there is one and it is wanted. */
async function startOf({ options, encoderStore }: Road): Promise<ReadonlyMap<string, Float32Array>> {
  const isWanted = options.gan && options.clip !== undefined && encoderStore.hasWeights('graph-encoder');
  return isWanted ? encoderStore.weights('graph-encoder') : new Map();
}

export async function writePackage(road: Road): Promise<void> {
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

/** Which file it is, without reading gigabytes. @throws BaseModelError when there is none */
function stampOf(file: string): string {
  if (!existsSync(file)) throw new BaseModelError(`there is no file ${file}`);
  const { size, mtimeMs } = statSync(file);
  return `${resolve(file)} ${size} ${Math.round(mtimeMs)}`;
}

const hashOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
