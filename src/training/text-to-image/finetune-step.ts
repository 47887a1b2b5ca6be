/** One training step on an imported UNet: adapter, UNet and L_recon as one graph, differentiated by the smith. */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { joined, sizeOf } from '#diffusion/tensor.ts';
import { adapterInputs } from '#engine/stable-diffusion/adapter-feeds.ts';
import { decodeModel, dimensionsFor, learnable, readOnnx, weightsOnInput } from '#onnx/file/onnx-reader.ts';
import { GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, mul, neg, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import {
  type GraphAdapterConfig,
  globalFeature,
  graphAdapter,
  graphAdapterInputs,
} from '#training/networks/graph-adapter.ts';
import { normal, zeros } from '#training/networks/layers.ts';
import { FEATURE_SCALE } from '#training/run/model-config.ts';
import { l2, mmd } from '#training/stages/losses/losses.ts';
import { type Device, type Feeds, type FixedWeights, TrainingStep } from '#training/trainer/training-step.ts';
import { type BaseModel, UNET_FILE } from './base-model.ts';
import type { Precision, Trainable } from './choices.ts';
import type { AdapterExample, AdapterSet } from './features.ts';
import { foldShapes } from './fold-shapes.ts';
import { inHalfPrecision } from './half-precision.ts';
import { BaseModelError } from './input-error.ts';
import { rowTimesteps } from './row-timesteps.ts';

export interface AdapterTraining {
  readonly train: Trainable;
  readonly adapter: GraphAdapterConfig;
  /** Of the low-rank updates. */
  readonly rank: number;
  readonly batch: number;
  /** Of the UNet's matrix products and convolutions; `half` pays on devices that compute it fast. */
  readonly precision: Precision;
  /** Parts of activation checkpointing: less memory for one more forward pass; 1 computes nothing twice. */
  readonly checkpoints: number;
  /** λ and β of L_train = λ·L_recon + (1 − λ)·(β·L_CLIP + (1 − β)·L_MMD), where the set has CLIP features; else L_recon alone. */
  readonly lambda: number;
  readonly beta: number;
  /** Share of pictures whose text is empty, for guidance. */
  readonly dropout: number;
}

export interface AdapterGraph {
  readonly g: GraphBuilder;
  /** The loss and its parts. */
  readonly numbers: Readonly<Record<string, Value>>;
  /** The loss times the input `loss_scale`: what gradients are taken of. */
  readonly scaled: Value;
  /** Of the UNet, by the names in its file. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Names in that file that have a low-rank update. */
  readonly updated: readonly string[];
  readonly trains: (name: string) => boolean;
  /** Weights that do not learn. */
  readonly fixed: FixedWeights | undefined;
  /** Whether all pictures of a batch share one timestep, because the file takes only one. */
  readonly sharesTimestep: boolean;
}

export const updateName = (weight: string, part: 'down' | 'up'): string => `low_rank.${weight}.${part}`;

/** @throws BaseModelError for a UNet that cannot be trained on */
export async function buildAdapterGraph(
  model: Pick<BaseModel, 'latent' | 'readUnet'>,
  { room, width, features }: Pick<AdapterSet, 'room' | 'width' | 'features'>,
  { train, adapter, rank, batch, precision, lambda, beta }: AdapterTraining,
): Promise<AdapterGraph> {
  const g = new GraphBuilder('sgraffito_');
  const inputs = graphAdapterInputs(g, { batch, width, ...room });
  const keep = g.input('keep', [batch, 1, 1]);
  const empty = g.input('empty_states', [1, room.tokens, width]);
  const { sCond, objectVectors } = graphAdapter(g, adapter, inputs);
  const gGlobal = features === 0 ? undefined : globalFeature(g, objectVectors, inputs.objectMask, features);
  const kept = mul(g, sCond, keep);
  const text = add(g, kept, mul(g, empty, shift(g, neg(g, keep), 1)));
  const adapterNames = new Set(g.parameters.keys());
  const unetStart = g.nodes.length;

  const { bytes, external } = model.readUnet();
  const shapes = {
    sample: [batch, ...model.latent],
    timestep: [batch],
    encoder_hidden_states: [batch, room.tokens, width],
  };
  const { updated, parameters, outputs } = await ofUnet(async () => {
    const file = rowTimesteps(decodeModel(bytes));
    const dimensions = dimensionsFor(file, shapes);
    // Folded constants are real numbers too, but no weights: what the file holds learns.
    const asParameters = learnable(file);
    const unet = await foldShapes(file, dimensions);
    const names = train === 'low-rank' ? weightsOnInput(unet, 'encoder_hidden_states') : [];
    const adapt = (name: string, weight: Value) => (names.includes(name) ? lowRank(g, name, weight, rank) : weight);
    const inPlace = { into: g, inputs: { encoder_hidden_states: text } };
    return { updated: names, ...readOnnx(unet, { ...inPlace, asParameters, external, dimensions, adapt }) };
  });
  if (precision === 'half') inHalfPrecision(g, unetStart);
  const [sample, timestep] = ['sample', 'timestep'].map((name) => g.inputs.find((input) => input.name === name));
  const prediction = outputs.out_sample;
  if (!sample || !timestep || !prediction || sample.type !== 'float32') {
    throw new BaseModelError(`${UNET_FILE}: training needs the export in single precision (float32)`);
  }
  const trains = (name: string) => train === 'everything' || adapterNames.has(name) || name.startsWith('low_rank.');
  const target = g.input('target', prediction.shape);
  const reconstruction = meanAll(g, square(g, sub(g, prediction, target)));
  const numbers: Record<string, Value> = { reconstruction };
  let loss = reconstruction;
  if (gGlobal) {
    const theirs = scale(g, g.input('feature', gGlobal.shape), FEATURE_SCALE);
    const ours = scale(g, gGlobal, FEATURE_SCALE);
    const [clip, discrepancy] = [l2(g, ours, theirs), mmd(g, ours, theirs)];
    const align = add(g, scale(g, clip, beta), scale(g, discrepancy, 1 - beta));
    loss = add(g, scale(g, reconstruction, lambda), scale(g, align, 1 - lambda));
    Object.assign(numbers, { clip, mmd: discrepancy });
  }
  return {
    g,
    numbers: { loss, ...numbers },
    scaled: mul(g, loss, g.input('loss_scale', [])),
    weights: parameters,
    updated,
    trains,
    fixed: fixedOf(parameters, trains, precision),
    sharesTimestep: sizeOf(timestep.shape) === 1,
  };
}

/** Whatever the smith cannot read or differentiate is said of the user's file. */
async function ofUnet<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof GraphError) throw new BaseModelError(`${UNET_FILE}: ${error.message}`);
    throw error;
  }
}

