/** Finds labels and their places in a picture. For metrics and for the editor's checks; never a training signal of the generator. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { sigmoid, silu } from '#onnx/ops/activation.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import { depthToSpace, reshape, slice } from '#onnx/ops/layout.ts';
import { channelNorm, conv, residualBlock } from './layers.ts';
import { type TrunkConfig, trunk } from './trunk.ts';

export interface VerifierConfig extends TrunkConfig {
  readonly labels: number;
}

/**
 * (B, 3, H, W) in [−1, 1] → per cell of H/8 × W/8 the logit that label l is visible there, (B, L, h, w), and the nearness of
 * what is visible, (B, h, w) in [0, 1].
 */
export function verifier(g: GraphBuilder, config: VerifierConfig, image: Value): { logits: Value; depth: Value } {
  const { fine, deep } = trunk(g, 'verifier', config, image);
  const wide = depthToSpace(g, conv(g, 'verifier.up', deep, 4 * config.widths[0], 1), 2);
  let h = residualBlock(g, 'verifier.join', add(g, fine, wide));
  h = conv(g, 'verifier.out', silu(g, channelNorm(g, 'verifier.norm', h)), config.labels + 1, 1);
  const [b, , rows, columns] = h.shape as [number, number, number, number];
  const logits = slice(g, h, [1], [0], [config.labels]);
  const depth = sigmoid(g, reshape(g, slice(g, h, [1], [config.labels], [config.labels + 1]), [b, rows, columns]));
  return { logits, depth };
}
