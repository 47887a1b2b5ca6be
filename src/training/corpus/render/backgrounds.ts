/** Grounds and backdrops: flat colour with a light texture, the same every time, so that a small model can learn them. */
import { createNoise2D } from 'simplex-noise';
import { seededRandom } from '#graph/random.ts';
import type { Rgb } from '#training/corpus/world/colour-space.ts';
import { artistOf, type Backdrop, type Ground, grounds, type Style } from '#training/corpus/world/setting.ts';
import { ByteCache } from './byte-cache.ts';
import { inStyle, moonlight } from './tones.ts';

/** Colour and texture of one region: (x, y) in units of the picture, `below` = distance from the horizon. */
interface Surface {
  /** By artist; where one is not named, noto's. */
  readonly base: { readonly noto: Rgb; readonly twemoji: Rgb; readonly fluent: Rgb };
  /** Brightness in about −1 … 1, scaled by `strength`. */
  readonly texture: (x: number, y: number, below: number) => number;
  readonly strength: number;
  /** Markings in colours of their own, the later over the earlier. */
  readonly marks?: readonly Mark[];
}

interface Mark {
  readonly colour: Rgb;
  /** Share of the mark in [0, 1]. */
  readonly covers: (x: number, y: number, below: number) => number;
  /** Is it at the same place of every picture, wherever the horizon is? */
  readonly isFixed?: true;
}

const noise = createNoise2D(seededRandom(20).uniform);
/** Noise that is finer towards the horizon, as ground seen from the side is. */
const flatNoise = (x: number, y: number, scale: number) => noise(x * scale, y * scale * 3);
const stripe = (value: number) => Math.sin(2 * Math.PI * value);

