/**
 * Latents → picture: cells agree on what they show, a learned texture is sampled for each, laid over a ground, and convolutions mend what is
 * left (seams, where one thing hides another). Textures begin as the drawings (stages/textures.ts); all else is learned from pictures.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { relu, silu, softmax } from '#onnx/ops/activation.ts';
import { add, clip, div, exp, greater, mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { argMax, gather } from '#onnx/ops/indexing.ts';
import {
  cast,
  concat,
  depthToSpace,
  reshape,
  slice,
  spaceToDepth,
  split,
  transpose,
  unsqueeze,
} from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { upsampleNearest } from '#onnx/ops/pooling.ts';
import { reduceMax, reduceMean, reduceSum } from '#onnx/ops/reduction.ts';
import { drawingCount, GRID, LN_SIZE_UNIT, MEAN_LN_SIZE, PLACE_UNIT } from '../corpus/cell-features.ts';
import { artistOf, artists, styles } from '../corpus/setting.ts';
import { things } from '../corpus/things.ts';
import { codedCounts, codesOf, FEATURES, PATCH, PICTURE_STRENGTH } from './autoencoder.ts';
import { channelNorm, conv, linear, mlp, norm, normal, residualBlock, toImage } from './layers.ts';

export interface DecoderConfig {
  /** Texels per side of a drawing's texture. */
  readonly texels: number;
  /** Channels of the ground's network. */
  readonly groundWidth: number;
  /** Channels of the convolutions at a quarter of the picture's size, and residual blocks there. */
  readonly width: number;
  readonly blocks: number;
  /** Pixels per side of the picture; a multiple of 32. */
  readonly imageSize: number;
}

/** What a decoder is told in training, where a wrong guess would teach a texture another drawing. */
export interface KnownDrawings {
  /** (B, cells) int32 */
  readonly drawings: Value;
  /** (B) int32 */
  readonly style: Value;
}

const CELLS = GRID * GRID;
/** Colour and cover of a texel; for things that come in colours also what paint takes away from the colour, and the paint's share. */
export const TEXEL = 4;
/** Optimisers move every weight by about as much per step; texels are seen by one picture in a hundred, so theirs count ten times. */
export const TEXEL_UNIT = 10;

/** (B, 3, size, size), roughly in [−1, 1]. */
export function decoder(g: GraphBuilder, config: DecoderConfig, latent: Value, known?: KnownDrawings): Value {
  const cells = readCells(g, latent);
  const drawings = known?.drawings ?? mostLike(g, 'drawing', cells.front.code);
  const style = known?.style ?? mostLike(g, 'style', cells.style);
  const [batch] = latent.shape as [number];
  const { width, blocks } = config;
  const setting = concat(
    g,
    [meant(g, 'style', cells.style), meant(g, 'ground', cells.ground), hourOf(g, cells.night)],
    1,
  );
  const { picture: ground, features } = paintGround(g, config, cells.horizon, setting);

  const front = paintLayer(g, config, cells.front, drawings, style);
  const behind = paintLayer(g, config, cells.behind, mostLike(g, 'drawing', cells.behind.code), style);
  const rest = shift(g, scale(g, front.cover, -1), 1);
  const own = add(g, front.colour, mul(g, rest, behind.colour));
  const cover = add(g, front.cover, mul(g, rest, behind.cover));
  // By night, in pencil: what a style or an hour does to all colours alike.
  const tint = reshape(g, linear(g, 'decoder.tint', setting, 12, { gain: 0 }), [batch, 4, 3]);
  const thing = tinted(g, own, tint, cover);
  const composed = add(g, thing, mul(g, shift(g, scale(g, cover, -1), 1), ground));

  const quarter = concat(g, [spaceToDepth(g, composed, 4), spaceToDepth(g, cover, 4), features], 1);
  let h = conv(g, 'decoder.mend', quarter, width, 1);
  for (let i = 0; i < blocks; i++) h = residualBlock(g, `decoder.fine.${i}`, h);
  const mended = conv(g, 'decoder.out', silu(g, channelNorm(g, 'decoder.norm', h)), 48, 1, 0);
  return add(g, composed, depthToSpace(g, mended, 4));
}

