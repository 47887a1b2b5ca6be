/** What the tests of single training steps share: tiny networks, three scenes, and losses worked out in plain loops. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { PlacedObject, Scene } from '#training/corpus/world/scene.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import type { StageContext } from '#training/run/context.ts';
import { smallConfig, smallContext } from '#training/run/small-context.fixture.ts';
import { type Feeds, ForwardPass, initializeParameters, type StepGraph } from '#training/trainer/training-step.ts';
import type { LatentRecord } from './latents.ts';

export const CELLS = LATENT_SIDE ** 2;
export const LATENT = LATENT_CHANNELS * CELLS;

/** Weights of the losses are odd numbers, so that none passes for another. */
export const tinyConfig: TrainingConfig = {
  ...smallConfig,
  clip: { image: { widths: [8, 8], blocks: [1, 1] }, labelWidth: 16, featureWidth: 8, batch: 3 },
  verifier: { widths: [8, 8, 8], blocks: [1, 1], thresholdScenes: 64 },
  graphEncoder: { ...smallConfig.graphEncoder, width: 16, layers: 1, mmdWeight: 0.8, placeWeight: 0.45 },
  denoiser: {
    ...smallConfig.denoiser,
    tokenWidth: 16,
    channels: 16,
    blocks: 2,
    heads: 2,
    convolutions: 0,
    batch: 3,
    objectWeight: 2.5,
    groundingWeight: 0.15,
    drawingWeight: 0.2,
    meaningWeight: 0.35,
    dropout: 0.4,
  },
  finetune: { ...smallConfig.finetune, lambda: 0.7, beta: 0.6 },
};

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-step-'));
export const tinyContext = (config: TrainingConfig = tinyConfig): StageContext => smallContext(folder, config);

const placed = (label: string, box: PlacedObject['box'], more: Partial<PlacedObject> = {}): PlacedObject => ({
  label,
  attributes: [],
  box,
  depth: 1,
  isGround: false,
  ...more,
});

/** A region, a large thing, a small one, and a part of the large one. */
const meadow: Scene = {
  style: 'noto',
  objects: [
    placed('sky', [0, 0, 1, 0.5], { isGround: true, depth: 0 }),
    placed('grass', [0, 0.5, 1, 1], { isGround: true, depth: 0 }),
    placed('tree', [0.5, 0, 1, 0.5], { depth: 1 }),
    placed('ball', [0.125, 0.75, 0.25, 0.875], { depth: 2.1, attributes: ['red'] }),
    placed('trunk', [0.625, 0.25, 0.75, 0.5], { depth: 1, partOf: 2 }),
  ],
  relations: [
    { subject: 2, predicate: 'behind', object: 3 },
    { subject: 3, predicate: 'left of', object: 2 },
    { subject: 3, predicate: 'on', object: 1 },
  ],
};
const two: Scene = {
  style: 'pencil',
  objects: [
    placed('sky', [0, 0, 1, 0.375], { isGround: true, depth: 0 }),
    placed('snow', [0, 0.375, 1, 1], { isGround: true, depth: 0 }),
    placed('sheep', [0.5, 0.5, 0.75, 0.75]),
    placed('dog', [0, 0.5, 0.25, 0.75], { depth: 1.4 }),
  ],
  relations: [{ subject: 2, predicate: 'right of', object: 3, unlikely: true }],
};
const one: Scene = {
  style: 'fluent',
  objects: [
    placed('road', [0, 0, 1, 1], { isGround: true, depth: 0 }),
    placed('car', [0.25, 0.25, 0.75, 0.75], { attributes: ['blue'] }),
  ],
  relations: [{ subject: 1, predicate: 'on', object: 0 }],
};
export const scenes = [meadow, two, one] as const;

/** (objects, side, side) 0–255: an object is seen in its box, but where a later one that is no part is before it; parts are seen too. */
export function masksOf({ objects }: Scene, side: number): Uint8Array {
  const masks = new Uint8Array(objects.length * side * side);
  const isIn = ({ box: [left, top, right, bottom] }: PlacedObject, cell: number): boolean => {
    const [x, y] = [((cell % side) + 0.5) / side, (Math.floor(cell / side) + 0.5) / side];
    return x > left && x < right && y > top && y < bottom;
  };
  objects.forEach((object, place) => {
    for (let cell = 0; cell < side * side; cell++) {
      const hidden = objects.some((other, at) => at > place && other.partOf === undefined && isIn(other, cell));
      if (isIn(object, cell) && !hidden) masks[place * side * side + cell] = 255;
    }
  });
  // A cell that is shared, so that shares are no mere yes or no.
  const last = objects.length - 1;
  const shared = masks.indexOf(255, last * side * side);
  masks[shared] = 102;
  return masks;
}

