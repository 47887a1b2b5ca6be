/**
 * The denoiser: a transformer with cross-attention to S_cond (after Peebles and Xie 2023 and Rombach et al. 2022), and residual convolution
 * blocks around it where the configuration asks for some. The noise level and the pooled S_cond also steer the normalisations.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { logSoftmax, silu, softmax, tanh } from '#onnx/ops/activation.ts';
import { add, div, exp, mul, neg, scale, shift, sqrt, square, sub, sumOf } from '#onnx/ops/arithmetic.ts';
import { argMax, gather } from '#onnx/ops/indexing.ts';
import {
  cast,
  concat,
  depthToSpace,
  reshape,
  slice,
  spaceToDepth,
  split,
  transpose,
  unsqueeze,
} from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll, reduceMean, reduceSum } from '#onnx/ops/reduction.ts';
import { drawingCount, GRID } from '../corpus/cell-features.ts';
import { codesOf, FEATURES, PATCH } from './autoencoder.ts';
import { maskedMean } from './clip.ts';
import {
  attention,
  channelNorm,
  conv,
  linear,
  maskBias,
  mlp,
  normal,
  plainNorm,
  residualBlock,
  toImage,
  toTokens,
} from './layers.ts';

export interface DenoiserConfig {
  readonly latentChannels: number;
  readonly height: number;
  readonly width: number;
  readonly tokenWidth: number;
  readonly channels: number;
  readonly blocks: number;
  readonly heads: number;
  /** Residual convolution blocks before and after the transformer. */
  readonly convolutions: number;
  /** (C) standard deviation of each latent channel; their mean square is 1. */
  readonly deviations: readonly number[];
  /** (C) mean and common scale that latents were standardised by: codes are compared as they are. */
  readonly mean: readonly number[];
  readonly scale: number;
}

export interface DenoiserInputs {
  readonly sample: Value;
  readonly timestep: Value;
  readonly sCond: Value;
  readonly mask: Value;
}

const FREQUENCIES = 32;
/** Hidden width of a block's MLP per channel. 3 keeps the package below 40 MB. */
const MLP_RATIO = 3;

/** Declares the denoiser's inputs for B latents and S conditioning tokens. */
export function denoiserInputs(g: GraphBuilder, config: DenoiserConfig, batch: number, tokens: number): DenoiserInputs {
  return {
    sample: g.input('sample', [batch, config.latentChannels, config.height, config.width]),
    timestep: g.input('timestep', [batch]),
    sCond: g.input('s_cond', [batch, tokens, config.tokenWidth]),
    mask: g.input('mask', [batch, tokens]),
  };
}

/** Sines and cosines of the noise level at frequencies from 0.5 to 50 (Tancik et al. 2020). */
function noiseFeatures(g: GraphBuilder, timestep: Value): Value {
  const data = Float32Array.from({ length: FREQUENCIES }, (_, i) => 0.5 * 100 ** (i / (FREQUENCIES - 1)));
  const frequencies = g.constant({ type: 'float32', shape: [1, FREQUENCIES], data });
  const angles = mul(g, unsqueeze(g, timestep, [1]), frequencies);
  return concat(g, [g.one('Sin', [angles]), g.one('Cos', [angles])], 1);
}

const modulate = (g: GraphBuilder, x: Value, gain: Value, bias: Value): Value =>
  add(g, mul(g, x, shift(g, gain, 1)), bias);

export interface Denoised {
  readonly prediction: Value;
  /** (B, S, h·w), averaged over heads and blocks. */
  readonly attention: Value;
  /** (B, S, h·w), where the graph alone lets each token's object be; for teaching. */
  readonly expectation: Value;
  /** (B, S, D) S_cond after it has read the picture; for teaching. */
  readonly read: Value;
  /** (B, cells, drawings) log-probability of what each cell shows; for teaching. */
  readonly drawings: Value;
}

