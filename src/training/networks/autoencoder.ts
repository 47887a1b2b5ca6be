/**
 * The latent space, after representation autoencoders (Zheng et al. 2025, RAE): a latent cell does not hold pixels but what is seen there: which
 * two drawings, where their middles are, how large, in what colour, before which ground. For a rendered scene that is known exactly
 * (corpus/cell-features.ts), so encoding looks codes up and has no weights. How the drawings look is what the decoder learns from pictures
 * (decoder.ts).
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import {
  type CellFeatures,
  drawingCount,
  GRID,
  LAYERS,
  NUMBERS,
  PAINT,
} from '#training/corpus/sample/cell-features.ts';
import { grounds, styles } from '#training/corpus/world/setting.ts';
import { spreadCodes } from './codes.ts';

/** Numbers of one cell by what they say. A cell has, in this order: drawing and numbers of each layer, below, ground, style, night. */
export const FEATURES = { drawing: 12, numbers: NUMBERS, below: 1, ground: 5, style: 4, night: 1 } as const;
/** Of what one layer of a cell says. */
const LAYER = FEATURES.drawing + FEATURES.numbers;
const WHOLE_PICTURE = FEATURES.ground + FEATURES.style + FEATURES.night;
/** Where in a cell's numbers each layer begins, and what comes after them. */
const AT = { layers: Array.from({ length: LAYERS }, (_, layer) => layer * LAYER), below: LAYERS * LAYER } as const;
export const FEATURE_COUNT = LAYERS * LAYER + FEATURES.below + WHOLE_PICTURE;
/** How a cell's numbers are split: drawing and numbers of the nearer thing, of the one behind it, then the rest. */
export const CELL_SPLIT: readonly number[] = [
  ...AT.layers.flatMap(() => [FEATURES.drawing, FEATURES.numbers]),
  FEATURES.below,
  FEATURES.ground,
  FEATURES.style,
  FEATURES.night,
];
/** Where in a cell's numbers its paint is, and whether it is night. */
export const paintFeatures = AT.layers.flatMap((from) =>
  Array.from({ length: PAINT }, (_, i) => from + LAYER - PAINT + i),
);
export const nightFeatures = [FEATURE_COUNT - 1];
/** Cells per side of a latent token. */
export const PATCH = 2;
/** Channels and side of a latent: 204 × 8 × 8. */
export const LATENT_CHANNELS = FEATURE_COUNT * PATCH * PATCH;
export const LATENT_SIDE = GRID / PATCH;
/** Channels of a latent that say where and when the picture is, and in which style: what all its cells say alike. */
export const wholePictureChannels: readonly number[] = Array.from({ length: PATCH * PATCH }, (_, cell) =>
  Array.from({ length: WHOLE_PICTURE }, (_, i) => (cell + 1) * FEATURE_COUNT - WHOLE_PICTURE + i),
).flat();
/** What all 256 cells say alike is clear from any few of them, so it is said softly: at full strength it was most of a latent's power. */
export const PICTURE_STRENGTH = 0.35;

export type Coded = 'drawing' | 'ground' | 'style';
export const codedCounts: Readonly<Record<Coded, number>> = {
  drawing: drawingCount,
  ground: grounds.length,
  style: styles.length,
};

/** (width) the code of an entry, of unit power. */
export function codeOf(what: Coded, index: number): Float32Array {
  const width = FEATURES[what];
  return spreadCodes(codedCounts[what], width).subarray(index * width, (index + 1) * width);
}

/** (count, width) codes of unit power. */
export function codesOf(g: GraphBuilder, what: Coded): Value {
  const [count, width] = [codedCounts[what], FEATURES[what]];
  return g.constant({ type: 'float32', shape: [count, width], data: spreadCodes(count, width) });
}

/** Cell features of a scene → its latent (LATENT_CHANNELS, 8, 8). */
export function encodeCells({ drawings, numbers, below, ground, style, night }: CellFeatures): Float32Array {
  const latent = new Float32Array(LATENT_CHANNELS * LATENT_SIDE ** 2);
  const everywhere = [...codeOf('ground', ground), ...codeOf('style', style), night ? 1 : 0].map(
    (value) => value * PICTURE_STRENGTH,
  );
  const cells = GRID * GRID;
  const codes = spreadCodes(codedCounts.drawing, FEATURES.drawing);
  for (let cell = 0; cell < cells; cell++) {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    const first = ((y % PATCH) * PATCH + (x % PATCH)) * FEATURE_COUNT;
    const token = Math.floor(y / PATCH) * LATENT_SIDE + Math.floor(x / PATCH);
    const set = (feature: number, value: number) => {
      latent[(first + feature) * LATENT_SIDE ** 2 + token] = value;
    };
    AT.layers.forEach((from, layer) => {
      const code = drawings[layer * cells + cell]! * FEATURES.drawing;
      for (let i = 0; i < FEATURES.drawing; i++) set(from + i, codes[code + i]!);
      for (let i = 0; i < NUMBERS; i++)
        set(from + FEATURES.drawing + i, numbers[(layer * NUMBERS + i) * cells + cell]!);
    });
    set(AT.below, below[cell]!);
    for (const [i, value] of everywhere.entries()) set(AT.below + FEATURES.below + i, value);
  }
  return latent;
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