/** Records whose latents are noise. @param size of a latent: a few numbers will do where no network reads it */
export function recordsOf(list: readonly Scene[], featureWidth: number, size = LATENT): LatentRecord[] {
  const noise = seededNoise(21);
  return list.map((scene) => ({
    scene,
    latent: noise.normals(size),
    feature: unit(noise.normals(featureWidth)),
    masks: masksOf(scene, LATENT_SIDE),
  }));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Parameters away from the zeros that many start at, where a wrong sign or index could not be told. */
export function stirred(builder: GraphBuilder, seed = 5): Map<string, Float32Array> {
  const noise = seededNoise(seed);
  return new Map(
    [...initializeParameters(builder, seed)].map(([name, values]) => [
      name,
      values.map((value) => value + 0.1 * noise.normal()),
    ]),
  );
}

/** What a graph gives for these feeds: its outputs. */
export async function computed(
  builder: GraphBuilder,
  feeds: Feeds,
  parameters: Map<string, Float32Array>,
): Promise<Record<string, Float32Array>> {
  const pass = await ForwardPass.create(builder, 'cpu');
  const outputs = await pass.run(feeds, parameters);
  await pass.release();
  return outputs;
}

/** The numbers that a step reports, without its gradients. */
export async function numbersOf(
  { builder, numbers }: StepGraph,
  feeds: Feeds,
  parameters: Map<string, Float32Array>,
): Promise<Record<string, number>> {
  for (const [name, value] of Object.entries(numbers)) builder.output(`number.${name}`, value);
  const outputs = await computed(builder, feeds, parameters);
  return Object.fromEntries(Object.keys(numbers).map((name) => [name, outputs[`number.${name}`]?.[0] ?? Number.NaN]));
}

export const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** Row `index` of (…, width). */
export const row = (data: ArrayLike<number>, width: number, index: number): number[] =>
  Array.from({ length: width }, (_, i) => data[index * width + i]!);

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  sum(Array.from(a, (value, i) => value * b[i]!));

export function logSoftmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const all = Math.log(sum(logits.map((logit) => Math.exp(logit - most)))) + most;
  return logits.map((logit) => logit - all);
}

export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Tokens (N, inputs) → (N, outputs) by the linear map of this name. */
export function linearMap(
  parameters: ReadonlyMap<string, Float32Array>,
  name: string,
  tokens: readonly number[][],
): number[][] {
  const bias = parameters.get(`${name}.bias`)!;
  const weight = parameters.get(`${name}.weight`)!;
  return tokens.map((token) =>
    Array.from(bias, (offset, out) => offset + sum(token.map((x, i) => x * weight[i * bias.length + out]!))),
  );
}

/** Squared MMD of rows that are scaled by 10, biased, of Gaussian kernels exp(−d²/2a). */
export function mmdOf(x: readonly number[][], y: readonly number[][]): number {
  const kernel = (a: readonly number[], b: readonly number[]) => {
    const distance = sum(a.map((value, i) => 100 * (value - b[i]!) ** 2));
    return sum([10, 15, 20, 50].map((bandwidth) => Math.exp(-distance / (2 * bandwidth))));
  };
  const mean = (as: readonly number[][], bs: readonly number[][]) =>
    sum(as.flatMap((a) => bs.map((b) => kernel(a, b)))) / (as.length * bs.length);
  return mean(x, x) + mean(y, y) - 2 * mean(x, y);
}

/** Cross-entropy of where objects are: −Σ places · log softmax(what a linear map says of their vectors), per picture. */
export function placeLossOf(
  parameters: ReadonlyMap<string, Float32Array>,
  name: string,
  vectors: readonly number[][],
  places: ArrayLike<number>,
  pictures: number,
): number {
  const logs = linearMap(parameters, name, vectors).flatMap(logSoftmax);
  return -dot(places, logs) / pictures;
}