export function denoiser(g: GraphBuilder, config: DenoiserConfig, inputs: DenoiserInputs): Denoised {
  const { channels, heads } = config;
  const condition = silu(
    g,
    add(
      g,
      mlp(g, 'denoiser.time', noiseFeatures(g, inputs.timestep), channels, channels),
      mlp(g, 'denoiser.pooled', maskedMean(g, inputs.sCond, inputs.mask), channels, channels),
    ),
  );
  const { context: asked, bias } = contextOf(g, inputs);
  let context = asked;

  const modulation2 = (name: string): [Value, Value] => {
    const both = unsqueeze(g, linear(g, name, condition, 2 * channels, { gain: 0 }), [2, 3]);
    return split(g, both, 1, [channels, channels]) as [Value, Value];
  };
  const wiener = perChannelPreconditioning(g, config, inputs);
  const trust = evidence(g, sigmaOf(g, inputs));
  let image = conv(g, 'denoiser.in', wiener.input, channels);
  const skips: Value[] = [];
  for (let i = 0; i < config.convolutions; i++) {
    image = residualBlock(g, `denoiser.down.${i}`, image, modulation2(`denoiser.down.${i}.modulation`));
    skips.push(mul(g, image, trust));
  }
  const places = g.parameter('denoiser.places', [1, config.height * config.width, channels], normal(0.1));
  // Above sigma 10 the picture is noise and the layout is undecided: what each place asks of the graph before it has seen anything.
  const asking = add(g, places, unsqueeze(g, linear(g, 'denoiser.expect.condition', condition, channels), [1]));
  const expected = attention(g, 'denoiser.expect', plainNorm(g, asking), context, heads, { bias, gain: 0 });
  let tokens = add(g, add(g, toTokens(g, mul(g, image, trust)), places), expected.output);
  const maps: Value[] = [];
  // One map from the condition to all blocks' modulations, plus an offset per block (Chen et al. 2024, PixArt-α): 2 M weights less.
  const shared = linear(g, 'denoiser.modulation', condition, 6 * channels, { gain: 0 });
  for (let i = 0; i < config.blocks; i++) {
    const name = `denoiser.blocks.${i}`;
    const offset = g.parameter(`${name}.offset`, [1, 6 * channels], normal(0.02));
    const parts = unsqueeze(g, add(g, shared, offset), [1]);
    const [g1, b1, a1, g2, b2, a2] = split(g, parts, 2, new Array(6).fill(channels)) as [
      Value,
      Value,
      Value,
      Value,
      Value,
      Value,
    ];
    const normal1 = modulate(g, plainNorm(g, tokens), g1, b1);
    const self = attention(g, `${name}.self`, normal1, normal1, heads, { gain: 0.3 });
    tokens = add(g, tokens, mul(g, self.output, shift(g, a1, 1)));
    if (i % READ_EVERY === 1) context = readPicture(g, `${name}.read`, context, tokens, heads);
    const cross = attention(g, `${name}.cross`, plainNorm(g, tokens), context, heads, { bias, gain: 0.3 });
    tokens = add(g, tokens, cross.output);
    maps.push(reduceMean(g, cross.weights, [1]));
    const normal2 = modulate(g, plainNorm(g, tokens), g2, b2);
    tokens = add(
      g,
      tokens,
      mul(g, mlp(g, `${name}.mlp`, normal2, MLP_RATIO * channels, channels, 0.3), shift(g, a2, 1)),
    );
  }
  image = toImage(g, tokens, config.height, config.width);
  for (let i = config.convolutions - 1; i >= 0; i--) {
    image = conv(g, `denoiser.up.${i}.join`, concat(g, [image, skips[i] as Value], 1), channels, 1);
    image = residualBlock(g, `denoiser.up.${i}`, image, modulation2(`denoiser.up.${i}.modulation`));
  }
  const features = silu(g, channelNorm(g, 'denoiser.norm', image));
  const raw = conv(g, 'denoiser.out', features, config.latentChannels, 3, 0);
  const mean = conv(g, 'denoiser.mean', features, config.latentChannels, 1, 0);
  const spread = conv(g, 'denoiser.spread', features, config.latentChannels, 1, 0);
  const logits = depthToSpace(g, conv(g, 'denoiser.drawings', features, PATCH ** 2 * drawingCount, 1, 0), PATCH);
  return {
    ...withDrawings(g, config, inputs, wiener.output(raw, mean, spread), toTokens(g, logits)),
    attention: meanMap(g, maps),
    expectation: meanMap(g, [reduceMean(g, expected.weights, [1])]),
    read: slice(g, context, [1], [1], [2 ** 31]),
  };
}

/** Blocks from one reading to the next. In every block it would be 6 MB more in half precision. */
const READ_EVERY = 2;

/**
 * S_cond's tokens look at the picture, as those of text do in Esser et al. 2024 (MM-DiT): an object's token gathers from the whole noisy picture
 * where that object seems to be, and through cross-attention every cell of it is told the same.
 */
function readPicture(g: GraphBuilder, name: string, context: Value, tokens: Value, heads: number): Value {
  const width = context.shape[2] as number;
  const seen = attention(g, name, plainNorm(g, context), plainNorm(g, tokens), heads, { gain: 0 });
  const informed = add(g, context, seen.output);
  return add(g, informed, mlp(g, `${name}.mlp`, plainNorm(g, informed), 2 * width, width, 0));
}

