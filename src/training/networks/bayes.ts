/**
 * Some of a latent's numbers are codes, one of a short list: which drawing a cell shows, and which ground, style and hour the picture has. What a
 * noisy code can be follows from Bayes' rule, which a network only comes near to: p(k) ∝ exp(prior_k) · p(x | c_k), and the code that is
 * expected is the mean Σ p(k) c_k. The network says the prior.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { logSoftmax, softmax } from '#onnx/ops/activation.ts';
import { add, div, mul, neg, scale, shift, sqrt, square, sub, sumOf } from '#onnx/ops/arithmetic.ts';
import { argMax, gather } from '#onnx/ops/indexing.ts';
import { cast, concat, depthToSpace, reshape, spaceToDepth, split, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll, reduceMean, reduceSum } from '#onnx/ops/reduction.ts';
import { drawingCount, GRID, LAYERS } from '#training/corpus/sample/cell-features.ts';
import { CELL_SPLIT, codedCounts, codesOf, PATCH, PICTURE_STRENGTH } from './autoencoder.ts';
import { toImage, toTokens } from './layers.ts';

/** How latents were standardised: codes are compared as they are. */
export interface Standardisation {
  /** (C) */
  readonly mean: readonly number[];
  /** Common to all channels. */
  readonly scale: number;
}

/** What the network predicts, and of what. */
export interface Prediction {
  /** (B, C, h, w) standardised latents with noise, as the network is fed them. */
  readonly sample: Value;
  /** (B, 1, 1, 1) the noise level */
  readonly sigma: Value;
  /** (B, C, h, w) F, whose codes count in the prior */
  readonly prediction: Value;
  /** (B, layers · cells, drawings) what each cell may show in front, then behind */
  readonly drawings: Value;
  /** (B, SETTING_LOGITS) which ground, style and hour it may be */
  readonly setting: Value;
}

/** Grounds, styles, and night or day. */
const settings = { ground: codedCounts.ground, style: codedCounts.style, night: 2 } as const;
type Setting = keyof typeof settings;
const settingNames = Object.keys(settings) as Setting[];
export const SETTING_LOGITS = Object.values(settings).reduce((sum, count) => sum + count, 0);

/**
 * The prediction with the codes that are expected under Bayes' rule in place of those that the network said.
 * @returns prediction (B, C, h, w); drawings (B, layers · cells, drawings) and setting (B, 1, SETTING_LOGITS): log-probability of what each cell shows, and of each
 * ground, each style, and night and day
 */
export function underBayesRule(
  g: GraphBuilder,
  standardisation: Standardisation,
  { sample, sigma, prediction, drawings, setting }: Prediction,
): { readonly prediction: Value; readonly drawings: Value; readonly setting: Value } {
  const common = standardisation.scale;
  const norm = sqrt(g, shift(g, square(g, sigma), 1)); // (B, 1, 1, 1)
  const denoised = div(g, add(g, sample, mul(g, sigma, prediction)), norm); // (B, C, h, w)
  const seen = partsOf(g, standardisation, mul(g, sample, norm));
  const predicted = partsOf(g, standardisation, denoised);
  const perCell = reshape(g, sigma, [sigma.shape[0]!, 1, 1]); // (B, 1, 1)
  const noise = square(g, scale(g, perCell, common)); // (B, 1, 1)
  const cells = drawingsOf(g, seen.drawings, predicted.drawings, drawings, noise); // (B, layers · cells, …)
  const priors = split(g, setting, 1, Object.values(settings));
  const whole = settingNames.map((name, i) => settingOf(g, name, seen[name], predicted[name], priors[i]!, noise));
  const codes = split(g, cells.change, 1, new Array(LAYERS).fill(GRID * GRID)); // each (B, cells, width)
  const layers = codes.flatMap((code, layer) => [code, scale(g, predicted.numbers[layer]!, 0)]);
  const change = concat(g, [...layers, scale(g, predicted.below, 0), ...whole.map((one) => one.change)], 2); // (B, cells, FEATURE_COUNT)
  const image = spaceToDepth(g, toImage(g, change, GRID, GRID), PATCH); // (B, C, h, w)
  return {
    prediction: add(g, prediction, mul(g, scale(g, image, 1 / common), div(g, norm, sigma))),
    drawings: cells.drawings,
    setting: concat(
      g,
      whole.map((one) => one.setting),
      2,
    ),
  };
}

