/** The discriminator of the CLIP alignment: C-256-128-1 with batch norm, LeakyReLU 0.2 and dropout, as in the authors' code. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { leakyRelu } from '#onnx/ops/activation.ts';
import { mul } from '#onnx/ops/arithmetic.ts';
import { batchNormTraining } from '#onnx/ops/normalization.ts';
import { linear, ones, zeros } from './layers.ts';

const WIDTHS = [256, 128] as const;

/**
 * (B, C) → (B, 1) logit of "a CLIP image feature".
 * @param dropout one (B, 256) and one (B, 128) mask of 0 and 1/(1 − rate).
 */
export function discriminator(g: GraphBuilder, features: Value, dropout: readonly [Value, Value]): Value {
  let h = features;
  WIDTHS.forEach((width, layer) => {
    h = linear(g, `discriminator.${layer}`, h, width);
    const gain = g.parameter(`discriminator.${layer}.norm.gain`, [width], ones);
    h = batchNormTraining(g, h, gain, g.parameter(`discriminator.${layer}.norm.bias`, [width], zeros));
    h = mul(g, leakyRelu(g, h, 0.2), dropout[layer]!);
  });
  return linear(g, 'discriminator.out', h, 1);
}

export const dropoutWidths = WIDTHS;
