/**
 * A dual encoder after CLIP (Radford et al. 2021). The text tower reads a graph's labels and predicates as a bag of words that
 * starts from pre-trained word vectors, so that a label outside the vocabulary lands near its neighbours.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, div, mul, shift, sqrt, square } from '#onnx/ops/arithmetic.ts';
import { concat, reshape, spaceToDepth } from '#onnx/ops/layout.ts';
import { reduceMean, reduceSum } from '#onnx/ops/reduction.ts';
import { conv, linear, mlp, norm, residualBlock, toTokens } from './layers.ts';

export interface ClipConfig {
  readonly image: {
    /** Channels at 1/8 and at 1/16 of the picture's size. */
    readonly widths: readonly [number, number];
    /** Residual blocks at the same. */
    readonly blocks: readonly [number, number];
  };
  /** Width of a label's embedding. */
  readonly labelWidth: number;
  /** Width of the shared feature space. */
  readonly featureWidth: number;
}

/** (B, 3, H, W) in [−1, 1] → (B, C), unit length. */
export function clipImageTower(g: GraphBuilder, config: ClipConfig, image: Value): Value {
  const { widths, blocks } = config.image;
  let fine = conv(g, 'clip.image.in', spaceToDepth(g, image, 8), widths[0]);
  for (let i = 0; i < blocks[0]; i++) fine = residualBlock(g, `clip.image.fine.${i}`, fine);
  let deep = conv(g, 'clip.image.down', spaceToDepth(g, fine, 2), widths[1], 1);
  for (let i = 0; i < blocks[1]; i++) deep = residualBlock(g, `clip.image.deep.${i}`, deep);
  const tokens = mlp(
    g,
    'clip.image.mix',
    norm(g, 'clip.image.norm', toTokens(g, deep)),
    config.labelWidth,
    config.featureWidth,
  );
  return unitLength(g, linear(g, 'clip.image.out', reduceMean(g, tokens, [1]), config.featureWidth));
}

/** Label embedding: word vectors (…, W) → (…, labelWidth). */
export function labelEmbedding(g: GraphBuilder, config: ClipConfig, vectors: Value): Value {
  return norm(g, 'clip.label.norm', mlp(g, 'clip.label', vectors, 2 * config.labelWidth, config.labelWidth));
}

export interface ClipTextInputs {
  /** (B, O, W) */
  readonly objectVectors: Value;
  /** (B, O, W) */
  readonly attributeVectors: Value;
  /** (B, O) */
  readonly objectMask: Value;
  /** (B, T) predicate indices as one-hot rows, (B, T, P) */
  readonly predicateOneHot: Value;
  /** (B, T) */
  readonly relationMask: Value;
  /** (B, styles + 1) one-hot */
  readonly styleOneHot: Value;
}

/** A graph's words → (B, C), unit length. */
export function clipTextTower(g: GraphBuilder, config: ClipConfig, inputs: ClipTextInputs): Value {
  const label = labelEmbedding(g, config, inputs.objectVectors);
  const attribute = linear(g, 'clip.text.attribute', inputs.attributeVectors, config.labelWidth, { bias: false });
  const words = mlp(g, 'clip.text.word', add(g, label, attribute), config.labelWidth, config.labelWidth);
  const predicates = linear(g, 'clip.text.predicate', inputs.predicateOneHot, config.labelWidth, { bias: false });
  const style = linear(g, 'clip.text.style', inputs.styleOneHot, config.labelWidth, { bias: false });
  const bag = concat(
    g,
    [maskedSum(g, words, inputs.objectMask), maskedSum(g, predicates, inputs.relationMask), style],
    1,
  );
  return unitLength(
    g,
    mlp(g, 'clip.text.out', norm(g, 'clip.text.norm', bag), 2 * config.labelWidth, config.featureWidth),
  );
}

/** Sum over tokens that count: (B, N, D), (B, N) → (B, D). */
function maskedSum(g: GraphBuilder, tokens: Value, mask: Value): Value {
  const [b, n] = mask.shape as [number, number];
  return reduceSum(g, mul(g, tokens, reshape(g, mask, [b, n, 1])), [1]);
}

/** Mean over tokens that count; zeros where none does. */
export function maskedMean(g: GraphBuilder, tokens: Value, mask: Value): Value {
  const count = g.one('Max', [reduceSum(g, mask, [1], { keepdims: true }), g.scalar(1)]);
  return div(g, maskedSum(g, tokens, mask), count);
}

export function unitLength(g: GraphBuilder, x: Value): Value {
  return div(g, x, sqrt(g, shift(g, reduceSum(g, square(g, x), [-1], { keepdims: true }), 1e-8)));
}