/**
 * Noise of a code's numbers at which its predicted mean and its mean under Bayes' rule count alike. Measured on 96 pictures, mean squares of the two's errors: 0.083 and
 * 0.047 in noise of 2.3, 0.148 and 0.136 in 4.6, 0.209 and 0.210 in 7.1, of both together 0.197.
 */
const TELLS_BELOW = 6;

/**
 * A cell shows one of 137 drawings, or none, and what a network says of it is a mean of codes; ended on, that is a third drawing's. So below
 * a noise of 6 the code is the mean under Bayes' rule, p(k) ∝ exp(l_k + ⟨D, c_k⟩ + ⟨x, c_k⟩/σ²) over the codes c_k, all of one length, with the
 * network's own D and logits l for the prior: at σ → 0 it is one of the codes, and never one that nothing speaks for.
 */
function drawingsOf(
  g: GraphBuilder,
  seen: Value,
  mean: Value,
  logits: Value,
  noise: Value,
): { readonly change: Value; readonly drawings: Value } {
  const codes = codesOf(g, 'drawing'); // (drawings, width)
  const weight = div(g, g.scalar(1), noise);
  const spoken = matMul(g, add(g, mean, mul(g, seen, weight)), transpose(g, codes, [1, 0])); // (B, layers · cells, drawings)
  const all = add(g, logits, spoken);
  const likely = matMul(g, softmax(g, all), codes); // (B, layers · cells, width)
  const trust = div(g, g.scalar(1), shift(g, scale(g, noise, TELLS_BELOW ** -2), 1));
  return { change: mul(g, sub(g, likely, mean), trust), drawings: logSoftmax(g, all) };
}

/**
 * All 256 cells say the same code c_k, so their mean x̄ tells it through noise of σ/16: ln p(x | c_k) = (⟨x̄, c_k⟩ − |c_k|²/2) · 256/σ². A network
 * averages less well than that. On 256 scenes, without a condition, it missed their grounds by 0.28 at σ = 5 where Bayes' rule errs by
 * 0.02, and by 0.43 instead of 0.12 at 7 (2.33 is what the scenes differ by); who sees less of what is there falls back on what is usual, and two in three
 * pictures of a graph without a ground were on the road that one in three should be on.
 * @param seen (B, cells, width)
 * @param mean (B, cells, width) what the network predicts of the code
 * @param logits (B, count)
 * @param noise (B, 1, 1) variance per number
 * @returns change (B, cells, width), what is to be added to that mean; setting (B, 1, count), log-probabilities
 */
function settingOf(
  g: GraphBuilder,
  name: Setting,
  seen: Value,
  mean: Value,
  logits: Value,
  noise: Value,
): { readonly change: Value; readonly setting: Value } {
  const codes = settingCodes(g, name); // (count, width)
  const evidence = mul(g, likenessOf(g, codes, seen), div(g, g.scalar(GRID * GRID), noise)); // (B, 1, count)
  // As strong as the code of a drawing, which is not said softly.
  const loud = transpose(g, scale(g, codes, PICTURE_STRENGTH ** -2), [1, 0]); // (width, count)
  const prior = add(g, unsqueeze(g, logits, [1]), matMul(g, meanOf(g, mean), loud)); // (B, 1, count)
  const all = add(g, prior, evidence);
  return { change: sub(g, matMul(g, softmax(g, all), codes), mean), setting: logSoftmax(g, all) };
}

const meanOf = (g: GraphBuilder, cells: Value): Value => reduceMean(g, cells, [1], { keepdims: true });

/** (B, 1, count) ⟨x̄, c_k⟩ − |c_k|²/2 of the mean x̄ of all cells: the largest is of the code that is nearest. */
function likenessOf(g: GraphBuilder, codes: Value, cells: Value): Value {
  const power = reduceSum(g, square(g, codes), [1], { keepdims: true }); // (count, 1)
  const across = transpose(g, codes, [1, 0]); // (width, count)
  return sub(g, matMul(g, meanOf(g, cells), across), transpose(g, scale(g, power, 0.5), [1, 0]));
}

