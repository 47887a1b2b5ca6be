/**
 * Latents → picture: cells agree on what they show, a learned texture is sampled for each, laid over a ground, and convolutions mend what is
 * left (seams, where one thing hides another). Textures begin as the drawings (stages/textures.ts); all else is learned from pictures.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu, softmax } from '#onnx/ops/activation.ts';
import { add, clip, mul, scale, shift } from '#onnx/ops/arithmetic.ts';
import { concat, depthToSpace, reshape, spaceToDepth } from '#onnx/ops/layout.ts';
import { channelNorm, conv, linear, residualBlock } from '#training/networks/layers.ts';
import { likeness, mostLike, readCells } from './cells.ts';
import { type GroundConfig, paintGround, tinted } from './drawn-ground.ts';
import { type LayerConfig, paintLayer } from './drawn-layer.ts';
import { withFixedMarks } from './fixed-marks.ts';

export interface DecoderConfig extends LayerConfig, GroundConfig {
  /** Channels of the convolutions at a quarter of the picture's size, and residual blocks there. */
  readonly width: number;
  readonly blocks: number;
}

/** What a decoder is told in training, where a wrong guess would teach a texture another drawing. */
export interface KnownDrawings {
  /** (B, cells) int32 */
  readonly drawings: Value;
  /** (B) int32 */
  readonly style: Value;
}

/** (B, 3, size, size), roughly in [−1, 1]. */
export function decoder(g: GraphBuilder, config: DecoderConfig, latent: Value, known?: KnownDrawings): Value {
  const cells = readCells(g, latent);
  const drawings = known?.drawings ?? mostLike(g, 'drawing', cells.front.code);
  const style = known?.style ?? mostLike(g, 'style', cells.style);
  const [batch] = latent.shape as [number];
  const { width, blocks } = config;
  const place = {
    style: meant(g, 'style', cells.style),
    ground: meant(g, 'ground', cells.ground),
    hour: hourOf(g, cells.night),
    horizon: cells.horizon,
  };
  const setting = concat(g, [place.style, place.ground, place.hour], 1);
  const { picture, features } = paintGround(g, config, cells.horizon, setting);
  const ground = withFixedMarks(g, picture, place);

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

/** A picture has one ground, one style and one hour; where the diffusion ends between two it shows both, blotched, unless the likelier one is taken. */
const DECIDED = 20;

/** Which entry of a list a code means, as shares (…, count), nearly all of them of one. */
const meant = (g: GraphBuilder, what: 'ground' | 'style', x: Value): Value =>
  softmax(g, scale(g, likeness(g, what, x), DECIDED));

/** 0 by day, 1 by night. */
const hourOf = (g: GraphBuilder, night: Value): Value =>
  clip(g, shift(g, scale(g, shift(g, night, -0.5), DECIDED), 0.5), 0, 1);
