/**
 * Latents, CLIP features, masks and graphs of the training scenes, computed once: scenes are drawn again in many
 * epochs, and CLIP would read each picture anew. Written in shards, so that a stopped run goes on where it was; a shard of other scenes than the
 * configuration asks for is written anew.
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { readSafetensors, writeSafetensors } from '#engine/formats/safetensors.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { cellShare } from '#training/corpus/sample/cell-share.ts';
import { isThing, type Scene } from '#training/corpus/world/scene.ts';
import { NIGHT } from '#training/corpus/world/setting.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { encodeScene, LATENT_CHANNELS, LATENT_SIDE, sceneInputs } from '#training/networks/autoencoder.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { ownCopy, replaceFile } from '#training/trainer/checkpoint.ts';
import { type Device, ForwardPass } from '#training/trainer/training-step.ts';
import { sceneFeeds } from './feeds/autoencoder-feeds.ts';
import { imageBatch } from './feeds/batches.ts';

const MAX_SHARD = 1024;
const BATCH = 32;
const CELLS = LATENT_SIDE ** 2;

export interface LatentRecord {
  readonly scene: Scene;
  /** (C, h, w), standardised over the set: zero mean per channel and unit variance on the average of channels. */
  readonly latent: Float32Array;
  /** (C) unit-length CLIP image feature. */
  readonly feature: Float32Array;
  /** (objects, h·w) visible share 0–255 of each object. */
  readonly masks: Uint8Array;
}

interface Shard {
  readonly latents: Float32Array;
  readonly features: Float32Array;
  readonly masks: Uint8Array;
  /** As JSON: as objects they kept the garbage collector's threads at 23 % of a core during fine-tuning, as text at 13 %. */
  readonly scenes: readonly string[];
  readonly weights: readonly number[];
  readonly maskStarts: readonly number[];
}

/** Scenes per shard: whole batches, and one small shard for a small set. */
const shardSize = (scenes: number): number => Math.min(MAX_SHARD, Math.ceil(scenes / BATCH) * BATCH);

const folderOf = (context: StageContext): string => join(context.dataFolder, 'latents');
const shardFile = (context: StageContext, index: number): string => join(folderOf(context), `${index}.safetensors`);

/** What the scenes are like. The shards say it in this order. */
function compositionOf({ latents, things: usual }: TrainingConfig) {
  const { unlikely, evenly, strewn, turned, things = usual } = latents;
  return { unlikely, evenly, strewn, turned, things };
}

/** What the scenes of a shard depend on, as its file says it. */
function scenesOf({ config }: StageContext, index: number): string {
  const first = config.passedOver.latents + index * shardSize(config.latents.scenes);
  return JSON.stringify({ first, ...compositionOf(config), size: seenSize(config) });
}

/** Is the shard there, and of the scenes that the configuration asks for? */
function isWritten(context: StageContext, index: number): boolean {
  const file = shardFile(context, index);
  return existsSync(file) && readSafetensors(readFileSync(file)).metadata.scenes === scenesOf(context, index);
}

export async function computeLatents(context: StageContext): Promise<void> {
  const { config } = context;
  const size = shardSize(config.latents.scenes);
  const shards = Math.ceil(config.latents.scenes / size);
  mkdirSync(folderOf(context), { recursive: true });
  const missing = Array.from({ length: shards }, (_, i) => i).filter((i) => !isWritten(context, i));
  if (missing.length === 0) return;
  let encode: ShardEncoder | undefined;
  await context.pool.run<LatentsOrder>({
    name: 'latents',
    jobs: missing.map((index) => ({ config, device: context.device, index })),
    async work({ index }) {
      encode ??= await shardEncoder(context);
      await encode.write(index);
    },
    isDone: ({ index }) => isWritten(context, index),
    onDone: ({ index }) => context.say(`latents: shard ${index + 1} of ${shards}, ${size} scenes each`),
  });
  await encode?.release();
}