/** (count, width) as latents have them */
function settingCodes(g: GraphBuilder, name: Setting): Value {
  const hours = () => g.constant({ type: 'float32', shape: [2, 1], data: Float32Array.of(0, 1) });
  return scale(g, name === 'night' ? hours() : codesOf(g, name), PICTURE_STRENGTH);
}

interface Parts {
  /** (B, layers · cells, width) */
  readonly drawings: Value;
  /** (B, cells, width) of each layer. */
  readonly numbers: readonly Value[];
  /** (B, cells, width) each. */
  readonly below: Value;
  readonly ground: Value;
  readonly style: Value;
  readonly night: Value;
}

/** A standardised latent as cells, by what their numbers are. */
function partsOf(g: GraphBuilder, { mean, scale: common }: Standardisation, standardised: Value): Parts {
  const means = g.constant({ type: 'float32', shape: [1, mean.length, 1, 1], data: Float32Array.from(mean) });
  const cells = toTokens(g, depthToSpace(g, add(g, scale(g, standardised, common), means), PATCH)); // (B, cells, FEATURE_COUNT)
  const parts = split(g, cells, 2, CELL_SPLIT);
  const layers = parts.slice(0, 2 * LAYERS);
  const [below, ground, style, night] = parts.slice(2 * LAYERS) as [Value, Value, Value, Value];
  const drawings = concat(
    g,
    layers.filter((_, i) => i % 2 === 0),
    1,
  );
  return { drawings, numbers: layers.filter((_, i) => i % 2 === 1), below, ground, style, night };
}

/**
 * Cross-entropy of what cells show: a squared error between codes hardly tells a drawing that is taken for another of the same place from one that is
 * nearly sure (Dieleman et al. 2022, CDCD).
 * @param latent (B, C, h, w) standardised, without noise
 * @param drawings (B, layers · cells, drawings) log-probabilities
 * @param weight (B, 1, h, w)
 */
export function drawingLoss(
  g: GraphBuilder,
  standardisation: Standardisation,
  latent: Value,
  drawings: Value,
  weight: Value,
): Value {
  const { drawings: codes } = partsOf(g, standardisation, latent);
  const missed = missedBy(g, drawings, matMul(g, codes, transpose(g, codesOf(g, 'drawing'), [1, 0])), drawingCount);
  const both = sumOf(g, split(g, missed, 1, new Array(LAYERS).fill(GRID * GRID)));
  return neg(g, meanAll(g, mul(g, spaceToDepth(g, toImage(g, both, GRID, GRID), PATCH), weight)));
}

/**
 * Cross-entropy of ground, style and hour, added up: a graph that names grass leaves nothing else, and a squared error is content with nine
 * pictures of ten.
 * @param latent (B, C, h, w) standardised, without noise
 * @param setting (B, 1, SETTING_LOGITS) log-probabilities
 */
export function settingLoss(g: GraphBuilder, standardisation: Standardisation, latent: Value, setting: Value): Value {
  const parts = partsOf(g, standardisation, latent);
  const logs = split(g, setting, 2, Object.values(settings));
  const missed = settingNames.map((name, i) => {
    const likeness = likenessOf(g, settingCodes(g, name), parts[name]);
    return missedBy(g, logs[i]!, likeness, settings[name]);
  });
  return neg(g, meanAll(g, sumOf(g, missed)));
}

/** (B, N, 1) the log-probability of the entry that is most alike; both arguments (B, N, count). */
function missedBy(g: GraphBuilder, logs: Value, likeness: Value, count: number): Value {
  const identity = Float32Array.from({ length: count ** 2 }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  const table = g.constant({ type: 'float32', shape: [count, count], data: identity });
  const shown = gather(g, table, cast(g, argMax(g, likeness), 'int32'));
  return reduceSum(g, mul(g, shown, logs), [2], { keepdims: true });
}
