/**
 * The denoiser: a transformer with cross-attention to S_cond (after Peebles and Xie 2023 and Rombach et al. 2022), and residual convolution
 * blocks around it where the configuration asks for some. The noise level and the pooled S_cond also steer the normalisations.
 */
import { denoiserPorts } from '#engine/package/network-ports.ts';
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu, tanh } from '#onnx/ops/activation.ts';
import { add, div, exp, mul, scale, shift, sqrt, square, sumOf } from '#onnx/ops/arithmetic.ts';
import { concat, depthToSpace, slice, split, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { reduceMean, reduceSum } from '#onnx/ops/reduction.ts';
import { drawingCount, LAYERS } from '#training/corpus/sample/cell-features.ts';
import { PATCH } from './autoencoder.ts';
import { SETTING_LOGITS, underBayesRule } from './bayes.ts';
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
  const { inputs } = denoiserPorts;
  return {
    sample: g.input(inputs.sample, [batch, config.latentChannels, config.height, config.width]),
    timestep: g.input(inputs.timestep, [batch]),
    sCond: g.input(inputs.sCond, [batch, tokens, config.tokenWidth]),
    mask: g.input(inputs.mask, [batch, tokens]),
  };
}

/** Sines and cosines of the noise level at frequencies from 0.5 to 50 (Tancik et al. 2020). */
function noiseFeatures(g: GraphBuilder, timestep: Value): Value {
  const data = Float32Array.from({ length: FREQUENCIES }, (_, i) => 0.5 * 100 ** (i / (FREQUENCIES - 1)));
  const frequencies = g.constant({ type: 'float32', shape: [1, FREQUENCIES], data });
  const angles = mul(g, unsqueeze(g, timestep, [1]), frequencies); // (B, 1) · (1, F) → (B, F)
  return concat(g, [g.one('Sin', [angles]), g.one('Cos', [angles])], 1); // (B, 2F)
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
  /** (B, layers · cells, drawings) log-probability of what each cell shows in front, then behind; for teaching. */
  readonly drawings: Value;
  /** (B, 1, SETTING_LOGITS) log-probability of each ground, each style, and day and night; for teaching. */
  readonly setting: Value;
}

