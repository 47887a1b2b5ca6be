/** Drawings as neural textures (Thies et al. 2019): sampled where the cells say that they are. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { relu } from '#onnx/ops/activation.ts';
import { add, clip, div, exp, mul, scale, shift, sub } from '#onnx/ops/arithmetic.ts';
import { gather } from '#onnx/ops/indexing.ts';
import { cast, split, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { upsampleNearest } from '#onnx/ops/pooling.ts';
import { drawingCount, GRID } from '#training/corpus/sample/cell-features.ts';
import { artistOf, artists, styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import { flattened, normal, toImage } from '#training/networks/layers.ts';
import { lookUp, type Shown } from './cells.ts';

const CELLS = GRID * GRID;
/** Colour and cover of a texel; for things that come in colours also what paint takes away from the colour, and the paint's share. */
export const TEXEL = 4;
/** Optimisers move every weight by about as much per step; texels are seen by one picture in a hundred, so theirs count ten times. */
export const TEXEL_UNIT = 10;

export interface LayerConfig {
  /** Texels per side of a drawing's texture. */
  readonly texels: number;
  /** Pixels per side of the picture; a multiple of 32. */
  readonly imageSize: number;
}

/** The rows of the textures that say what paint changes, from the second on. */
export const inColours = things.filter(({ painted }) => painted);
/** By drawing: its row among the textures of things that come in colours; 0 for all others. */
const colourRow = [0, ...things.map((thing) => inColours.indexOf(thing) + 1)];
const colourRows = inColours.length + 1;
const artistIndex = styles.map((style) => artists.indexOf(artistOf(style)));

/** (B, cells, 1) 0 or 1 */
const comesInColours = (g: GraphBuilder, drawings: Value): Value =>
  unsqueeze(g, lookUp(g, colourRow.map(Math.sign), drawings), [2]);

/** (B, 3, size, size) colour times cover and (B, 1, size, size) cover of what the cells show. */
export function paintLayer(
  g: GraphBuilder,
  config: LayerConfig,
  shown: Shown,
  drawings: Value,
  style: Value,
): { colour: Value; cover: Value } {
  const sampled = sampleTextures(g, config, shown, drawings, style);
  const [colour, alpha] = split(g, sampled.own, 1, [3, 1]) as [Value, Value];
  const [rest, share] = split(g, sampled.bare, 1, [3, 1]) as [Value, Value];
  const perPixel = (x: Value) => upsampleNearest(g, toImage(g, x, GRID, GRID), config.imageSize / GRID);
  const [flag, paint] = split(g, shown.paint, 2, [1, 3]) as [Value, Value];
  const isPainted = perPixel(mul(g, clip(g, flag, 0, 1), comesInColours(g, drawings)));
  const painting = add(g, rest, mul(g, share, perPixel(paint)));
  return { colour: add(g, colour, mul(g, isPainted, painting)), cover: clip(g, alpha, 0, 1) };
}

/** Both textures of each cell's drawing where its box has it: (B, 4, size, size) each, nothing outside of the box. */
function sampleTextures(
  g: GraphBuilder,
  { texels, imageSize }: LayerConfig,
  { box, support }: Shown,
  drawings: Value,
  style: Value,
): { own: Value; bare: Value } {
  const pixels = imageSize / GRID;
  const [x, y, lnWidth, lnHeight] = split(g, box, 2, [1, 1, 1, 1]) as [Value, Value, Value, Value];
  // What is no drawing has no texture.
  const isDrawing = mul(g, unsqueeze(g, lookUp(g, [0, ...things.map(() => TEXEL_UNIT)], drawings), [2]), support);
  const down = mul(g, sampling(g, { texels, pixels, axis: 1 }, y, lnHeight), flattened(g, isDrawing, [1, 1]));
  const across = sampling(g, { texels, pixels, axis: 0 }, x, lnWidth);
  const artist = unsqueeze(g, lookUp(g, artistIndex, style), [1]);

  const sample = (name: string, rows: number, row: Value): Value => {
    const table = g.parameter(name, [artists.length * rows, texels, texels * TEXEL], normal(0.02));
    const index = cast(g, add(g, scale(g, artist, rows), row), 'int32');
    const texture = flattened(g, gather(g, table, index), [texels, texels * TEXEL]);
    const lines = flattened(g, matMul(g, down, texture), [pixels, texels, TEXEL]);
    const turned = flattened(g, transpose(g, lines, [0, 2, 1, 3]), [texels, pixels * TEXEL]);
    // (B · rows of cells, x in the picture, y in the cell, channel)
    const strips = flattened(g, matMul(g, across, turned), [imageSize, pixels, TEXEL]);
    const picture = flattened(g, transpose(g, strips, [0, 2, 1, 3]), [imageSize, imageSize, TEXEL]);
    return transpose(g, picture, [0, 3, 1, 2]);
  };
  return {
    own: sample('decoder.textures', drawingCount, cast(g, drawings, 'float32')),
    bare: sample('decoder.bareTextures', colourRows, lookUp(g, colourRow, drawings)),
  };
}

interface Sampling {
  readonly texels: number;
  readonly pixels: number;
  readonly axis: 0 | 1;
}

/** (B · cells, pixels, texels) shares of the texels in each pixel row or column of a cell: linear interpolation, wider where a pixel spans more texels. */
function sampling(g: GraphBuilder, { texels, pixels, axis }: Sampling, middle: Value, lnSize: Value): Value {
  const size = pixels * GRID;
  const at = Float32Array.from({ length: CELLS * pixels }, (_, index) => {
    const cell = Math.floor(index / pixels);
    const place = axis === 0 ? cell % GRID : Math.floor(cell / GRID);
    return (place + ((index % pixels) + 0.5) / pixels) / GRID;
  });
  const places = g.constant({ type: 'float32', shape: [1, CELLS, pixels], data: at });
  const perTexel = scale(g, exp(g, scale(g, lnSize, -1)), texels);
  const position = shift(g, mul(g, sub(g, places, middle), perTexel), texels / 2 - 0.5);
  const indices = g.constant({
    type: 'float32',
    shape: [1, 1, 1, texels],
    data: Float32Array.from({ length: texels }, (_, i) => i),
  });
  const reach = unsqueeze(g, g.one('Max', [scale(g, perTexel, 1 / size), g.scalar(1)]), [3]);
  const away = g.one('Abs', [sub(g, unsqueeze(g, position, [3]), indices)]);
  const shares = div(g, relu(g, shift(g, scale(g, div(g, away, reach), -1), 1)), reach);
  return flattened(g, shares, [pixels, texels]);
}
