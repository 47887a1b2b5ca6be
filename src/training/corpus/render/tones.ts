/** Drawings in other colours: painted anew, by night, and in the two styles that are made of other artists' drawings. */

import { type Hsl, hslOf, type Rgb, rgbOf } from '#training/corpus/world/colour-space.ts';
import { type Colour, paints } from '#training/corpus/world/colours.ts';
import type { Style } from '#training/corpus/world/setting.ts';
import type { Raster } from './raster.ts';

const HUE_BINS = 24;
const LIGHT_BINS = 8;
/** Below this saturation a pixel is grey. */
const GREY = 0.22;
/** Darker pixels are outlines, tyres and pupils. */
const OUTLINE = 0.16;
/** Share of a drawing that a hue must cover to be its paint; else its most frequent grey is. */
const LEAST_COVER = 0.14;
/** Pixels at this distance from the paint, in degrees of hue or in lightness, are other parts. */
const OTHER_HUE = 34;
const OTHER_LIGHT = 0.3;
/** Share of the drawing's light and shade that is kept. */
const SHADE = 0.8;

/** The drawing with its main colour replaced; light, shade and all other parts stay. */
export function toned(raster: Raster, colour: Colour, paint: Paint = mainPaint(raster)): Raster {
  const [hue, saturation, lightness] = paints[colour];
  return repainted(raster, (rgb) => {
    const own = hslOf(rgb);
    const share = likeness(own, paint);
    if (share === 0) return rgb;
    const light = Math.max(0.05, Math.min(0.98, lightness + SHADE * (own[2] - paint.lightness)));
    return mixed(rgb, rgbOf([hue, saturation, light]), share);
  });
}

export interface Paint {
  /** Undefined for grey paint. */
  readonly hue?: number;
  readonly lightness: number;
}

/** The most frequent colour of a drawing, outlines aside. */
export function mainPaint({ rgba }: Raster): Paint {
  const byHue = new Float64Array(HUE_BINS);
  const byLight = new Float64Array(LIGHT_BINS);
  let opaque = 0;
  eachOpaque(rgba, ([hue, saturation, lightness]) => {
    opaque += 1;
    if (lightness < OUTLINE) return;
    if (saturation >= GREY) byHue[Math.floor((hue / 360) * HUE_BINS) % HUE_BINS]! += 1;
    else byLight[Math.min(LIGHT_BINS - 1, Math.floor(lightness * LIGHT_BINS))]! += 1;
  });
  const around = (bin: number) =>
    (byHue[(bin + HUE_BINS - 1) % HUE_BINS] as number) +
    (byHue[bin] as number) +
    (byHue[(bin + 1) % HUE_BINS] as number);
  const bin = byHue.reduce((best, _, at) => (around(at) > around(best) ? at : best), 0);
  const isGrey = around(bin) < LEAST_COVER * opaque;
  const lightBin = byLight.indexOf(Math.max(...byLight));
  const guess: Paint = isGrey
    ? { lightness: (lightBin + 0.5) / LIGHT_BINS }
    : { hue: ((bin + 0.5) / HUE_BINS) * 360, lightness: 0.5 };
  // The mean of what is like it.
  let [sum, weight] = [0, 0];
  eachOpaque(rgba, (own) => {
    const share = likeness(own, guess);
    sum += share * own[2];
    weight += share;
  });
  return { ...guess, lightness: weight === 0 ? guess.lightness : sum / weight };
}

/** 1 for the paint itself, 0 for another part. */
function likeness([hue, saturation, lightness]: Hsl, paint: Paint): number {
  if (paint.hue === undefined) {
    if (saturation >= GREY) return 0;
    return Math.max(0, Math.min(1, 2 - (2 * Math.abs(lightness - paint.lightness)) / OTHER_LIGHT));
  }
  if (saturation < GREY * 0.6) return 0;
  const apart = Math.abs(((hue - paint.hue + 540) % 360) - 180);
  return Math.max(0, Math.min(1, 2 - (2 * apart) / OTHER_HUE));
}

function eachOpaque(rgba: Uint8ClampedArray, visit: (hsl: Hsl) => void): void {
  for (let at = 0; at < rgba.length; at += 4) {
    if ((rgba[at + 3] as number) < 128) continue;
    visit(hslOf([rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number]));
  }
}

/** By moonlight: dark and blue, but every colour can still be told. */
export const moonlit = (raster: Raster): Raster => repainted(raster, moonlight);
export const moonlight = ([r, g, b]: Rgb): Rgb => [0.62 * r + 8, 0.64 * g + 12, 0.76 * b + 32];

const PAPER: Rgb = [250, 246, 236];
/** What a colour becomes in a style that is made of another artist's drawings. */
export function inStyle(style: Style, rgb: Rgb): Rgb {
  if (style === 'pastel') return mixed(softened(rgb, 0.75), [255, 252, 248], 0.38);
  if (style !== 'pencil') return rgb;
  const grey = 0.3 * rgb[0] + 0.59 * rgb[1] + 0.11 * rgb[2];
  const lead: Rgb = [58 + 0.72 * grey, 54 + 0.72 * grey, 50 + 0.7 * grey];
  return mixed(mixed(lead, rgb, 0.28), PAPER, 0.15);
}

/** The whole drawing in its style; pencil draws every contour. */
export function drawnIn(style: Style, raster: Raster): Raster {
  if (style !== 'pencil' && style !== 'pastel') return raster;
  const plain = repainted(raster, (rgb) => inStyle(style, rgb));
  return style === 'pencil' ? outlined(plain) : plain;
}

const LEAD: Rgb = [70, 66, 64];
/** Pixels from a contour's middle to where light is compared, both ways. */
const CONTOUR = 1;

function outlined(raster: Raster): Raster {
  const { width, height, rgba } = raster;
  const light = new Float32Array(width * height);
  for (let i = 0; i < light.length; i++) {
    const alpha = (rgba[4 * i + 3] as number) / 255;
    const grey =
      0.3 * (rgba[4 * i] as number) + 0.59 * (rgba[4 * i + 1] as number) + 0.11 * (rgba[4 * i + 2] as number);
    // Outside of the drawing is as far from everything as black from white, and farther.
    light[i] = alpha * grey - (1 - alpha) * 300;
  }
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? -300 : (light[y * width + x] as number);
  const drawn = rgba.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const change = Math.max(
        Math.abs(at(x + CONTOUR, y) - at(x - CONTOUR, y)),
        Math.abs(at(x, y + CONTOUR) - at(x, y - CONTOUR)),
      );
      const share = Math.min(0.85, Math.max(0, (change - 24) / 110));
      if (share === 0) continue;
      const i = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) drawn[i + c] = (drawn[i + c] as number) * (1 - share) + (LEAD[c] as number) * share;
    }
  }
  return { width, height, rgba: drawn };
}

function repainted({ width, height, rgba }: Raster, paint: (rgb: Rgb) => Rgb): Raster {
  const painted = rgba.slice();
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] === 0) continue;
    const [r, g, b] = paint([rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number]);
    painted[at] = r;
    painted[at + 1] = g;
    painted[at + 2] = b;
  }
  return { width, height, rgba: painted };
}

const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Less saturated. */
function softened(rgb: Rgb, share: number): Rgb {
  const [hue, saturation, lightness] = hslOf(rgb);
  return rgbOf([hue, saturation * share, lightness]);
}