/** B pictures whose latents have C channels and h × w places, S conditioning tokens of width D, H channels inside. */
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
  const { context: asked, bias } = contextOf(g, inputs); // (B, 1 + S, D), (B, 1, 1, 1 + S)
  let context = asked;

  const modulation2 = (name: string): [Value, Value] => {
    const both = unsqueeze(g, linear(g, name, condition, 2 * channels, { gain: 0 }), [2, 3]); // (B, 2H, 1, 1)
    return split(g, both, 1, [channels, channels]) as [Value, Value];
  };
  const wiener = perChannelPreconditioning(g, config, inputs);
  const trust = evidence(g, sigmaOf(g, inputs)); // (B, 1, 1, 1)
  let image = conv(g, 'denoiser.in', wiener.input, channels); // (B, C, h, w) → (B, H, h, w)
  const skips: Value[] = [];
  for (let i = 0; i < config.convolutions; i++) {
    image = residualBlock(g, `denoiser.down.${i}`, image, modulation2(`denoiser.down.${i}.modulation`));
    skips.push(mul(g, image, trust));
  }
  const places = g.parameter('denoiser.places', [1, config.height * config.width, channels], normal(0.1)); // (1, h·w, H)
  // Above sigma 10 the picture is noise and the layout is undecided: what each place asks of the graph before it has seen anything.
  const asking = add(g, places, unsqueeze(g, linear(g, 'denoiser.expect.condition', condition, channels), [1])); // (B, h·w, H)
  const expected = attention(g, 'denoiser.expect', plainNorm(g, asking), context, heads, { bias, gain: 0 }); // (B, h·w, H)
  let tokens = add(g, add(g, toTokens(g, mul(g, image, trust)), places), expected.output); // (B, h·w, H)
  const maps: Value[] = [];
  // One map from the condition to all blocks' modulations, plus an offset per block (Chen et al. 2024, PixArt-α): 2 M weights less.
  const shared = linear(g, 'denoiser.modulation', condition, 6 * channels, { gain: 0 }); // (B, 6H)
  for (let i = 0; i < config.blocks; i++) {
    const name = `denoiser.blocks.${i}`;
    const offset = g.parameter(`${name}.offset`, [1, 6 * channels], normal(0.02));
    const parts = unsqueeze(g, add(g, shared, offset), [1]); // (B, 1, 6H)
    const [g1, b1, a1, g2, b2, a2] = split(g, parts, 2, new Array(6).fill(channels)) as [
      Value,
      Value,
      Value,
      Value,
      Value,
      Value,
    ];
    const normal1 = modulate(g, plainNorm(g, tokens), g1, b1); // (B, h·w, H)
    const self = attention(g, `${name}.self`, normal1, normal1, heads, { gain: 0.3 }); // (B, h·w, H)
    tokens = add(g, tokens, mul(g, self.output, shift(g, a1, 1)));
    if (i % READ_EVERY === 1) context = readPicture(g, `${name}.read`, context, tokens, heads); // (B, 1 + S, D)
    const cross = attention(g, `${name}.cross`, plainNorm(g, tokens), context, heads, { bias, gain: 0.3 }); // (B, h·w, H)
    tokens = add(g, tokens, cross.output);
    maps.push(reduceMean(g, cross.weights, [1])); // (B, heads, h·w, 1 + S) → (B, h·w, 1 + S)
    const normal2 = modulate(g, plainNorm(g, tokens), g2, b2); // (B, h·w, H)
    tokens = add(
      g,
      tokens,
      mul(g, mlp(g, `${name}.mlp`, normal2, MLP_RATIO * channels, channels, 0.3), shift(g, a2, 1)),
    );
  }
  image = toImage(g, tokens, config.height, config.width); // (B, H, h, w)
  for (let i = config.convolutions - 1; i >= 0; i--) {
    image = conv(g, `denoiser.up.${i}.join`, concat(g, [image, skips[i]!], 1), channels, 1); // (B, 2H, h, w) → (B, H, h, w)
    image = residualBlock(g, `denoiser.up.${i}`, image, modulation2(`denoiser.up.${i}.modulation`));
  }
  const features = silu(g, channelNorm(g, 'denoiser.norm', image)); // (B, H, h, w)
  const raw = conv(g, 'denoiser.out', features, config.latentChannels, 3, 0); // (B, C, h, w)
  const mean = conv(g, 'denoiser.mean', features, config.latentChannels, 1, 0); // (B, C, h, w)
  const spread = conv(g, 'denoiser.spread', features, config.latentChannels, 1, 0); // (B, C, h, w)
  const logits = conv(g, 'denoiser.drawings', features, PATCH ** 2 * LAYERS * drawingCount, 1, 0);
  const perCell = toTokens(g, depthToSpace(g, logits, PATCH)); // (B, cells, layers · drawings)
  return {
    ...underBayesRule(g, config, {
      sample: inputs.sample,
      sigma: sigmaOf(g, inputs),
      prediction: wiener.output(raw, mean, spread),
      drawings: concat(g, split(g, perCell, 2, new Array(LAYERS).fill(drawingCount)), 1),
      setting: add(
        g,
        linear(g, 'denoiser.settings', reduceMean(g, toTokens(g, features), [1]), SETTING_LOGITS, { gain: 0 }),
        votesOf(g, inputs),
      ),
    }),
    attention: meanMap(g, maps),
    expectation: meanMap(g, [reduceMean(g, expected.weights, [1])]),
    read: slice(g, context, [1], [1], [2 ** 31]),
  };
}

/**
 * (B, SETTING_LOGITS) every token's say in where, how and when the picture is, added up: a ground must suit all things of a graph, which is a
 * product of what each allows, and attention makes means. Without it (and with fewer graphs that leave a ground to be guessed) 23 of 96 pictures were on
 * a ground that a thing does not belong on, a car on a bathroom's tiles; with it 13.
 */
