/**
 * The latent space, after representation autoencoders (Zheng et al. 2025, RAE): a latent cell does not hold pixels but what is seen there: which
 * drawing, where its middle is, how large, in what colour, before which ground. For a rendered scene that is known exactly
 * (corpus/cell-features.ts), so encoding is a table of codes and a reshape. How the drawings look is what the decoder learns from pictures
 * (decoder.ts).
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { scale } from '#onnx/ops/arithmetic.ts';
import { gather } from '#onnx/ops/indexing.ts';
import { concat, expand, reshape, spaceToDepth, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { drawingCount, GRID, NUMBERS, PAINT } from '#training/corpus/sample/cell-features.ts';
import { grounds, styles } from '#training/corpus/world/setting.ts';
import { spreadCodes } from './codes.ts';

/** Numbers of one cell, in this order. */
export const FEATURES = { drawing: 12, numbers: NUMBERS, ground: 5, style: 4, night: 1 } as const;
export const FEATURE_COUNT = Object.values(FEATURES).reduce((sum, count) => sum + count, 0);
/** Where in a cell's numbers its paint is, and whether it is night. */
export const paintFeatures = Array.from({ length: PAINT }, (_, i) => FEATURES.drawing + FEATURES.numbers - PAINT + i);
export const nightFeatures = [FEATURE_COUNT - 1];
/** Where what all cells say alike is in a cell's numbers: ground, style and hour. */
const wholePictureFeatures = Array.from(
  { length: FEATURES.ground + FEATURES.style + FEATURES.night },
  (_, i) => FEATURES.drawing + FEATURES.numbers + i,
);
/** Cells per side of a latent token. */
export const PATCH = 2;
/** Channels and side of a latent: 128 × 8 × 8. */
export const LATENT_CHANNELS = FEATURE_COUNT * PATCH * PATCH;
export const LATENT_SIDE = GRID / PATCH;
/** Channels of a latent that say where and when the picture is, and in which style. */
export const wholePictureChannels: readonly number[] = Array.from({ length: PATCH * PATCH }, (_, cell) =>
  wholePictureFeatures.map((feature) => cell * FEATURE_COUNT + feature),
).flat();
/** What all 256 cells say alike is clear from any few of them, so it is said softly: at full strength it was most of a latent's power. */
export const PICTURE_STRENGTH = 0.35;

export type Coded = 'drawing' | 'ground' | 'style';
export const codedCounts: Readonly<Record<Coded, number>> = {
  drawing: drawingCount,
  ground: grounds.length,
  style: styles.length,
};

/** (count, width) codes of unit power. */
export function codesOf(g: GraphBuilder, what: Coded): Value {
  const [count, width] = [codedCounts[what], FEATURES[what]];
  return g.constant({ type: 'float32', shape: [count, width], data: spreadCodes(count, width) });
}

export interface SceneInputs {
  /** (B, cells) int32 */
  readonly drawings: Value;
  /** (B, NUMBERS, cells) */
  readonly numbers: Value;
  /** (B) int32 */
  readonly ground: Value;
  /** (B) int32 */
  readonly style: Value;
  /** (B) 0 or 1 */
  readonly night: Value;
}

export const sceneInputs = (g: GraphBuilder, batch: number): SceneInputs => ({
  drawings: g.input('drawings', [batch, GRID * GRID], 'int32'),
  numbers: g.input('numbers', [batch, NUMBERS, GRID * GRID]),
  ground: g.input('ground', [batch], 'int32'),
  style: g.input('style', [batch], 'int32'),
  night: g.input('night', [batch]),
});

/** Cell features of B scenes → latents (B, LATENT_CHANNELS, 8, 8). */
export function encodeScene(g: GraphBuilder, inputs: SceneInputs): Value {
  const [batch] = inputs.ground.shape as [number];
  const everywhere = (x: Value) =>
    expand(g, unsqueeze(g, scale(g, x, PICTURE_STRENGTH), [2]), [batch, x.shape[1]!, GRID * GRID]);
  const features = concat(
    g,
    [
      transpose(g, gather(g, codesOf(g, 'drawing'), inputs.drawings), [0, 2, 1]),
      inputs.numbers,
      everywhere(gather(g, codesOf(g, 'ground'), inputs.ground)),
      everywhere(gather(g, codesOf(g, 'style'), inputs.style)),
      everywhere(unsqueeze(g, inputs.night, [1])),
    ],
    1,
  );
  return spaceToDepth(g, reshape(g, features, [batch, FEATURE_COUNT, GRID, GRID]), PATCH);
}

/** Of the latents of a training set. */
export interface LatentStatistics {
  /** (C) mean of each channel before standardising. */
  readonly mean: readonly number[];
  /** What all channels are divided by. */
  readonly scale: number;
  /** (C) deviation of each standardised channel; their mean square is 1. */
  readonly deviations: readonly number[];
}
