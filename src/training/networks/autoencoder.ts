/** KL-regularised image autoencoder (Kingma and Welling 2014; Rombach et al. 2022): pictures to 16 times smaller latents. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu } from '#onnx/ops/activation.ts';
import { add, clip, shift } from '#onnx/ops/arithmetic.ts';
import { depthToSpace, spaceToDepth, split } from '#onnx/ops/layout.ts';
import { channelNorm, conv, residualBlock } from './layers.ts';

export interface AutoencoderConfig {
  readonly latentChannels: number;
  /** Channels at 1/16, 1/8 and 1/4 of the picture's size. */
  readonly widths: readonly [number, number, number];
  /** Residual blocks of the decoder at 1/16, 1/8 and 1/4. */
  readonly decoderBlocks: readonly [number, number, number];
}

/** Pixels of a latent cell per side. */
export const CELL = 16;
/** Numbers of a patch of pixels under one latent cell: (y · 16 + x) · 3 + channel. */
export const PATCH = CELL * CELL * 3;
/** Where the log variance starts: deviation 0.08 beside latents of about 1. */
const START_LOG_VARIANCE = -5;

/**
 * (B, 3, H, W) in [−1, 1] → mean and log variance, each (B, C, H/16, W/16). A linear map of each patch, which can start as its
 * principal components, plus what the convolutions find; the convolutions start at zero.
 */
export function encoder(g: GraphBuilder, config: AutoencoderConfig, image: Value): { mean: Value; logVariance: Value } {
  const [deep, middle] = config.widths;
  const linear = conv(g, 'encoder.linear', spaceToDepth(g, image, CELL), config.latentChannels, 1);
  let h = conv(g, 'encoder.in', spaceToDepth(g, image, 8), middle, 1);
  h = residualBlock(g, 'encoder.middle.0', h);
  h = conv(g, 'encoder.down', spaceToDepth(g, h, 2), deep, 1);
  h = residualBlock(g, 'encoder.deep.0', h);
  h = conv(g, 'encoder.out', silu(g, channelNorm(g, 'encoder.norm', h)), 2 * config.latentChannels, 1, 0);
  const [mean, logVariance] = split(g, h, 1, [config.latentChannels, config.latentChannels]) as [Value, Value];
  return { mean: add(g, linear, mean), logVariance: clip(g, shift(g, logVariance, START_LOG_VARIANCE), -12, 4) };
}

/** (B, C, h, w) → (B, 3, 16·h, 16·w), roughly in [−1, 1]: a linear map to each patch plus convolutions that start at zero. */
export function decoder(g: GraphBuilder, config: AutoencoderConfig, latent: Value): Value {
  const [deep, middle, fine] = config.widths;
  const [deepBlocks, middleBlocks, fineBlocks] = config.decoderBlocks;
  const linear = depthToSpace(g, conv(g, 'decoder.linear', latent, PATCH, 1), CELL);
  let h = conv(g, 'decoder.in', latent, deep, 1);
  for (let i = 0; i < deepBlocks; i++) h = residualBlock(g, `decoder.deep.${i}`, h);
  h = depthToSpace(g, conv(g, 'decoder.up1', h, 4 * middle, 1), 2);
  for (let i = 0; i < middleBlocks; i++) h = residualBlock(g, `decoder.middle.${i}`, h);
  h = depthToSpace(g, conv(g, 'decoder.up2', h, 4 * fine, 1), 2);
  for (let i = 0; i < fineBlocks; i++) h = residualBlock(g, `decoder.fine.${i}`, h);
  h = conv(g, 'decoder.out', silu(g, channelNorm(g, 'decoder.norm', h)), 48, 3, 0);
  return add(g, linear, depthToSpace(g, h, 4));
}