const surfaces: Record<Ground | Backdrop, Surface> = {
  sky: {
    base: { noto: [129, 205, 250], twemoji: [158, 211, 245], fluent: [151, 223, 255] },
    texture: (_x, y) => 2 * y - 0.6,
    strength: 26,
  },
  wall: {
    base: { noto: [250, 228, 190], twemoji: [245, 222, 205], fluent: [236, 224, 246] },
    texture: (x) => (stripe(x * 8) > 0 ? 0.5 : -0.5),
    strength: 8,
    marks: [{ colour: [255, 255, 255], covers: (_x, _y, below) => (below > -0.032 ? 0.85 : 0) }],
  },
  grass: {
    base: { noto: [139, 195, 74], twemoji: [131, 191, 79], fluent: [104, 200, 92] },
    texture: (x, y) => flatNoise(x, y, 7),
    strength: 9,
  },
  field: {
    base: { noto: [222, 205, 92], twemoji: [226, 200, 110], fluent: [238, 211, 98] },
    texture: (x, _y, below) => stripe(((x - 0.5) / (0.35 + below)) * 4),
    strength: 14,
  },
  dirt: {
    base: { noto: [176, 128, 92], twemoji: [184, 132, 94], fluent: [190, 136, 108] },
    texture: (x, y) => flatNoise(x, y, 6) + 0.5 * flatNoise(x + 9, y, 18),
    strength: 9,
  },
  sand: {
    base: { noto: [250, 226, 170], twemoji: [250, 224, 164], fluent: [255, 228, 176] },
    texture: (x, y) => stripe(y * 14 + 0.5 * noise(x * 3, y * 3)) * 0.7,
    strength: 7,
  },
  snow: {
    base: { noto: [238, 244, 250], twemoji: [236, 243, 250], fluent: [240, 243, 253] },
    texture: (x, y) => flatNoise(x, y, 3) - 0.3,
    strength: 7,
  },
  road: {
    base: { noto: [120, 128, 136], twemoji: [125, 130, 138], fluent: [122, 124, 142] },
    texture: (x, y) => flatNoise(x, y, 20) * 0.5,
    strength: 6,
    marks: [
      {
        colour: [250, 250, 240],
        covers: (x, y) => (Math.abs(y - 0.875) < 0.0125 && (x * 4 + 0.25) % 1 < 0.5 ? 1 : 0),
        isFixed: true,
      },
      { colour: [250, 250, 240], covers: (_x, _y, below) => (below < 0.022 ? 0.55 : 0) },
    ],
  },
  ocean: {
    base: { noto: [66, 150, 222], twemoji: [85, 160, 225], fluent: [60, 160, 235] },
    texture: (x, _y, below) => stripe(Math.sqrt(below + 0.02) * 13 + 0.15 * stripe(x * 4)),
    strength: 10,
  },
  floor: {
    base: { noto: [203, 152, 104], twemoji: [205, 150, 112], fluent: [206, 156, 126] },
    texture: (x, _y, below) => {
      const row = Math.floor(Math.sqrt(below) * 7);
      return ((row * 0.37) % 1) - 0.5 + (Math.abs(((x + row * 0.31) * 3) % 1) < 0.03 ? -1 : 0);
    },
    strength: 12,
  },
  sidewalk: {
    base: { noto: [198, 196, 192], twemoji: [204, 200, 196], fluent: [206, 202, 214] },
    texture: (x, y) => flatNoise(x, y, 16) * 0.5,
    strength: 6,
    marks: [
      // Slabs that are seen from the side: their joints run together at the horizon.
      {
        colour: [166, 164, 162],
        covers: (x, _y, below) => {
          const across = ((x - 0.5) / (0.3 + below)) * 2.2 + 40;
          const along = Math.sqrt(below + 0.01) * 7;
          return (across % 1) * (0.3 + below) < 0.014 || along % 1 < 0.07 ? 0.9 : 0;
        },
      },
      { colour: [150, 148, 148], covers: (_x, _y, below) => (below < 0.02 ? 1 : 0) },
    ],
  },
  river: {
    base: { noto: [88, 172, 226], twemoji: [104, 178, 230], fluent: [84, 176, 240] },
    texture: (x, _y, below) => stripe(below * 22 + 0.2 * stripe(x * 3)),
    strength: 8,
    marks: [
      { colour: [125, 178, 66], covers: (x, _y, below) => (below < 0.05 + 0.012 * stripe(x * 2) ? 1 : 0) },
      {
        colour: [125, 178, 66],
        covers: (x, y) => (y > 0.945 + 0.012 * stripe(x * 1.5 + 0.3) ? 1 : 0),
        isFixed: true,
      },
    ],
  },
  track: {
    base: { noto: [168, 158, 146], twemoji: [172, 160, 148], fluent: [174, 164, 166] },
    texture: (x, y) => flatNoise(x, y, 24),
    strength: 9,
    marks: [
      {
        colour: [122, 86, 60],
        covers: (x, y) => (Math.abs(y - 0.85) < 0.075 && (x * 9) % 1 < 0.42 ? 1 : 0),
        isFixed: true,
      },
      {
        colour: [92, 98, 108],
        covers: (_x, y) => (Math.abs(y - 0.8) < 0.011 || Math.abs(y - 0.9) < 0.014 ? 1 : 0),
        isFixed: true,
      },
    ],
  },
  tile: {
    base: { noto: [214, 232, 236], twemoji: [216, 230, 238], fluent: [222, 230, 246] },
    texture: (x, _y, below) => {
      const across = Math.floor(((x - 0.5) / (0.4 + below)) * 3 + 40);
      return (across + Math.floor(Math.sqrt(below) * 6)) % 2 === 0 ? 0.6 : -0.8;
    },
    strength: 14,
  },
  carpet: {
    base: { noto: [184, 96, 108], twemoji: [178, 98, 116], fluent: [170, 108, 176] },
    texture: (x, y, below) => flatNoise(x, y, 26) * 0.4 + (stripe(below * 9) > 0.8 ? 1 : 0),
    strength: 10,
  },
};

/** What the wall looks like where it is not papered in stripes. */
const walls: Partial<Record<Ground, Pick<Surface, 'base' | 'texture' | 'strength'>>> = {
  tile: {
    base: { noto: [196, 226, 222], twemoji: [198, 224, 226], fluent: [204, 224, 238] },
    texture: (x, _y, below) => ((x * 10) % 1 < 0.08 || (below * 10 + 40) % 1 < 0.08 ? 1 : 0),
    strength: 18,
  },
  carpet: {
    base: { noto: [206, 216, 238], twemoji: [208, 216, 240], fluent: [214, 210, 246] },
    texture: (x, _y, below) => stripe(x * 8) * stripe(below * 8),
    strength: 7,
  },
};

/** Places of the stars and what they are wide. */
const stars = (() => {
  const random = seededRandom(7);
  return Array.from({ length: 26 }, () => ({
    x: random.uniform(),
    y: 0.58 * random.uniform(),
    radius: 0.005 + 0.005 * random.uniform(),
  }));
})();
const NIGHT_SKY: Rgb = [30, 40, 92];
export const STAR: Rgb = [255, 244, 200];

/** Where a picture is, and when. */
export interface Place {
  readonly style: Style;
  readonly ground: Ground;
  readonly backdrop: Backdrop;
  /** y of the line between backdrop and ground. */
  readonly horizon: number;
  readonly night?: boolean;
}

const cache = new ByteCache<{ readonly rgba: Uint8Array }>(2 ** 27);