/** What is seen in each cell. */
interface Shown {
  /** (B, cells, 12) */
  readonly code: Value;
  /** (B, cells, 4): centre x and y, ln width, ln height, in shares of the picture. */
  readonly box: Value;
  /** (B, cells, 4) whether, red, green, blue. */
  readonly paint: Value;
  /** (B, cells, 1) in [0, 1]: whether a cell shows a drawing, and is not nearly alone in it. */
  readonly support: Value;
}

interface Cells {
  readonly front: Shown;
  /** What the neighbours of a cell show that is not what it shows itself: seen where its own drawing is clear. */
  readonly behind: Shown;
  /** (B) from the top, as a share of the picture: what all cells say on the average. */
  readonly horizon: Value;
  /** (B, 5), (B, 4), (B, 1): of the whole picture. */
  readonly ground: Value;
  readonly style: Value;
  readonly night: Value;
}

/** Distances that count as one unit when cells compare places: a twelfth of the picture. */
const SAME_PLACE = 12;
/** How much alike cells must be to speak for each other. */
const AGREEMENT = 1;
const ROUNDS = 3;

/** Cells that show the same drawing at about the same place average what they say of it: steps of mean shift (Cheng 1995). */
function readCells(g: GraphBuilder, latent: Value): Cells {
  const [batch] = latent.shape as [number];
  const image = depthToSpace(g, latent, PATCH);
  const channels = image.shape[1] as number;
  const tokens = transpose(g, reshape(g, image, [batch, channels, CELLS]), [0, 2, 1]);
  const sizes = [FEATURES.drawing, FEATURES.numbers, FEATURES.ground, FEATURES.style, FEATURES.night];
  const [code, numbers, ...whole] = split(g, tokens, 2, sizes) as [Value, Value, Value, Value, Value];
  const [ground, style, night] = whole.map((x) => scale(g, reduceMean(g, x, [1]), 1 / PICTURE_STRENGTH)) as [
    Value,
    Value,
    Value,
  ];
  const [, place, size, below, paint] = split(g, numbers, 2, [1, 2, 2, 1, 4]) as [Value, Value, Value, Value, Value];
  const lnSize = shift(g, scale(g, size, LN_SIZE_UNIT), MEAN_LN_SIZE);
  const centre = shift(g, scale(g, place, PLACE_UNIT), 0.5);
  // Cell middles are at half of the picture's height on the average.
  const horizon = shift(g, scale(g, reduceMean(g, below, [1, 2]), -0.5), 0.5);
  const sizesOf = [FEATURES.drawing, 2, 2, 4];
  let said = concat(g, [code, centre, lnSize, paint], 2);
  // (B, cells, cells) −½ the squared distance of what two cells say, up to a term of the first.
  const closenessOf = (all: Value): { closeness: Value; halfSquares: Value } => {
    const [drawing, at, ln] = split(g, all, 2, sizesOf) as [Value, Value, Value, Value];
    const compared = concat(g, [drawing, scale(g, at, SAME_PLACE), scale(g, ln, 1 / LN_SIZE_UNIT)], 2);
    const halfSquares = scale(g, reduceSum(g, square(g, compared), [2]), 0.5);
    const products = matMul(g, compared, transpose(g, compared, [0, 2, 1]));
    return { closeness: sub(g, products, unsqueeze(g, halfSquares, [1])), halfSquares };
  };
  for (let round = 0; round < ROUNDS; round++)
    said = matMul(g, softmax(g, scale(g, closenessOf(said).closeness, AGREEMENT)), said);
  // (B, cells, cells) 1 for two cells that say the same.
  const alikeIn = (all: Value): Value => {
    const { closeness, halfSquares } = closenessOf(all);
    return exp(g, sub(g, closeness, unsqueeze(g, halfSquares, [2])));
  };
  const isThing = lookUp(
    g,
    [0, ...things.map(() => 1)],
    mostLike(g, 'drawing', slice(g, said, [2], [0], [FEATURES.drawing])),
  );
  let solid = mul(g, isThing, clip(g, shift(g, reduceSum(g, alikeIn(said), [2]), -FEWEST), 0, 1));
  const neighbours = touching(g);
  for (let round = 0; round < FILLINGS; round++) [said, solid] = filled(g, said, solid, alikeIn(said), neighbours);
  const behind = besides(g, said, solid, alikeIn(said), neighbours);
  const shown = (all: Value, support: Value): Shown => {
    const [code, box, paint] = split(g, all, 2, [FEATURES.drawing, 4, 4]) as [Value, Value, Value];
    return { code, box, paint, support: unsqueeze(g, support, [2]) };
  };
  return { front: shown(said, solid), behind: shown(...behind), horizon, ground, style, night };
}

