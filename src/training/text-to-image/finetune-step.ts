/** One training step on an imported UNet: adapter, UNet and L_recon as one graph, differentiated by the smith. */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { joined, sizeOf } from '#diffusion/tensor.ts';
import { adapterInputs } from '#engine/stable-diffusion/adapter-feeds.ts';
import { decodeModel, dimensionsFor, learnable, readOnnx, weightsOnInput } from '#onnx/file/onnx-reader.ts';
import { allBroughtIn } from '#onnx/file/weights-file.ts';
import { GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, mul, neg, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { concat, slice } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { oddNumber } from '#training/files/odd-number.ts';
import { type GraphAdapterConfig, graphAdapter, graphAdapterInputs } from '#training/networks/graph-adapter.ts';
import { normal, zeros } from '#training/networks/layers.ts';
import { FEATURE_SCALE } from '#training/run/model-config.ts';
import { l2, mmd } from '#training/stages/losses/losses.ts';
import { type Device, type Feeds, type FixedWeights, TrainingStep } from '#training/trainer/training-step.ts';
import { type BaseModel, UNET_FILE } from './base-model.ts';
import type { Precision, Trainable } from './choices.ts';
import type { Example, FeatureSet } from './features.ts';
import { BaseModelError } from './input-error.ts';
import { foldShapes } from './unet/fold-shapes.ts';
import { inHalfPrecision } from './unet/half-precision.ts';
import { rowTimesteps } from './unet/row-timesteps.ts';

export interface FinetuneSettings {
  readonly train: Trainable;
  readonly adapter: Pick<GraphAdapterConfig, 'width' | 'layers'>;
  /** Of the low-rank updates. */
  readonly rank: number;
  readonly batch: number;
  /** Batches whose gradients are averaged before a step: the memory of one, the statistics of all. */
  readonly accumulate: number;
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

export interface FinetuneGraph {
  readonly g: GraphBuilder;
  readonly adapter: GraphAdapterConfig;
  /** Pictures of a step of the optimiser, where G_global is aligned with CLIP's features; 0 elsewhere. */
  readonly aligned: number;
  /** The loss and its parts. */
  readonly numbers: Readonly<Record<string, Value>>;
  /** Times the input `loss_scale`, what gradients are taken of: their mean over the accumulated batches is that of the loss. */
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
export async function buildFinetuneGraph(
  model: Pick<BaseModel, 'latent' | 'readUnet'>,
  set: Pick<FeatureSet, 'room' | 'width' | 'features' | 'fusion'>,
  training: FinetuneSettings,
): Promise<FinetuneGraph> {
  const { room, width } = set;
  const { train, rank, batch, precision } = training;
  const adapter = adapterConfig(set, training.adapter);
  if (adapter.fusion === 'labels' && train === 'adapter') {
    throw new BaseModelError(
      '--fusion labels tells the UNet no more than words, so an adapter has nothing to learn: take --train low-rank or everything',
    );
  }
  const g = new GraphBuilder('sgraffito_');
  const inputs = graphAdapterInputs(g, { batch, width, ...room });
  const keep = g.input('keep', [batch, 1, 1]);
  const empty = g.input('empty_states', [1, room.length, width]);
  const { sCond, gGlobal } = graphAdapter(g, adapter, inputs);
  const kept = mul(g, sCond, keep);
  const text = add(g, kept, mul(g, empty, shift(g, neg(g, keep), 1)));
  const adapterNames = new Set(g.parameters.keys());
  const unetStart = g.nodes.length;

  const { bytes, external } = model.readUnet();
  const shapes = {
    sample: [batch, ...model.latent],
    timestep: [batch],
    encoder_hidden_states: [batch, room.length, width],
  };
  const { updated, parameters, outputs } = await ofUnet(async () => {
    const whole = decodeModel(bytes);
    // Folded constants are real numbers too, but no weights: what the file holds learns.
    const asParameters = learnable(whole);
    const file = rowTimesteps(allBroughtIn(whole, external, asParameters));
    const dimensions = dimensionsFor(file, shapes);
    const unet = await foldShapes(file, dimensions);
    const names = train === 'low-rank' ? weightsOnInput(unet, 'encoder_hidden_states') : [];
    const adapt = (name: string, weight: Value) => (names.includes(name) ? lowRank(g, name, weight, rank) : weight);
    const inPlace = { into: g, inputs: { encoder_hidden_states: text } };
    return { updated: names, ...readOnnx(unet, { ...inPlace, asParameters, external, dimensions, adapt }) };
  });
  for (const [name, numbers] of parameters) {
    const odd = oddNumber(numbers);
    if (odd !== undefined) throw new BaseModelError(`${UNET_FILE} is damaged: its weight "${name}" holds ${odd}`);
  }
  if (precision === 'half') inHalfPrecision(g, unetStart);
  const [sample, timestep] = ['sample', 'timestep'].map((name) => g.inputs.find((input) => input.name === name));
  const prediction = outputs.out_sample;
  if (!sample || !timestep || !prediction || sample.type !== 'float32') {
    throw new BaseModelError(`${UNET_FILE}: training needs the export in single precision (float32)`);
  }
  const trains = (name: string) => train === 'everything' || adapterNames.has(name) || name.startsWith('low_rank.');
  const target = g.input('target', prediction.shape);
  const reconstruction = meanAll(g, square(g, sub(g, prediction, target)));
  const aligned = gGlobal && set.features > 0 ? batch * training.accumulate : 0;
  const parts = aligned > 0 ? withAlignment(g, training, reconstruction, gGlobal!, aligned) : undefined;
  const { loss, forGradient, numbers } = parts ?? { loss: reconstruction, forGradient: reconstruction, numbers: {} };
  return {
    g,
    adapter,
    aligned,
    numbers: { loss, reconstruction, ...numbers },
    scaled: mul(g, forGradient, g.input('loss_scale', [])),
    weights: parameters,
    updated,
    trains,
    fixed: fixedOf(parameters, trains, precision),
    sharesTimestep: sizeOf(timestep.shape) === 1,
  };
}

/** As many numbers as ViT-B/32's image features have: what G_global is where nothing says how wide. */
const USUAL_GLOBAL = 512;

/** The adapter's configuration on these features. */
export const adapterConfig = (
  { fusion, features }: Pick<FeatureSet, 'fusion' | 'features'>,
  { width, layers }: FinetuneSettings['adapter'],
): GraphAdapterConfig => ({ width, layers, fusion, globalWidth: features || USUAL_GLOBAL });

/**
 * L_CLIP of this batch and L_MMD of all accumulated ones. MMD compares two sets, and two pictures are none: the other batches' G_global is
 * fed, this one's is live. Its gradient by a row is then that of the whole, and as the sum over batches is wanted where the mean will be
 * taken, it counts `accumulate` times.
 */
function withAlignment(
  g: GraphBuilder,
  { batch, accumulate, lambda, beta }: FinetuneSettings,
  reconstruction: Value,
  gGlobal: Value,
  aligned: number,
): { loss: Value; forGradient: Value; numbers: Record<string, Value> } {
  const features = gGlobal.shape[1]!;
  const theirs = scale(g, g.input('features', [aligned, features]), FEATURE_SCALE);
  const ours = scale(g, gGlobal, FEATURE_SCALE);
  const own = accumulate === 1 ? theirs : slice(g, theirs, [0], [0], [batch]);
  const all =
    accumulate === 1
      ? ours
      : concat(g, [ours, scale(g, g.input('other_globals', [aligned - batch, features]), FEATURE_SCALE)], 0);
  const [clip, discrepancy] = [l2(g, ours, own), mmd(g, all, theirs)];
  const weighed = (times: number) =>
    add(
      g,
      scale(g, reconstruction, lambda),
      scale(g, add(g, scale(g, clip, beta), scale(g, discrepancy, times * (1 - beta))), 1 - lambda),
    );
  return { loss: weighed(1), forGradient: weighed(accumulate), numbers: { clip, mmd: discrepancy } };
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
export const openFinetuneStep = (
  { g, numbers, scaled, trains, fixed }: FinetuneGraph,
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
export function finetuneFeeds(
  model: Pick<BaseModel, 'parametrisation' | 'trainSteps' | 'sigmaOf'>,
  examples: readonly Example[],
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
    hidden_states: joined(examples.map(({ text }) => text)),
    empty_states: empty,
    keep: Float32Array.from(examples, () => (random.uniform() < dropout ? 0 : 1)),
    sample: joined(noisy.map(({ sample }) => sample)),
    target: joined(noisy.map(({ target }) => target)),
    timestep: Float32Array.from(sharesTimestep ? [shared] : steps),
    loss_scale: Float32Array.of(1),
  };
}