/** RGB of the empty picture, size × size × 3, painted once per combination. */
export function background(place: Place, size: number): Uint8Array {
  const { style, ground, backdrop, horizon, night = false } = place;
  const key = `${style}/${ground}/${backdrop}/${horizon}/${night}/${size}`;
  return cache.get(key, () => ({ rgba: paint(place, size) })).rgba;
}

function paint({ style, ground, backdrop, horizon, night = false }: Place, size: number): Uint8Array {
  const rgb = new Uint8Array(size * size * 3);
  const edge = Math.round(horizon * size);
  const artist = artistOf(style);
  const palette = artist === 'fluent-3d' ? 'fluent' : artist;
  const above: Surface = { ...surfaces[backdrop], ...(backdrop === 'wall' && walls[ground]) };
  for (let row = 0; row < size; row++) {
    const surface = row < edge ? above : surfaces[ground];
    const base = surface.base[palette];
    const y = (row + 0.5) / size;
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const light = surface.strength * surface.texture(x, y, y - horizon);
      let colour: Rgb = [base[0] + light, base[1] + light, base[2] + light];
      for (const mark of surface.marks ?? []) colour = mixed(colour, mark.colour, mark.covers(x, y, y - horizon));
      if (night && row < edge && backdrop === 'sky')
        colour = [NIGHT_SKY[0], NIGHT_SKY[1] + 30 * y, NIGHT_SKY[2] + 40 * y];
      else if (night) colour = moonlight(colour);
      colour = grained(style, inStyle(style, colour), x, y);
      for (let c = 0; c < 3; c++) {
        rgb[(row * size + column) * 3 + c] = Math.max(0, Math.min(255, Math.round(colour[c] as number)));
      }
    }
  }
  if (night && backdrop === 'sky') scatterStars(rgb, size, edge);
  return rgb;
}

/** On the pencil's paper, slanting, in ground and sky alike: waves across the picture, and how much lighter or darker they are, of 255. */
export const HATCHING = { waves: 16, strength: 5 } as const;

const grained = (style: Style, rgb: Rgb, x: number, y: number): Rgb => {
  if (style !== 'pencil') return rgb;
  const grain = HATCHING.strength * stripe((x + y) * HATCHING.waves);
  return [rgb[0] + grain, rgb[1] + grain, rgb[2] + grain];
};

function scatterStars(rgb: Uint8Array, size: number, edge: number): void {
  for (const { row, column, share } of starPixels(size, edge)) {
    const at = (row * size + column) * 3;
    for (let c = 0; c < 3; c++)
      rgb[at + c] = Math.round((rgb[at + c] as number) * (1 - share) + (STAR[c] as number) * share);
  }
}

/** Pixels that stars cover in the rows above `edge`; where two are near each other, one twice. */
function* starPixels(size: number, edge: number): Generator<{ row: number; column: number; share: number }> {
  for (const { x, y, radius } of stars) {
    const reach = Math.ceil(radius * size);
    const [left, top] = [Math.round(x * size), Math.round(y * size)];
    for (let row = Math.max(0, top - reach); row <= Math.min(edge - 1, top + reach); row++) {
      for (let column = Math.max(0, left - reach); column <= Math.min(size - 1, left + reach); column++) {
        const away = Math.hypot(column - x * size, row - y * size);
        yield { row, column, share: Math.max(0, Math.min(1, radius * size + 0.5 - away)) };
      }
    }
  }
}

/** (size, size) share of each pixel that stars cover, in a sky without a horizon. */
export function starCover(size: number): Float32Array {
  const bare = new Float32Array(size * size).fill(1);
  for (const { row, column, share } of starPixels(size, size)) {
    bare[row * size + column] = (bare[row * size + column] as number) * (1 - share);
  }
  return bare.map((share) => 1 - share);
}

/** A marking that is at the same place of every picture of its ground. */
export interface FixedMark {
  readonly ground: Ground;
  /** Share of the mark in [0, 1]; x and y in units of the picture. */
  readonly covers: (x: number, y: number) => number;
  readonly colourIn: (style: Style, night: boolean) => Rgb;
}

/** The later over the earlier. */
export const fixedMarks: readonly FixedMark[] = grounds.flatMap((ground) =>
  (surfaces[ground].marks ?? []).flatMap(({ colour, covers, isFixed }) =>
    isFixed
      ? [
          {
            ground,
            covers: (x: number, y: number) => covers(x, y, 0),
            colourIn: (style: Style, night: boolean) => inStyle(style, night ? moonlight(colour) : colour),
          },
        ]
      : [],
  ),
);

const mixed = (a: Rgb, b: Rgb, share: number): Rgb =>
  share === 0 ? a : [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
