/** Finds labels and their places in a picture. For metrics and for the editor's checks; never a training signal of the generator. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { sigmoid, silu, softmax } from '#onnx/ops/activation.ts';
import { add, clip } from '#onnx/ops/arithmetic.ts';
import { conv2d } from '#onnx/ops/convolution.ts';
import { concat, depthToSpace, reshape, spaceToDepth, split } from '#onnx/ops/layout.ts';
import { seenAs, sights } from '#training/corpus/sample/sights.ts';
import { partNames } from '#training/corpus/world/parts.ts';
import { channelNorm, conv, residualBlock } from './layers.ts';

export interface VerifierConfig {
  /** Channels at 1/4, 1/8 and 1/16 of the picture's size. */
  readonly widths: readonly [number, number, number];
  /** Residual blocks at 1/8 and at 1/16. */
  readonly blocks: readonly [number, number];
}

export interface Sighted {
  /** (B, sights, h, w) logits of what each cell of H/8 × W/8 shows; one of them is true of a pixel. */
  readonly sights: Value;
  /** (B, parts, h, w) logits of parts, several of which may be seen at once. */
  readonly parts: Value;
  /** (B, h, w) in [0, 1]: nearness of what is visible. */
  readonly depth: Value;
}

/**
 * (B, 3, H, W) in [−1, 1] → what is seen where. Its classes are drawings, not words: a drawing has up to five names, and 206 words with
 * a sigmoid each were hardly learned from 30,000 pictures.
 */
export function verifier(g: GraphBuilder, config: VerifierConfig, image: Value): Sighted {
  const [finest, fineWidth, deepWidth] = config.widths;
  const stem = silu(g, conv(g, 'verifier.stem', spaceToDepth(g, image, 4), finest));
  let fine = conv(g, 'verifier.fine', spaceToDepth(g, stem, 2), fineWidth, 1);
  for (let i = 0; i < config.blocks[0]; i++) fine = residualBlock(g, `verifier.fine.${i}`, fine);
  let deep = conv(g, 'verifier.down', spaceToDepth(g, fine, 2), deepWidth, 1);
  for (let i = 0; i < config.blocks[1]; i++) deep = residualBlock(g, `verifier.deep.${i}`, deep);
  const wide = depthToSpace(g, conv(g, 'verifier.up', deep, 4 * fineWidth, 1), 2);
  const h = silu(g, channelNorm(g, 'verifier.norm', residualBlock(g, 'verifier.join', add(g, fine, wide))));
  const out = conv(g, 'verifier.out', h, sights.length + partNames.length + 1, 1);
  const [seen, parts, nearness] = split(g, out, 1, [sights.length, partNames.length, 1]) as [Value, Value, Value];
  const [b, , rows, columns] = out.shape as [number, number, number, number];
  return { sights: seen, parts, depth: sigmoid(g, reshape(g, nearness, [b, rows, columns])) };
}

/** (B, L, h, w) in [0, 1]: how sure it is that a label is visible in a cell, under whichever of its meanings. */
export function presenceOf(g: GraphBuilder, { sights: seen, parts }: Sighted, labels: readonly string[]): Value {
  const certain = concat(g, [softmax(g, seen, 1), sigmoid(g, parts)], 1);
  const classes = sights.length + partNames.length;
  const names = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => {
    for (const index of seenAs(label)) names[row * classes + index] = 1;
  });
  const table = g.constant({ type: 'float32', shape: [labels.length, classes, 1, 1], data: names });
  return clip(g, conv2d(g, certain, table, { padding: 0 }), 0, 1);
}