/** (B, 1, 1, 1) the noise level; the timestep is ln(sigma) / 4. */
const sigmaOf = (g: GraphBuilder, { timestep }: DenoiserInputs): Value =>
  unsqueeze(g, exp(g, scale(g, timestep, 4)), [1, 2, 3]);

/** An object of 8 cells x 64 channels of unit deviation stands out from noise of about this deviation. */
const SHOWS_BELOW = 20;

/**
 * How far features of the picture are to be believed, 1/√(1 + (σ/20)²): normalised input is of unit size at every noise level, and a network
 * that reads it so takes noise at σ = 80 for objects, whatever the graph says.
 */
const evidence = (g: GraphBuilder, sigma: Value): Value =>
  div(g, g.scalar(1), sqrt(g, shift(g, square(g, scale(g, sigma, 1 / SHOWS_BELOW)), 1)));

/**
 * Noise at which what is told of a code and its mean under Bayes' rule count alike. Measured on 96 pictures, mean squares of the two's errors: 0.083 and 0.047
 * at σ = 4.5, 0.148 and 0.136 at 9, 0.209 and 0.210 at 14, of both together 0.197.
 */
const TELLS_BELOW = 12;

/**
 * A cell shows one of 137 drawings, or none, and what a network says of it is a mean of codes; ended on, that is a third drawing's. So below
 * σ = 12 the code is the mean under Bayes' rule, p(k) ∝ exp(l_k + ⟨D, c_k⟩ + ⟨x, c_k⟩/σ²) over the codes c_k, all of one length, with the
 * network's own D and logits l for the prior: at σ → 0 it is one of the codes, and never one that nothing speaks for.
 * @param prediction (B, C, h, w) F, whose codes count above
 * @param logits (B, cells, drawings)
 */
function withDrawings(
  g: GraphBuilder,
  config: DenoiserConfig,
  inputs: DenoiserInputs,
  prediction: Value,
  logits: Value,
): Pick<Denoised, 'prediction' | 'drawings'> {
  const common = config.scale;
  const sigma = sigmaOf(g, inputs);
  const norm = sqrt(g, shift(g, square(g, sigma), 1));
  const [seenCode] = cellsOf(g, config, mul(g, inputs.sample, norm));
  const [toldCode, others] = cellsOf(g, config, div(g, add(g, inputs.sample, mul(g, sigma, prediction)), norm));
  const codes = codesOf(g, 'drawing');
  const perCell = reshape(g, sigma, [sigma.shape[0] as number, 1, 1]);
  const weight = div(g, g.scalar(1), square(g, scale(g, perCell, common)));
  const spoken = matMul(g, add(g, toldCode, mul(g, seenCode, weight)), transpose(g, codes, [1, 0]));
  const all = add(g, logits, spoken);
  const likely = matMul(g, softmax(g, all), codes);
  const trust = div(g, g.scalar(1), shift(g, square(g, scale(g, perCell, 1 / TELLS_BELOW)), 1));
  const change = concat(g, [mul(g, sub(g, likely, toldCode), trust), scale(g, others, 0)], 2);
  const image = spaceToDepth(g, toImage(g, change, GRID, GRID), PATCH);
  return {
    prediction: add(g, prediction, mul(g, scale(g, image, 1 / common), div(g, norm, sigma))),
    drawings: logSoftmax(g, all),
  };
}

/** A standardised latent as cells: the codes of their drawings (B, cells, 12), and their other numbers. */
function cellsOf(
  g: GraphBuilder,
  { latentChannels, mean, scale: common }: DenoiserConfig,
  standardised: Value,
): [Value, Value] {
  const means = g.constant({ type: 'float32', shape: [1, latentChannels, 1, 1], data: Float32Array.from(mean) });
  const cells = toTokens(g, depthToSpace(g, add(g, scale(g, standardised, common), means), PATCH));
  return split(g, cells, 2, [FEATURES.drawing, latentChannels / PATCH ** 2 - FEATURES.drawing]) as [Value, Value];
}

/**
 * Cross-entropy of what cells show: a squared error between codes hardly tells a drawing that is taken for another of the same place from one that is
 * nearly sure (Dieleman et al. 2022, CDCD).
 * @param latent (B, C, h, w) standardised, without noise
 * @param drawings (B, cells, drawings) log-probabilities
 * @param weight (B, 1, h, w)
 */