/** So few cells that say the same are slips of the diffusion. */
const FEWEST = 2;
/** Rounds in which things are completed. */
const FILLINGS = 4;
/** Neighbours, of 8, that must say the same for an empty cell to say so too: as many as along a straight edge. */
const ENCLOSED = 2.5;

/** (cells, cells) 1 for neighbours, of 8. */
function touching(g: GraphBuilder): Value {
  const data = Float32Array.from({ length: CELLS * CELLS }, (_, at) => {
    const [i, j] = [Math.floor(at / CELLS), at % CELLS];
    const far = Math.max(Math.abs((i % GRID) - (j % GRID)), Math.abs(Math.floor(i / GRID) - Math.floor(j / GRID)));
    return far === 1 ? 1 : 0;
  });
  return g.constant({ type: 'float32', shape: [CELLS, CELLS], data });
}

/**
 * An empty cell says what enough of its neighbours say. Textures are clear where a drawing has nothing, so a true latent loses 0.5 dB of 30.5
 * by this, while of a diffused one holes and whole rows of things come back.
 * @param said (B, cells, D)
 * @param solid (B, cells) in [0, 1]: whether a cell shows a drawing
 * @param alike (B, cells, cells)
 */
function filled(g: GraphBuilder, said: Value, solid: Value, alike: Value, neighbours: Value): [Value, Value] {
  const [around, most] = elect(g, said, solid, alike, neighbours);
  const isHole = mul(g, exceeds(g, most, ENCLOSED), unsqueeze(g, shift(g, scale(g, solid, -1), 1), [2]));
  const next = add(g, said, mul(g, isHole, sub(g, around, said)));
  return [next, add(g, solid, reshape(g, isHole, [solid.shape[0] as number, CELLS]))];
}

/** For cells with a drawing: what most of the neighbours say that do not agree with them, and whether there are two of these. */
function besides(g: GraphBuilder, said: Value, solid: Value, alike: Value, neighbours: Value): [Value, Value] {
  const others = mul(g, neighbours, shift(g, scale(g, alike, -1), 1));
  const [around, most] = elect(g, said, solid, alike, neighbours, others);
  const seen = mul(g, exceeds(g, most, MET), unsqueeze(g, solid, [2]));
  return [around, reshape(g, seen, [solid.shape[0] as number, CELLS])];
}

/** Neighbours that must agree on something else for it to be behind a cell. */
const MET = 1.5;

const exceeds = (g: GraphBuilder, x: Value, least: number): Value => cast(g, greater(g, x, g.scalar(least)), 'float32');

/**
 * What most neighbours of a cell say (B, cells, D), and how many of them (B, cells, 1).
 * @param candidates (B, cells, cells) 1 for the neighbours of a cell that may be chosen; all of them when absent
 */
