/**
 * Latents, CLIP features, masks and graphs of the training scenes, computed once: scenes are drawn again in many
 * epochs, and CLIP would read each picture anew. Written in shards, so that a stopped run goes on where it was; a shard of other scenes than the
 * configuration asks for is written anew.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { joined } from '#diffusion/tensor.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { cellFeatures, GRID, LAYERS, shownIn } from '#training/corpus/sample/cell-features.ts';
import { cellShare } from '#training/corpus/sample/cell-share.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import { packTensors, readIfWhole, unpackTensors } from '#training/files/checked-tensors.ts';
import { ownCopy, replaceFile } from '#training/files/replace-file.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { encodeCells, LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { type Device, ForwardPass } from '#training/trainer/training-step.ts';
import { imageBatch } from './feeds/batches.ts';
import { paintersScenes } from './feeds/training-graphs.ts';

const MAX_SHARD = 1024;
const BATCH = 32;
/** Tokens of a latent, and numbers of what its cells show. */
const CELLS = LATENT_SIDE ** 2;
const SHOWN = LAYERS * GRID * GRID;

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
  /** (scenes, LAYERS, cells) see shownIn: a hundredth of the latents that follow from them. */
  readonly shown: Uint8Array;
  readonly features: Float32Array;
  readonly masks: Uint8Array;
  /** As JSON: as objects they kept the garbage collector's threads at 23 % of a core during fine-tuning, as text at 13 %. */
  readonly scenes: readonly string[];
  readonly maskStarts: readonly number[];
}

/** Scenes per shard: whole batches, and one small shard for a small set. */
const shardSize = (scenes: number): number => Math.min(MAX_SHARD, Math.ceil(scenes / BATCH) * BATCH);

const folderOf = (context: StageContext): string => join(context.dataFolder, 'latents');
const shardFile = (context: StageContext, index: number): string => join(folderOf(context), `${index}.safetensors`);

/** What the scenes of a shard depend on, as its file says it. */
function scenesOf({ config }: StageContext, index: number): string {
  const first = config.passedOver.latents + index * shardSize(config.latents.scenes);
  return JSON.stringify({ first, ...paintersScenes(config), size: seenSize(config) });
}

/** Is the shard there, and of the scenes that the configuration asks for? */
function isWritten(context: StageContext, index: number): boolean {
  return readIfWhole(shardFile(context, index))?.metadata.scenes === scenesOf(context, index);
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
  g.output('feature', clipImageTower(g, config.clip, image));
  const weights = await context.store.weights('clip');
  const forward = await ForwardPass.create(g, context.device);
  const write = async (index: number): Promise<void> => {
    const loader = context.loader('latents', { offset: index * count, size, ...paintersScenes(config) });
    const features: Float32Array[] = [];
    const shown: Uint8Array[] = [];
    const scenes: Scene[] = [];
    const masks: number[] = [];
    for (let done = 0; done < count; done += BATCH) {
      const rendered = await loader.scenes(BATCH);
      const { feature } = await forward.run({ image: imageBatch(rendered) }, weights);
      features.push(feature!);
      for (const item of rendered) {
        shown.push(shownIn(item));
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
    const flat = joined(features);
    const cells = shown.flatMap((places) => [...places]);
    const tensors = new Map([
      ['shown', { dtype: 'U8' as const, shape: [cells.length], data: Uint8Array.from(cells) }],
      ['features', { dtype: 'F32' as const, shape: [flat.length], data: flat }],
      ['masks', { dtype: 'U8' as const, shape: [masks.length], data: Uint8Array.from(masks) }],
      ['scenes', { dtype: 'U8' as const, ...bytesOf(JSON.stringify(scenes)) }],
    ]);
    replaceFile(
      shardFile(context, index),
      packTensors(tensors, { scenes: scenesOf(context, index) }),
      ownCopy(shardFile(context, index)),
    );
  };
  return { write, release: () => forward.release() };
}

/** Shards whose latents are measured: the same ones, however many scenes a run goes on with. */
const MEASURED = 8;

/** All records in memory (5 kB each), with the statistics that standardise their latents. */
export class LatentSet {
  readonly statistics: LatentStatistics;
  readonly #shards: readonly Shard[];
  readonly #shardSize: number;
  readonly #featureWidth: number;

  /** @param known statistics of a package that training goes on from: its denoiser expects its own mean and scale */
  constructor(context: StageContext, known?: LatentStatistics) {
    const { config } = context;
    this.#featureWidth = config.clip.featureWidth;
    this.#shardSize = shardSize(config.latents.scenes);
    const shards = Math.ceil(config.latents.scenes / this.#shardSize);
    this.#shards = Array.from({ length: shards }, (_, index) => readShard(shardFile(context, index), CELLS));
    this.statistics = known ?? this.#measured();
  }

  get size(): number {
    return this.#shards.length * this.#shardSize;
  }

  record(index: number): LatentRecord {
    const shard = this.#shards[Math.floor(index / this.#shardSize)]!;
    const at = index % this.#shardSize;
    const scene = JSON.parse(shard.scenes[at]!) as Scene;
    const start = shard.maskStarts[at]!;
    const { mean, scale } = this.statistics;
    const latent = this.#latent(shard, at, scene).map((value, i) => (value - mean[Math.floor(i / CELLS)]!) / scale);
    return {
      scene,
      latent,
      feature: shard.features.subarray(at * this.#featureWidth, (at + 1) * this.#featureWidth),
      masks: shard.masks.subarray(start, start + scene.objects.length * CELLS),
    };
  }

  /** Draws a record at random. */
  draw(random: NoiseSource): LatentRecord {
    return this.record(Math.floor(random.uniform() * this.size));
  }

  #latent({ shown }: Shard, at: number, scene: Scene): Float32Array {
    return encodeCells(cellFeatures(scene, shown.subarray(at * SHOWN, (at + 1) * SHOWN)));
  }

  #measured(): LatentStatistics {
    const [sum, squares] = [new Float64Array(LATENT_CHANNELS), new Float64Array(LATENT_CHANNELS)];
    const shards = this.#shards.slice(0, MEASURED);
    for (const shard of shards) {
      shard.scenes.forEach((scene, at) => {
        this.#latent(shard, at, JSON.parse(scene) as Scene).forEach((value, i) => {
          const channel = Math.floor(i / CELLS);
          sum[channel] = sum[channel]! + value;
          squares[channel] = squares[channel]! + value ** 2;
        });
      });
    }
    const count = shards.length * this.#shardSize * CELLS;
    const mean = [...sum].map((total) => total / count);
    const variances = [...squares].map((total, channel) => total / count - mean[channel]! ** 2);
    const scale = Math.sqrt(variances.reduce((total, variance) => total + variance, 0) / LATENT_CHANNELS);
    return { mean, scale, deviations: variances.map((variance) => Math.sqrt(Math.max(0, variance)) / scale) };
  }
}

function readShard(file: string, cells: number): Shard {
  const { tensors } = unpackTensors(readFileSync(file), file);
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
    shown: (data('shown') as Uint8Array).slice(),
    features: (data('features') as Float32Array).slice(),
    masks: (data('masks') as Uint8Array).slice(),
    scenes: scenes.map((scene) => JSON.stringify(scene)),
    maskStarts,
  };
}

function bytesOf(text: string): { shape: number[]; data: Uint8Array } {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], data };
}