function votesOf(g: GraphBuilder, { sCond, mask }: DenoiserInputs): Value {
  const width = sCond.shape[2]!;
  const votes = mlp(g, 'denoiser.votes', plainNorm(g, sCond), width, SETTING_LOGITS, 0); // (B, S, SETTING_LOGITS)
  return reduceSum(g, mul(g, votes, unsqueeze(g, mask, [2])), [1]);
}

/** Blocks from one reading to the next. In every block it would be 6 MB more in half precision. */
const READ_EVERY = 2;

/**
 * S_cond's tokens look at the picture, as those of text do in Esser et al. 2024 (MM-DiT): an object's token gathers from the whole noisy picture
 * where that object seems to be, and through cross-attention every cell of it hears the same.
 */
function readPicture(g: GraphBuilder, name: string, context: Value, tokens: Value, heads: number): Value {
  const width = context.shape[2]!;
  const seen = attention(g, name, plainNorm(g, context), plainNorm(g, tokens), heads, { gain: 0 }); // (B, 1 + S, D)
  const informed = add(g, context, seen.output);
  return add(g, informed, mlp(g, `${name}.mlp`, plainNorm(g, informed), 2 * width, width, 0));
}

/** (B, 1, 1, 1) the noise level; the timestep is ln(sigma) / 4. */
const sigmaOf = (g: GraphBuilder, { timestep }: DenoiserInputs): Value =>
  unsqueeze(g, exp(g, scale(g, timestep, 4)), [1, 2, 3]);

/** An object of 8 cells stands out from noise of about this deviation. */
const SHOWS_BELOW = 23;

/**
 * How far features of the picture are to be believed, 1/√(1 + (σ/23)²): normalised input is of unit size at every noise level, and a network
 * that reads it so takes noise at σ = 80 for objects, whatever the graph says.
 */
const evidence = (g: GraphBuilder, sigma: Value): Value =>
  div(g, g.scalar(1), sqrt(g, shift(g, square(g, scale(g, sigma, 1 / SHOWS_BELOW)), 1)));

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
  const ratio = sqrt(g, div(g, shift(g, variance, 1), add(g, variance, square(g, deviation)))); // (B, C, 1, 1)
  return {
    input: mul(g, sample, ratio),
    output: (raw, mean, spread) => {
      const bounded = scale(g, tanh(g, scale(g, spread, 1 / MOST_SPREAD)), MOST_SPREAD);
      const local = square(g, mul(g, exp(g, bounded), deviation)); // ŝ² (B, C, h, w)
      const share = div(g, sigma, add(g, variance, local)); // (B, C, h, w)
      const skipped = mul(g, sample, mul(g, shift(g, local, -1), share)); // (B, C, h, w)
      const centred = mul(g, mul(g, mean, deviation), mul(g, share, sqrt(g, shift(g, variance, 1)))); // (B, C, h, w)
      return add(g, add(g, skipped, centred), mul(g, raw, mul(g, ratio, deviation)));
    },
  };
}

/** S_cond with the learned null token in front; it is all that the unconditional branch (an empty mask) sees. */
function contextOf(g: GraphBuilder, inputs: DenoiserInputs): { context: Value; bias: Value } {
  const [, , width] = inputs.sCond.shape as [number, number, number];
  const nothing = mul(g, slice(g, inputs.sCond, [1], [0], [1]), g.scalar(0));
  const nullToken = add(g, nothing, g.parameter('denoiser.null', [1, 1, width], normal(1))); // (B, 1, D)
  const always = shift(g, mul(g, slice(g, inputs.mask, [1], [0], [1]), g.scalar(0)), 1);
  return {
    context: concat(g, [nullToken, inputs.sCond], 1),
    bias: maskBias(g, concat(g, [always, inputs.mask], 1)),
  };
}

/** Mean over blocks of (B, h·w, 1 + S), without the null token, as (B, S, h·w). */
function meanMap(g: GraphBuilder, maps: readonly Value[]): Value {
  const mean = mul(g, sumOf(g, maps), g.scalar(1 / maps.length)); // (B, h·w, 1 + S)
  return transpose(g, slice(g, mean, [2], [1], [2 ** 31]), [0, 2, 1]);
}
