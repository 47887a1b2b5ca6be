/** Grounds and backdrops: flat colour with a light texture, the same every time, so that a small model can learn them. */
import { createNoise2D } from 'simplex-noise';
import { seededRandom } from '#graph/random.ts';
import type { Backdrop, Ground, Style } from './setting.ts';

type Rgb = readonly [number, number, number];

/** Colour and texture of one region: (x, y) in units of the picture, `below` = distance from the horizon. */
interface Surface {
  readonly base: Record<Style, Rgb>;
  /** Brightness in about −1 … 1, scaled by `strength`. */
  readonly texture: (x: number, y: number, below: number) => number;
  readonly strength: number;
  /** Markings in a colour of their own. */
  readonly mark?: { readonly colour: Rgb; readonly covers: (x: number, y: number, below: number) => number };
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
    mark: { colour: [255, 255, 255], covers: (_x, _y, below) => (below > -0.032 ? 0.85 : 0) },
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
    mark: {
      colour: [250, 250, 240],
      covers: (x, y, below) =>
        below < 0.022 ? 0.55 : Math.abs(y - 0.875) < 0.0125 && (x * 4 + 0.25) % 1 < 0.5 ? 1 : 0,
    },
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
};

const cache = new Map<string, Uint8Array>();

/** RGB of the empty picture, size × size × 3, painted once per combination. */
export function background(
  style: Style,
  ground: Ground,
  backdrop: Backdrop,
  horizon: number,
  size: number,
): Uint8Array {
  const key = `${style}/${ground}/${backdrop}/${horizon}/${size}`;
  let rgb = cache.get(key);
  if (!rgb) {
    rgb = paint(style, ground, backdrop, horizon, size);
    cache.set(key, rgb);
  }
  return rgb;
}

function paint(style: Style, ground: Ground, backdrop: Backdrop, horizon: number, size: number): Uint8Array {
  const rgb = new Uint8Array(size * size * 3);
  const edge = Math.round(horizon * size);
  for (let row = 0; row < size; row++) {
    const surface = surfaces[row < edge ? backdrop : ground];
    const base = surface.base[style];
    const y = (row + 0.5) / size;
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const light = surface.strength * surface.texture(x, y, y - horizon);
      const cover = surface.mark?.covers(x, y, y - horizon) ?? 0;
      for (let c = 0; c < 3; c++) {
        const colour = (base[c] as number) + light;
        const mark = surface.mark?.colour[c] ?? 0;
        rgb[(row * size + column) * 3 + c] = Math.max(0, Math.min(255, Math.round(colour + cover * (mark - colour))));
      }
    }
  }
  return rgb;
}
