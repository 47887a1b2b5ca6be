/** The drawings: icons rasterised once per artist and label, cut to their opaque box, painted, and scaled once per size. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { Resvg } from '@resvg/resvg-js';
import type { Colour } from '#training/corpus/world/colours.ts';
import { type Artist, artistOf, type Style } from '#training/corpus/world/setting.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { ByteCache } from './byte-cache.ts';
import { ownDrawing } from './own-drawings.ts';
import type { Raster } from './raster.ts';
import { drawnIn, mainPaint, moonlit, type Paint, toned } from './tones.ts';

interface IconSet {
  readonly width?: number;
  readonly height?: number;
  readonly icons: Record<
    string,
    {
      readonly body: string;
      readonly width?: number;
      readonly height?: number;
      readonly left?: number;
      readonly top?: number;
    }
  >;
  readonly aliases?: Record<string, { readonly parent: string }>;
}

/** Longer side of the master drawing in pixels. */
const MASTER = 256;
/** Alpha from which a pixel counts as part of the drawing. */
const OPAQUE = 64;

const packages: Record<Artist, string> = {
  noto: '@iconify-json/noto',
  twemoji: '@iconify-json/twemoji',
  fluent: '@iconify-json/fluent-emoji-flat',
  'fluent-3d': '@iconify-json/fluent-emoji',
};

/** What is to be drawn. */
export interface Drawing {
  readonly style: Style;
  readonly label: string;
  /** Its own colours when absent. */
  readonly colour?: Colour;
  readonly night?: boolean;
}

const require = createRequire(import.meta.url);
const sets = new Map<Artist, IconSet>();
const masters = new Map<string, Raster>();
const paints = new Map<string, Paint>();
/** Bytes of scaled and of painted drawings that are kept: at 128 px nearly all that a corpus uses again. */
const MOST_BYTES = 2 ** 27;
const scaled = new ByteCache<Raster>(MOST_BYTES);
const painted = new ByteCache<Raster>(MOST_BYTES);

/** The drawing of a label by the style's artist, in its own colours, cut to its opaque box; its longer side is at most 256 px. */
export function spriteMaster(style: Style, label: string): Raster {
  const artist = artistOf(style);
  const key = `${artist}/${label}`;
  let master = masters.get(key);
  if (!master) {
    const { icon, icons } = thingOf(label);
    master = rasterise(iconSvg(artist, icons?.[artist] ?? icon));
    masters.set(key, master);
  }
  return master;
}

/** Width over height of the drawing. */
export function spriteAspect(style: Style, label: string): number {
  const { width, height } = spriteMaster(style, label);
  return width / height;
}

/** The drawing at exactly width × height pixels. Painted after scaling: a scene shows two thousand pixels of a master's sixty thousand. */
export function spriteAt({ style, label, colour, night = false }: Drawing, width: number, height: number): Raster {
  const key = `${style}/${label}/${colour ?? ''}/${night}/${width}x${height}`;
  return painted.get(key, () => {
    const plain = scaled.get(`${artistOf(style)}/${label}/${width}x${height}`, () =>
      resize(spriteMaster(style, label), width, height),
    );
    const drawn = drawnIn(style, colour ? toned(plain, colour, paintOf(style, label)) : plain);
    return night ? moonlit(drawn) : drawn;
  });
}

/** The main colour of a drawing. */
function paintOf(style: Style, label: string): Paint {
  const key = `${artistOf(style)}/${label}`;
  let paint = paints.get(key);
  if (!paint) {
    paint = mainPaint(spriteMaster(style, label));
    paints.set(key, paint);
  }
  return paint;
}

/** First opaque row of the drawing at a column, both as shares of its box: where something that stands on it would stand. */
export function spriteTopAt(style: Style, label: string, column: number): number {
  const { width, height, rgba } = spriteMaster(style, label);
  const x = Math.min(width - 1, Math.max(0, Math.round(column * width)));
  for (let y = 0; y < height; y++) if ((rgba[(y * width + x) * 4 + 3] as number) >= OPAQUE) return y / height;
  return 1;
}

/** @param icon id in the artist's set; `SET:ID` in another artist's, `own:NAME` our own drawing */
function iconSvg(artist: Artist, icon: string): string {
  const [from, id] = icon.includes(':') ? (icon.split(':') as [string, string]) : [artist, icon];
  if (from === 'own') return ownDrawing(id, artist);
  const owner = from as Artist;
  let set = sets.get(owner);
  if (!set) {
    set = JSON.parse(readFileSync(require.resolve(`${packages[owner]}/icons.json`), 'utf8')) as IconSet;
    sets.set(owner, set);
  }
  const entry = set.icons[id] ?? set.icons[set.aliases?.[id]?.parent ?? ''];
  if (!entry) throw new RangeError(`${packages[owner]} has no icon ${JSON.stringify(id)}`);
  const width = entry.width ?? set.width ?? 16;
  const height = entry.height ?? set.height ?? 16;
  const view = `${entry.left ?? 0} ${entry.top ?? 0} ${width} ${height}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}">${entry.body}</svg>`;
}

function rasterise(svg: string): Raster {
  const { pixels, width, height } = new Resvg(svg, {
    fitTo: { mode: 'width', value: MASTER },
    // No drawing has text, and looking for fonts takes far longer than drawing.
    font: { loadSystemFonts: false },
  }).render();
  const rgba = straight(pixels);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((rgba[(y * width + x) * 4 + 3] as number) < OPAQUE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (right <= left) throw new Error('a drawing without an opaque pixel');
  const cut = new Uint8ClampedArray((right - left) * (bottom - top) * 4);
  for (let y = top; y < bottom; y++) {
    cut.set(rgba.subarray((y * width + left) * 4, (y * width + right) * 4), (y - top) * (right - left) * 4);
  }
  return { width: right - left, height: bottom - top, rgba: cut };
}

/** resvg gives colours multiplied by alpha. */
function straight(pixels: Uint8Array): Uint8ClampedArray {
  const rgba = Uint8ClampedArray.from(pixels);
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = pixels[at + 3] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) rgba[at + c] = Math.round(((pixels[at + c] as number) * 255) / alpha);
  }
  return rgba;
}

function resize({ width, height, rgba }: Raster, toWidth: number, toHeight: number): Raster {
  const source = createCanvas(width, height);
  source.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  const target = createCanvas(toWidth, toHeight);
  const context = target.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, toWidth, toHeight);
  return {
    width: toWidth,
    height: toHeight,
    rgba: context.getImageData(0, 0, toWidth, toHeight).data as Uint8ClampedArray,
  };
}