/** One shard, as work for another machine. */
export interface LatentsOrder {
  readonly config: TrainingConfig;
  readonly device: Device;
  readonly index: number;
}

export interface ShardEncoder {
  /** Renders, encodes and writes the scenes of one shard; the same bytes on every machine, but for the rounding of the runtime. */
  write(index: number): Promise<void>;
  release(): Promise<void>;
}

export async function shardEncoder(context: StageContext): Promise<ShardEncoder> {
  const { config } = context;
  const count = shardSize(config.latents.scenes);
  mkdirSync(folderOf(context), { recursive: true });
  const g = new GraphBuilder();
  const size = seenSize(config);
  const image = g.input('image', [BATCH, 3, size, size]);
  g.output('latent', encodeScene(g, sceneInputs(g, BATCH)));
  g.output('feature', clipImageTower(g, config.clip, image));
  const weights = await context.store.weights('clip');
  const forward = await ForwardPass.create(g, context.device);
  const write = async (index: number): Promise<void> => {
    const loader = context.loader('latents', { offset: index * count, size, ...compositionOf(config) });
    const parts: { latent: Float32Array; feature: Float32Array }[] = [];
    const scenes: Scene[] = [];
    const masks: number[] = [];
    for (let done = 0; done < count; done += BATCH) {
      const rendered = await loader.scenes(BATCH);
      const feeds = { image: imageBatch(rendered), ...sceneFeeds(rendered) };
      const { latent, feature } = await forward.run(feeds, weights);
      parts.push({ latent: latent!, feature: feature! });
      for (const item of rendered) {
        scenes.push(item.scene);
        item.scene.objects.forEach((_, place) => {
          for (let y = 0; y < LATENT_SIDE; y++) {
            for (let x = 0; x < LATENT_SIDE; x++)
              masks.push(Math.round(255 * cellShare(item, place, x, y, LATENT_SIDE)));
          }
        });
      }
    }
    await loader.close();
    const latents = joined(parts.map(({ latent }) => latent));
    const features = joined(parts.map(({ feature }) => feature));
    const tensors = new Map([
      ['latents', { dtype: 'F32' as const, shape: [latents.length], data: latents }],
      ['features', { dtype: 'F32' as const, shape: [features.length], data: features }],
      ['masks', { dtype: 'U8' as const, shape: [masks.length], data: Uint8Array.from(masks) }],
      ['scenes', { dtype: 'U8' as const, ...bytesOf(JSON.stringify(scenes)) }],
    ]);
    replaceFile(
      shardFile(context, index),
      writeSafetensors(tensors, { scenes: scenesOf(context, index) }),
      ownCopy(shardFile(context, index)),
    );
  };
  return { write, release: () => forward.release() };
}

/** All records in memory (32 kB of latent each), with the statistics that standardise them. */
export class LatentSet {
  readonly statistics: LatentStatistics;
  readonly #shards: readonly Shard[];
  readonly #shardSize: number;
  readonly #channels: number;
  readonly #cells: number;
  readonly #featureWidth: number;
  /** (records) sums of weights up to and with each record. */
  readonly #upTo: Float64Array;