/** Undefined where nothing is fixed. */
function fixedOf(
  weights: ReadonlyMap<string, Float32Array>,
  trains: (name: string) => boolean,
  precision: Precision,
): FixedWeights | undefined {
  const fixed = new Map([...weights].filter(([name]) => !trains(name)));
  return fixed.size === 0 ? undefined : { weights: fixed, half: precision === 'half' };
}

function lowRank(g: GraphBuilder, name: string, weight: Value, rank: number): Value {
  const [inputs, outputs] = weight.shape as [number, number];
  const down = g.parameter(updateName(name, 'down'), [inputs, rank], normal(1 / Math.sqrt(inputs)));
  return add(g, weight, matMul(g, down, g.parameter(updateName(name, 'up'), [rank, outputs], zeros)));
}

/** @throws BaseModelError when an operator of the UNet has no gradient rule */
export const openAdapterStep = (
  { g, numbers, scaled, trains, fixed }: AdapterGraph,
  device: Device,
  segments: number,
): Promise<TrainingStep> =>
  ofUnet(() =>
    TrainingStep.create({
      builder: g,
      objectives: [{ loss: scaled, trains }],
      numbers,
      device,
      segments,
      ...(fixed && { fixed }),
    }),
  );

/** A batch: pictures, a level of noise for each, and the noise. @param empty (N · D) the encoding of the empty prompt */
export function adapterStepFeeds(
  model: Pick<BaseModel, 'parametrisation' | 'trainSteps' | 'sigmaOf'>,
  examples: readonly AdapterExample[],
  random: NoiseSource,
  { empty, dropout, sharesTimestep }: { empty: Float32Array; dropout: number; sharesTimestep: boolean },
): Feeds {
  const shared = random.integer(model.trainSteps);
  const steps = examples.map(() => (sharesTimestep ? shared : random.integer(model.trainSteps)));
  const noisy = examples.map(({ latent }, i) => {
    const noise = random.normals(latent.length);
    const sigma = model.sigmaOf(steps[i]!);
    return {
      sample: model.parametrisation.trainingInput(latent, noise, sigma),
      target: model.parametrisation.trainingTarget(latent, noise, sigma),
    };
  });
  const stacked = adapterInputs.map((name) => [name, joined(examples.map(({ feeds }) => feeds[name].data))] as const);
  return {
    ...Object.fromEntries(stacked),
    ...(examples[0]?.feature && { feature: joined(examples.map(({ feature }) => feature!)) }),
    hidden_states: joined(examples.map(({ text }) => text)),
    empty_states: empty,
    keep: Float32Array.from(examples, () => (random.uniform() < dropout ? 0 : 1)),
    sample: joined(noisy.map(({ sample }) => sample)),
    target: joined(noisy.map(({ target }) => target)),
    timestep: Float32Array.from(sharesTimestep ? [shared] : steps),
    loss_scale: Float32Array.of(1),
  };
}
