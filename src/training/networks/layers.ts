/** Layers shared by the networks. Token tensors are (B, N, D); pictures and latents are (B, C, H, W). */
import type { Initializer, Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu, softmax } from '#onnx/ops/activation.ts';
import { add, mul, scale, shift } from '#onnx/ops/arithmetic.ts';
import { conv2d } from '#onnx/ops/convolution.ts';
import { reshape, transpose } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { groupNorm, layerNorm } from '#onnx/ops/normalization.ts';

export const zeros: Initializer = { kind: 'constant', value: 0 };
export const ones: Initializer = { kind: 'constant', value: 1 };
export const normal = (deviation: number): Initializer => ({ kind: 'normal', deviation });

/** x·W + b on the last axis; W starts normal with variance `gain`² / inputs. */
export function linear(
  g: GraphBuilder,
  name: string,
  x: Value,
  outputs: number,
  options: { readonly gain?: number; readonly bias?: boolean } = {},
): Value {
  const { gain = 1, bias = true } = options;
  const inputs = x.shape.at(-1)!;
  const start = gain === 0 ? zeros : normal(gain / Math.sqrt(inputs));
  const product = matMul(g, x, g.parameter(`${name}.weight`, [inputs, outputs], start));
  return bias ? add(g, product, g.parameter(`${name}.bias`, [outputs], zeros)) : product;
}

/** Two linear maps with SiLU between them. */
export function mlp(g: GraphBuilder, name: string, x: Value, hidden: number, outputs: number, gain = 1): Value {
  return linear(g, `${name}.2`, silu(g, linear(g, `${name}.1`, x, hidden)), outputs, { gain });
}

/** Layer norm with learned gain and bias. */
export function norm(g: GraphBuilder, name: string, x: Value): Value {
  const width = x.shape.at(-1)!;
  return layerNorm(g, x, g.parameter(`${name}.gain`, [width], ones), g.parameter(`${name}.bias`, [width], zeros));
}

/** Layer norm without gain or bias: what a modulation follows. */
export function plainNorm(g: GraphBuilder, x: Value): Value {
  const width = x.shape.at(-1)!;
  return layerNorm(g, x, g.filled([width], 1), g.filled([width], 0));
}

/** k × k convolution with bias that keeps height and width. */
export function conv(g: GraphBuilder, name: string, x: Value, outputs: number, size = 3, gain = 1): Value {
  const inputs = x.shape[1]!;
  const start = gain === 0 ? zeros : normal(gain / Math.sqrt(inputs * size * size));
  const weight = g.parameter(`${name}.weight`, [outputs, inputs, size, size], start);
  const bias = g.parameter(`${name}.bias`, [outputs], zeros);
  return conv2d(g, x, weight, { padding: (size - 1) / 2, bias });
}

export function channelNorm(g: GraphBuilder, name: string, x: Value, groups = 8): Value {
  const channels = x.shape[1]!;
  const gain = g.parameter(`${name}.gain`, [channels], ones);
  return groupNorm(g, x, groups, gain, g.parameter(`${name}.bias`, [channels], zeros));
}

/** Residual block: norm, SiLU, conv, norm, (scale and shift), SiLU, conv (He et al. 2016, v2; Dhariwal and Nichol 2021). */
export function residualBlock(g: GraphBuilder, name: string, x: Value, modulation?: readonly [Value, Value]): Value {
  const channels = x.shape[1]!;
  let h = conv(g, `${name}.conv1`, silu(g, channelNorm(g, `${name}.norm1`, x)), channels);
  h = channelNorm(g, `${name}.norm2`, h);
  if (modulation) h = add(g, mul(g, h, shift(g, modulation[0], 1)), modulation[1]);
  return add(g, x, conv(g, `${name}.conv2`, silu(g, h), channels, 3, 0.2));
}

/** (B, C, H, W) → (B, H·W, C). */
export function toTokens(g: GraphBuilder, x: Value): Value {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  return transpose(g, reshape(g, x, [b, c, h * w]), [0, 2, 1]);
}

/** (B, H·W, C) → (B, C, H, W). */
export function toImage(g: GraphBuilder, x: Value, height: number, width: number): Value {
  const [b, , c] = x.shape as [number, number, number];
  return reshape(g, transpose(g, x, [0, 2, 1]), [b, c, height, width]);
}

export interface Attended {
  readonly output: Value;
  /** (B, heads, queries, keys) */
  readonly weights: Value;
}

/**
 * Multi-head attention (Vaswani et al. 2017) of queries over keys and values.
 * @param bias added to the scores, broadcast to (B, heads, N, M): large negative numbers hide keys.
 */
export function attention(
  g: GraphBuilder,
  name: string,
  query: Value,
  context: Value,
  heads: number,
  options: { readonly bias?: Value; readonly gain?: number } = {},
): Attended {
  const [batch, count, width] = query.shape as [number, number, number];
  const keys = context.shape[1]!;
  const depth = width / heads;
  const toHeads = (x: Value, length: number, order: readonly number[]) =>
    transpose(g, reshape(g, x, [batch, length, heads, depth]), order);
  const q = toHeads(scale(g, linear(g, `${name}.query`, query, width), 1 / Math.sqrt(depth)), count, [0, 2, 1, 3]);
  const k = toHeads(linear(g, `${name}.key`, context, width), keys, [0, 2, 3, 1]);
  const v = toHeads(linear(g, `${name}.value`, context, width), keys, [0, 2, 1, 3]);
  const scores = matMul(g, q, k);
  const weights = softmax(g, options.bias ? add(g, scores, options.bias) : scores);
  const mixed = reshape(g, transpose(g, matMul(g, weights, v), [0, 2, 1, 3]), [batch, count, width]);
  return { output: linear(g, `${name}.out`, mixed, width, { gain: options.gain ?? 1 }), weights };
}

/** 0 for a key that counts, −10,000 for one that is hidden; (B, M) → (B, 1, 1, M). */
export function maskBias(g: GraphBuilder, mask: Value): Value {
  const [batch, count] = mask.shape as [number, number];
  const bias = scale(g, shift(g, mask, -1), 10_000);
  // Two steps: dimensions kept in place stay "copy" in the file, so that any batch and token count runs.
  return g.one('Unsqueeze', [reshape(g, bias, [batch, count]), g.integers([1, 2])]);
}

/** All leading dimensions as one, whatever the batch. */
export const flattened = (g: GraphBuilder, x: Value, rest: readonly number[]): Value =>
  g.one('Reshape', [x, g.integers([-1, ...rest])]);