  /** @param known statistics of a package that training goes on from: its denoiser expects its own mean and scale */
  constructor(context: StageContext, known?: LatentStatistics) {
    const { config } = context;
    this.#channels = LATENT_CHANNELS;
    this.#cells = CELLS;
    this.#featureWidth = config.clip.featureWidth;
    this.#shardSize = shardSize(config.latents.scenes);
    const shards = Math.ceil(config.latents.scenes / this.#shardSize);
    this.#shards = Array.from({ length: shards }, (_, index) => readShard(shardFile(context, index), this.#cells));
    this.statistics = known ?? this.#measured();
    this.#standardise(this.statistics);
    this.#upTo = runningSums(this.#shards.flatMap(({ weights }) => weights));
  }

  get size(): number {
    return this.#shards.length * this.#shardSize;
  }

  record(index: number): LatentRecord {
    const shard = this.#shards[Math.floor(index / this.#shardSize)]!;
    const at = index % this.#shardSize;
    const length = this.#channels * this.#cells;
    const scene = JSON.parse(shard.scenes[at]!) as Scene;
    const start = shard.maskStarts[at]!;
    return {
      scene,
      latent: shard.latents.subarray(at * length, (at + 1) * length),
      feature: shard.features.subarray(at * this.#featureWidth, (at + 1) * this.#featureWidth),
      masks: shard.masks.subarray(start, start + scene.objects.length * this.#cells),
    };
  }

  /** Draws a record at random, one with a rare trait more often. */
  draw(random: NoiseSource): LatentRecord {
    const at = random.uniform() * this.#upTo.at(-1)!;
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#upTo[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return this.record(low);
  }

  #measured(): LatentStatistics {
    const mean = new Array<number>(this.#channels).fill(0);
    const square = new Array<number>(this.#channels).fill(0);
    this.#visit(({ latents }, at, channel) => {
      mean[channel] = mean[channel]! + latents[at]!;
      square[channel] = square[channel]! + latents[at]! ** 2;
    });
    const count = this.size * this.#cells;
    const means = mean.map((sum) => sum / count);
    const variances = square.map((sum, channel) => sum / count - means[channel]! ** 2);
    const common = Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0) / this.#channels);
    return { mean: means, scale: common, deviations: variances.map((variance) => Math.sqrt(variance) / common) };
  }

  #standardise({ mean, scale }: LatentStatistics): void {
    this.#visit(({ latents }, at, channel) => {
      latents[at] = (latents[at]! - mean[channel]!) / scale;
    });
  }

  #visit(action: (shard: Shard, at: number, channel: number) => void): void {
    for (const shard of this.#shards) {
      for (let at = 0; at < shard.latents.length; at++)
        action(shard, at, Math.floor(at / this.#cells) % this.#channels);
    }
  }
}

/** Riding is seen once where "above" is seen seventeen times, and riders were left out of pictures: such scenes come up to six times as often. */
const MOST_RARITY = 6;

/** The weight of each scene: the root of how much rarer the rarest of its traits is than the usual one. */
export function rarities(scenes: readonly Scene[]): readonly number[] {
  const kinds = scenes.map(traitsOf);
  const counts = new Map<string, number>();
  for (const kind of kinds.flat()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return kinds.map((mine) => {
    const rarest = Math.min(most, ...mine.map((kind) => counts.get(kind)!));
    return Math.min(MOST_RARITY, Math.sqrt(most / rarest));
  });
}

/** What a scene relates, and whether it has paint, night, or two of a kind. */
function traitsOf({ objects, relations }: Scene): string[] {
  const things = objects.filter(isThing);
  const traits = new Set(relations.map(({ predicate }) => predicate));
  if (things.some(({ attributes }) => attributes.length > 0)) traits.add('painted');
  if (objects.some(({ attributes }) => attributes.includes(NIGHT))) traits.add(NIGHT);
  if (new Set(things.map(({ label }) => label)).size < things.length) traits.add('repeated');
  return [...traits];
}

function runningSums(weights: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum;
  });
}

function readShard(file: string, cells: number): Shard {
  const { tensors } = readSafetensors(readFileSync(file));
  const data = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`${file} holds no ${name}: delete it and run the stage "latents" again`);
    return tensor.data;
  };
  const scenes = JSON.parse(new TextDecoder().decode(data('scenes') as Uint8Array)) as Scene[];
  let start = 0;
  const maskStarts = scenes.map((scene) => {
    const mine = start;
    start += scene.objects.length * cells;
    return mine;
  });
  return {
    latents: (data('latents') as Float32Array).slice(),
    features: (data('features') as Float32Array).slice(),
    masks: (data('masks') as Uint8Array).slice(),
    scenes: scenes.map((scene) => JSON.stringify(scene)),
    weights: rarities(scenes),
    maskStarts,
  };
}

function bytesOf(text: string): { shape: number[]; data: Uint8Array } {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], data };
}
