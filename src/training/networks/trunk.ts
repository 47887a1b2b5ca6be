/** The convolutional trunk that CLIP's image tower and the verifier are each built on (their weights are their own). */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { spaceToDepth } from '#onnx/ops/layout.ts';
import { conv, residualBlock } from './layers.ts';

export interface TrunkConfig {
  /** Channels at 1/8 and at 1/16 of the picture's size. */
  readonly widths: readonly [number, number];
  readonly blocks: readonly [number, number];
}

/** (B, 3, H, W) → features at 1/8 and at 1/16 of its size. */
export function trunk(g: GraphBuilder, name: string, config: TrunkConfig, image: Value): { fine: Value; deep: Value } {
  const [fineWidth, deepWidth] = config.widths;
  let fine = conv(g, `${name}.in`, spaceToDepth(g, image, 8), fineWidth, 3);
  for (let i = 0; i < config.blocks[0]; i++) fine = residualBlock(g, `${name}.fine.${i}`, fine);
  let deep = conv(g, `${name}.down`, spaceToDepth(g, fine, 2), deepWidth, 1);
  for (let i = 0; i < config.blocks[1]; i++) deep = residualBlock(g, `${name}.deep.${i}`, deep);
  return { fine, deep };
}
