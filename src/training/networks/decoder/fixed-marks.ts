/**
 * What is at the same place of every picture, wherever the horizon is: dashes of a road, rails, a river's near bank, stars, the pencil's hatching.
 * The corpus knows them, so they are laid over the ground as they are. Textures of grounds move with the horizon and are learned by L1, which takes
 * the median: but for the bank they had none of these, or a blur (roads 24.8 dB, nights 24.8, tracks 25.8, pictures without any 29.7).
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, clip, mul, scale, shift, sub } from '#onnx/ops/arithmetic.ts';
import { concat, reshape, slice, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { reduceSum } from '#onnx/ops/reduction.ts';
import { fixedMarks, HATCHING, STAR, starCover } from '#training/corpus/render/backgrounds.ts';
import { grounds, styles } from '#training/corpus/world/setting.ts';

export interface Place {
  /** (B, styles), (B, grounds): shares. */
  readonly style: Value;
  readonly ground: Value;
  /** (B, 1) 0 by day, 1 by night. */
  readonly hour: Value;
  /** (B) from the top, as a share of the picture. */
  readonly horizon: Value;
}

/** Shares of the picture's height: no star is below the first, no mark above the second. */
const SKY = 10 / 16;
const NEAR = 12 / 16;

/** The ground (B, 3, size, size) in [−1, 1] with its marks, then the hatching over both, then the stars. */
export function withFixedMarks(g: GraphBuilder, ground: Value, place: Place): Value {
  const size = ground.shape[3]!;
  const rows = (from: number, to: number) => slice(g, ground, [2], [from * size], [to * size]);
  const near = marked(g, rows(NEAR, 1), size, place);
  const hatched = add(g, concat(g, [rows(0, NEAR), near], 2), hatch(g, size, place));
  const sky = starlit(g, slice(g, hatched, [2], [0], [SKY * size]), size, place);
  return concat(g, [sky, slice(g, hatched, [2], [SKY * size], [size])], 2);
}

/** (B, 1, size, size), of the pencil's share. sin(a + b) = sin a · cos b + cos a · sin b, so that it takes 4 · size numbers. */
function hatch(g: GraphBuilder, size: number, { style }: Place): Value {
  const wave = (shape: readonly number[], of: (angle: number) => number) => {
    const turns = (index: number) => (HATCHING.waves * (index + 0.5)) / size;
    const data = Float32Array.from({ length: size }, (_, index) => of(2 * Math.PI * turns(index)));
    return g.constant({ type: 'float32', shape, data });
  };
  const [down, across] = [
    [1, 1, size, 1],
    [1, 1, 1, size],
  ] as const;
  const waves = add(
    g,
    mul(g, wave(down, Math.sin), wave(across, Math.cos)),
    mul(g, wave(down, Math.cos), wave(across, Math.sin)),
  );
  const at = styles.indexOf('pencil');
  const pencil = unsqueeze(g, slice(g, style, [1], [at], [at + 1]), [2, 3]);
  return mul(g, pencil, scale(g, waves, HATCHING.strength / 127.5));
}

/** Stars over the sky (B, 3, rows, size) of a night. */
function starlit(g: GraphBuilder, sky: Value, size: number, { hour, horizon }: Place): Value {
  const count = SKY * size;
  const constant = (shape: readonly number[], data: Float32Array) => g.constant({ type: 'float32', shape, data });
  const stars = constant([1, 1, count, size], starCover(size).slice(0, count * size));
  const row = constant(
    [1, 1, count, 1],
    Float32Array.from({ length: count }, (_, i) => i),
  );
  const above = clip(g, sub(g, scale(g, unsqueeze(g, horizon, [1, 2, 3]), size), row), 0, 1);
  const cover = mul(g, mul(g, stars, above), unsqueeze(g, hour, [2, 3]));
  const colour = constant([1, 3, 1, 1], Float32Array.from(STAR, toUnit));
  return add(g, sky, mul(g, cover, sub(g, colour, sky)));
}

/** Marks over the nearest quarter of the ground (B, 3, rows, size). */
function marked(g: GraphBuilder, near: Value, size: number, { ground, style, hour }: Place): Value {
  const [batch, , height] = near.shape as [number, number, number];
  const [marks, pixels] = [fixedMarks.length, height * size];
  const constant = (shape: readonly number[], values: readonly number[]) =>
    g.constant({ type: 'float32', shape, data: Float32Array.from(values) });
  const has = grounds.flatMap((one) => fixedMarks.map((mark) => (mark.ground === one ? 1 : 0)));
  const shown = matMul(g, ground, constant([grounds.length, marks], has));
  const cover = mul(g, unsqueeze(g, shown, [2]), constant([1, marks, pixels], coverOfMarks(size)));
  const day = shift(g, scale(g, hour, -1), 1);
  const hours = mul(g, unsqueeze(g, style, [2]), unsqueeze(g, concat(g, [day, hour], 1), [1]));
  const table = styles.flatMap((one) =>
    [false, true].flatMap((night) => {
      const colours = fixedMarks.map(({ colourIn }) => colourIn(one, night).map(toUnit));
      return [0, 1, 2].flatMap((channel) => colours.map((colour) => colour[channel]!));
    }),
  );
  const colours = matMul(
    g,
    reshape(g, hours, [batch, 2 * styles.length]),
    constant([2 * styles.length, 3 * marks], table),
  );
  const paint = reshape(g, matMul(g, reshape(g, colours, [batch, 3, marks]), cover), [batch, 3, height, size]);
  const bare = shift(g, scale(g, reshape(g, reduceSum(g, cover, [1]), [batch, 1, height, size]), -1), 1);
  return add(g, mul(g, near, bare), paint);
}

const toUnit = (value: number): number => value / 127.5 - 1;

/** (marks, pixels of the nearest quarter): the share that is seen of each mark, where the later of a ground lie over the earlier. */
function coverOfMarks(size: number): number[] {
  return fixedMarks.flatMap(({ ground, covers }, index) => {
    const over = fixedMarks.slice(index + 1).filter((later) => later.ground === ground);
    return Array.from({ length: (1 - NEAR) * size * size }, (_, at) => {
      const [x, y] = [((at % size) + 0.5) / size, NEAR + (Math.floor(at / size) + 0.5) / size];
      return over.reduce((share, later) => share * (1 - later.covers(x, y)), covers(x, y));
    });
  });
}
