/** The picture without its things: textures of grounds, moved to the horizon, and what a small network adds. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { softmax } from '#onnx/ops/activation.ts';
import { add, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { concat, depthToSpace, reshape, slice, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { codedCounts } from '#training/networks/autoencoder.ts';
import { flattened, linear, mlp, norm, normal, toImage } from '#training/networks/layers.ts';
import { TEXEL_UNIT } from './drawn-layer.ts';

/** colour + colour·M + cover·b of a (B, 4, 3) tint: M above, b in the last row; cover is 1 when absent. */
export function tinted(g: GraphBuilder, colour: Value, tint: Value, cover?: Value): Value {
  const [batch, , height, width] = colour.shape as [number, number, number, number];
  const everywhere = shift(g, scale(g, slice(g, colour, [1], [0], [1]), 0), 1);
  const both = reshape(g, concat(g, [colour, cover ?? everywhere], 1), [batch, 4, height * width]);
  return add(g, colour, reshape(g, matMul(g, transpose(g, tint, [0, 2, 1]), both), [batch, 3, height, width]));
}

export interface GroundConfig {
  /** Channels of the ground's network. */
  readonly groundWidth: number;
  /** Pixels per side of the picture; a multiple of 32. */
  readonly imageSize: number;
}

const CELLS = GRID * GRID;
/** Rows of cells that a ground's texture has above and below the horizon, which is from 8 to 10 cells below the top. */
const ROWS = { above: 10, below: 8 } as const;

/**
 * (B, 3, size, size) the texture of each picture's ground, and of what is behind it, moved to the picture's horizon.
 * @param ground (B, grounds) shares
 * @param horizon (B)
 */
function groundTexture(g: GraphBuilder, imageSize: number, ground: Value, horizon: Value): Value {
  const [batch] = ground.shape as [number];
  const pixels = imageSize / GRID;
  const rows = ROWS.above + ROWS.below;
  const numbers = GRID * 3 * pixels * pixels;
  const table = g.parameter('decoder.groundTextures', [codedCounts.ground, rows * numbers], normal(0.02));
  const mine = reshape(g, matMul(g, ground, scale(g, table, TEXEL_UNIT)), [batch, rows, numbers]);
  const row = (count: number, shape: readonly number[]) =>
    g.constant({ type: 'float32', shape, data: Float32Array.from({ length: count }, (_, i) => i) });
  const from = sub(g, shift(g, row(GRID, [1, GRID, 1]), ROWS.above), unsqueeze(g, scale(g, horizon, GRID), [1, 2]));
  const away = square(g, sub(g, from, row(rows, [1, 1, rows])));
  const chosen = softmax(g, scale(g, away, -30));
  const cells = matMul(g, chosen, mine);
  return depthToSpace(g, toImage(g, flattened(g, cells, [GRID * GRID, 3 * pixels * pixels]), GRID, GRID), pixels);
}

/** Numbers that are remembered of each ground in each cell. */
const REMEMBERED = 32;
/** Channels of context for the convolutions. */
const CONTEXT = 8;

/** The picture without its things (B, 3, size, size), and context at a quarter of the size (B, CONTEXT, size/4, size/4). */
export function paintGround(
  g: GraphBuilder,
  { groundWidth, imageSize }: GroundConfig,
  horizon: Value,
  setting: Value,
): { picture: Value; features: Value } {
  const [batch] = horizon.shape as [number];
  const places = slice(g, setting, [1], [codedCounts.style], [codedCounts.style + codedCounts.ground]);
  const table = g.parameter('decoder.grounds', [codedCounts.ground, CELLS * REMEMBERED], normal(0.5));
  const remembered = reshape(g, matMul(g, places, table), [batch, CELLS, REMEMBERED]);
  const middles = g.constant({
    type: 'float32',
    shape: [1, CELLS, 1],
    data: Float32Array.from({ length: CELLS }, (_, cell) => (Math.floor(cell / GRID) + 0.5) / GRID),
  });
  const below = scale(g, sub(g, middles, unsqueeze(g, horizon, [1, 2])), 2);
  const steps = concat(
    g,
    [1, 2, 4, 8].map((k) => g.one('Sin', [scale(g, below, Math.PI * k)])),
    2,
  );
  const input = linear(g, 'decoder.ground.in', concat(g, [remembered, below, steps], 2), groundWidth);
  let h = add(g, input, unsqueeze(g, linear(g, 'decoder.ground.setting', setting, groundWidth), [1]));
  for (const name of ['decoder.ground.0', 'decoder.ground.1'])
    h = add(g, h, mlp(g, name, norm(g, `${name}.norm`, h), 2 * groundWidth, groundWidth, 0.5));
  h = norm(g, 'decoder.ground.norm', h);
  const pixels = imageSize / GRID;
  const patches = linear(g, 'decoder.ground.out', h, 3 * pixels * pixels, { gain: 0.3 });
  const context = linear(g, 'decoder.ground.context', h, (CONTEXT * pixels * pixels) / 16);
  const textured = groundTexture(g, imageSize, places, horizon);
  const tint = reshape(g, linear(g, 'decoder.ground.tint', setting, 12, { gain: 0 }), [batch, 4, 3]);
  return {
    picture: add(g, tinted(g, textured, tint), depthToSpace(g, toImage(g, patches, GRID, GRID), pixels)),
    features: depthToSpace(g, toImage(g, context, GRID, GRID), pixels / 4),
  };
}