function elect(
  g: GraphBuilder,
  said: Value,
  solid: Value,
  alike: Value,
  neighbours: Value,
  candidates: Value = neighbours,
): [Value, Value] {
  // (B, i, j) how many neighbours of i say what its neighbour j says.
  const votes = matMul(g, neighbours, mul(g, alike, unsqueeze(g, solid, [2])));
  const scores = mul(g, mul(g, votes, candidates), unsqueeze(g, solid, [1]));
  const most = reduceMax(g, scores, [2], { keepdims: true });
  const chosen = cast(g, greater(g, scores, shift(g, most, -1e-4)), 'float32');
  return [div(g, matMul(g, chosen, said), unsqueeze(g, reduceSum(g, chosen, [2]), [2])), most];
}

const likeness = (g: GraphBuilder, what: 'drawing' | 'ground' | 'style', x: Value): Value =>
  matMul(g, x, transpose(g, codesOf(g, what), [1, 0]));

/** Index of the code that is most like (…, width) → (…) int32. */
const mostLike = (g: GraphBuilder, what: 'drawing' | 'style', x: Value): Value =>
  cast(g, argMax(g, likeness(g, what, x)), 'int32');

/** A picture has one ground, one style and one hour; where the diffusion ends between two it shows both, blotched, unless the likelier one is taken. */
const DECIDED = 20;

/** Which entry of a list a code means, as shares (…, count), nearly all of them of one. */
const meant = (g: GraphBuilder, what: 'ground' | 'style', x: Value): Value =>
  softmax(g, scale(g, likeness(g, what, x), DECIDED));

/** 0 by day, 1 by night. */
const hourOf = (g: GraphBuilder, night: Value): Value =>
  clip(g, shift(g, scale(g, shift(g, night, -0.5), DECIDED), 0.5), 0, 1);

/** Looks numbers up in a list that is part of the network. */
const lookUp = (g: GraphBuilder, list: readonly number[], index: Value): Value =>
  gather(g, g.constant({ type: 'float32', shape: [list.length], data: Float32Array.from(list) }), index);

/** The rows of the textures that say what paint changes, from the second on. */
export const inColours = things.filter(({ painted }) => painted);
/** By drawing: its row among the textures of things that come in colours; 0 for all others. */
const colourRow = [0, ...things.map((thing) => inColours.indexOf(thing) + 1)];
const colourRows = inColours.length + 1;
const artistIndex = styles.map((style) => artists.indexOf(artistOf(style)));

/** (B, cells, 1) 0 or 1 */
const comesInColours = (g: GraphBuilder, drawings: Value): Value =>
  unsqueeze(g, lookUp(g, colourRow.map(Math.sign), drawings), [2]);

/** All leading dimensions as one, whatever the batch. */
const flattened = (g: GraphBuilder, x: Value, rest: readonly number[]): Value =>
  g.one('Reshape', [x, g.integers([-1, ...rest])]);

/** (B, 3, size, size) colour times cover and (B, 1, size, size) cover of what the cells show. */
function paintLayer(
  g: GraphBuilder,
  config: DecoderConfig,
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
  { texels, imageSize }: DecoderConfig,
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

/** colour + colour·M + cover·b of a (B, 4, 3) tint: M above, b in the last row; cover is 1 when absent. */
function tinted(g: GraphBuilder, colour: Value, tint: Value, cover?: Value): Value {
  const [batch, , height, width] = colour.shape as [number, number, number, number];
  const everywhere = shift(g, scale(g, slice(g, colour, [1], [0], [1]), 0), 1);
  const both = reshape(g, concat(g, [colour, cover ?? everywhere], 1), [batch, 4, height * width]);
  return add(g, colour, reshape(g, matMul(g, transpose(g, tint, [0, 2, 1]), both), [batch, 3, height, width]));
}

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
function paintGround(
  g: GraphBuilder,
  { groundWidth, imageSize }: DecoderConfig,
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