export function drawingLoss(
  g: GraphBuilder,
  config: DenoiserConfig,
  latent: Value,
  drawings: Value,
  weight: Value,
): Value {
  const [codes] = cellsOf(g, config, latent);
  const shown = cast(g, argMax(g, matMul(g, codes, transpose(g, codesOf(g, 'drawing'), [1, 0]))), 'int32');
  const identity = Float32Array.from({ length: drawingCount ** 2 }, (_, at) => (at % (drawingCount + 1) === 0 ? 1 : 0));
  const table = g.constant({ type: 'float32', shape: [drawingCount, drawingCount], data: identity });
  const missed = reduceSum(g, mul(g, gather(g, table, shown), drawings), [2], { keepdims: true });
  return neg(g, meanAll(g, mul(g, spaceToDepth(g, toImage(g, missed, GRID, GRID), PATCH), weight)));
}

/** Bound of |ln ŝ/s|: a flat sky needs small spreads, a drawing's outline large ones; e^±3 spans 400 to 1. */
const MOST_SPREAD = 3;

/**
 * A Wiener filter whose mean and spread the network tells cell by cell, plus EDM's correction (Karras et al. 2022, table 1).
 *
 * EDM says one sigma_data for all channels; those of a principal-component latent differ 7 to 1, and a channel that is busy in a
 * drawing is still in the sky. With s the deviation of a channel over all pictures, ŝ = s·exp(3·tanh(spread/3)) that of this cell, m
 * its mean and G the correction, the denoiser is
 * D = (ŝ²·x + σ²·s·m)/(ŝ² + σ²) + s·σ/√(σ² + s²)·G, as seen from outside through a parametrisation with sigma_data = 1:
 * F = σ(ŝ² − 1)/(σ² + ŝ²)·sample + σ√(σ² + 1)/(σ² + ŝ²)·s·m + s·r·G with r = √((σ² + 1)/(σ² + s²)), fed r·sample.
 * Before the first step (all three 0) it is the Wiener filter of each channel.
 */
function perChannelPreconditioning(
  g: GraphBuilder,
  { deviations, latentChannels }: DenoiserConfig,
  inputs: DenoiserInputs,
): { readonly input: Value; output(raw: Value, mean: Value, spread: Value): Value } {
  const perChannel = (numbers: readonly number[]): Value =>
    g.constant({ type: 'float32', shape: [1, latentChannels, 1, 1], data: Float32Array.from(numbers) });
  const { sample } = inputs;
  const sigma = sigmaOf(g, inputs);
  const variance = square(g, sigma);
  const deviation = perChannel(deviations);
  const ratio = sqrt(g, div(g, shift(g, variance, 1), add(g, variance, square(g, deviation))));
  return {
    input: mul(g, sample, ratio),
    output: (raw, mean, spread) => {
      const bounded = scale(g, tanh(g, scale(g, spread, 1 / MOST_SPREAD)), MOST_SPREAD);
      const local = square(g, mul(g, exp(g, bounded), deviation));
      const share = div(g, sigma, add(g, variance, local));
      const skipped = mul(g, sample, mul(g, shift(g, local, -1), share));
      const centred = mul(g, mul(g, mean, deviation), mul(g, share, sqrt(g, shift(g, variance, 1))));
      return add(g, add(g, skipped, centred), mul(g, raw, mul(g, ratio, deviation)));
    },
  };
}

/** S_cond with the learned null token in front; it is all that the unconditional branch (an empty mask) sees. */
function contextOf(g: GraphBuilder, inputs: DenoiserInputs): { context: Value; bias: Value } {
  const [, , width] = inputs.sCond.shape as [number, number, number];
  const nothing = mul(g, slice(g, inputs.sCond, [1], [0], [1]), g.scalar(0));
  const nullToken = add(g, nothing, g.parameter('denoiser.null', [1, 1, width], normal(1)));
  const always = shift(g, mul(g, slice(g, inputs.mask, [1], [0], [1]), g.scalar(0)), 1);
  return {
    context: concat(g, [nullToken, inputs.sCond], 1),
    bias: maskBias(g, concat(g, [always, inputs.mask], 1)),
  };
}

/** Mean over blocks of (B, h·w, 1 + S), without the null token, as (B, S, h·w). */
function meanMap(g: GraphBuilder, maps: readonly Value[]): Value {
  const mean = mul(g, sumOf(g, maps), g.scalar(1 / maps.length));
  return transpose(g, slice(g, mean, [2], [1], [2 ** 31]), [0, 2, 1]);
}
