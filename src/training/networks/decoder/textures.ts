/**
 * Where the decoder's textures begin: at the drawings themselves, which are known, as its latents are. From noise a texture is learned from the
 * pictures that show it: rare drawings were still grainy after 50 minutes.
 */

import { spriteAt } from '#training/corpus/render/sprites.ts';
import { drawingCount } from '#training/corpus/sample/cell-features.ts';
import { type Colour, colours, paintRgb } from '#training/corpus/world/colours.ts';
import { type Artist, artists } from '#training/corpus/world/setting.ts';
import { type Thing, things } from '#training/corpus/world/things.ts';
import { inColours, TEXEL, TEXEL_UNIT } from './drawn-layer.ts';

/** By parameter of the decoder: each artist's drawings and what paint changes of them, at texels × texels. */
export function drawnTextures(texels: number): ReadonlyMap<string, Float32Array> {
  const length = texels * texels * TEXEL;
  const own = new Float32Array(artists.length * drawingCount * length);
  const bareRows = inColours.length + 1;
  const bare = new Float32Array(artists.length * bareRows * length);
  artists.forEach((artist, a) => {
    things.forEach((thing, index) => {
      own.set(texelsOf(artist, thing, texels), (a * drawingCount + 1 + index) * length);
    });
    inColours.forEach((thing, index) => {
      bare.set(paintedChange(artist, thing, texels), (a * bareRows + 1 + index) * length);
    });
  });
  const inUnits = (table: Float32Array) => table.map((value) => value / TEXEL_UNIT);
  return new Map([
    ['decoder.textures', inUnits(own)],
    ['decoder.bareTextures', inUnits(bare)],
  ]);
}

/**
 * Takes away what training left beside the drawings, a rider's hat over every horse: what is more than a texel from an outline shows nothing. One
 * texel is left for interpolation: trimmed at the outline pictures were 0.04 dB further from the true ones.
 * @returns all weights, with new textures
 */
export function trimmed(weights: ReadonlyMap<string, Float32Array>, texels: number): Map<string, Float32Array> {
  const drawn = drawnTextures(texels).get('decoder.textures')!;
  const length = texels * texels * TEXEL;
  const rowOf = (table: Float32Array, row: number) => table.subarray(row * length, (row + 1) * length);
  const [own, bare] = ['decoder.textures', 'decoder.bareTextures'].map((name) => weights.get(name)!.slice()) as [
    Float32Array,
    Float32Array,
  ];
  artists.forEach((_, a) => {
    const trim = (table: Float32Array, row: number, drawing: number) =>
      keepWithin(rowOf(drawn, a * drawingCount + drawing), rowOf(table, row), texels);
    for (let drawing = 0; drawing < drawingCount; drawing++) trim(own, a * drawingCount + drawing, drawing);
    inColours.forEach((thing, index) => {
      trim(bare, a * (inColours.length + 1) + 1 + index, 1 + things.indexOf(thing));
    });
  });
  return new Map([...weights, ['decoder.textures', own], ['decoder.bareTextures', bare]]);
}

/** Sets to 0 the texels that have none of the drawing's in the 3 × 3 around them. */
function keepWithin(drawing: Float32Array, texture: Float32Array, texels: number): void {
  const covers = (x: number, y: number) => (drawing[(y * texels + x) * TEXEL + 3] ?? 0) > 0;
  const around = (at: number) => [at - 1, at, at + 1].filter((place) => place >= 0 && place < texels);
  for (let y = 0; y < texels; y++) {
    for (let x = 0; x < texels; x++) {
      if (around(y).some((j) => around(x).some((i) => covers(i, j)))) continue;
      texture.fill(0, (y * texels + x) * TEXEL, (y * texels + x + 1) * TEXEL);
    }
  }
}

/** (texels, texels, 4) colour in [−1, 1] times cover, and cover in [0, 1]. */
export function texelsOf(style: Artist, { label }: Thing, texels: number, colour?: Colour): Float32Array {
  const { rgba } = spriteAt({ style, label, ...(colour && { colour }) }, texels, texels);
  return Float32Array.from(rgba, (value, at) => {
    const cover = rgba[at | 3]! / 255;
    return at % TEXEL === 3 ? cover : cover * (value / 127.5 - 1);
  });
}

const paints = colours.map((colour) => paintRgb(colour).map((value) => value / 127.5 - 1));

/** (texels, texels, 4): of the drawing in every colour, its difference from its own colours as rest + share · paint, by least squares. */
function paintedChange(artist: Artist, thing: Thing, texels: number): Float32Array {
  const own = texelsOf(artist, thing, texels);
  const painted = colours.map((colour) => texelsOf(artist, thing, texels, colour));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const channels = [0, 1, 2] as const;
  const middle = channels.map((c) => mean(paints.map((paint) => paint[c]!)));
  const change = new Float32Array(own.length);
  for (let at = 0; at < own.length; at += TEXEL) {
    const changes = channels.map((c) => painted.map((one) => one[at + c]! - own[at + c]!));
    const middles = changes.map(mean);
    let [joint, power] = [0, 0];
    for (const c of channels) {
      paints.forEach((paint, index) => {
        const away = paint[c]! - middle[c]!;
        joint += away * (changes[c]![index]! - middles[c]!);
        power += away ** 2;
      });
    }
    const share = joint / power;
    for (const c of channels) change[at + c] = middles[c]! - share * middle[c]!;
    change[at + 3] = share;
  }
  return change;
}
