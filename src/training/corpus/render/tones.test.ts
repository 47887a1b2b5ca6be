import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hslOf, type Rgb, rgbOf } from '#training/corpus/world/colour-space.ts';
import { type Colour, colourOf, colours } from '#training/corpus/world/colours.ts';
import { styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import type { Raster } from './raster.ts';
import { spriteAspect, spriteAt, spriteMaster } from './sprites.ts';
import { drawnIn, moonlit, toned } from './tones.ts';

const channel = fc.integer({ min: 0, max: 255 });
const pixels = (rgba: Uint8ClampedArray) =>
  Array.from({ length: rgba.length / 4 }, (_, i) => [...rgba.subarray(4 * i, 4 * i + 4)] as number[]);
const opaque = ({ rgba }: Raster) => pixels(rgba).filter(([, , , alpha]) => alpha === 255);
const meanLight = (raster: Raster) => {
  const all = opaque(raster);
  return all.reduce((sum, [r, g, b]) => sum + 0.3 * r! + 0.59 * g! + 0.11 * b!, 0) / all.length;
};

describe('hue, saturation and lightness', () => {
  it('are the colour again', () => {
    fc.assert(
      fc.property(channel, channel, channel, (r, g, b) => {
        rgbOf(hslOf([r, g, b])).forEach((value, i) => {
          expect(value).toBeCloseTo([r, g, b][i]!, 3);
        });
      }),
    );
  });

  it('are those of known colours', () => {
    expect(hslOf([255, 0, 0])).toEqual([0, 1, 0.5]);
    expect(hslOf([0, 128, 0])[0]).toBe(120);
    expect(hslOf([0, 0, 255])[0]).toBe(240);
    expect(hslOf([77, 77, 77]).slice(0, 2)).toEqual([0, 0]);
  });
});

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

describe('paint', () => {
  const painted = things.filter((thing) => thing.painted);

  it('keeps the outline of everything that comes in colours', () => {
    for (const { label } of painted) {
      const master = spriteMaster('noto', label);
      const blue = toned(master, 'blue');
      expect([blue.width, blue.height]).toEqual([master.width, master.height]);
      expect(
        blue.rgba.every((value, at) => at % 4 !== 3 || value === master.rgba[at]),
        label,
      ).toBe(true);
    }
  });

  it('is the colour that was asked for, on a good part of the drawing', () => {
    const close: Record<Colour, (rgb: Rgb) => boolean> = {
      red: (rgb) => hue(rgb, 0) && strong(rgb),
      orange: (rgb) => hue(rgb, 27) && strong(rgb),
      yellow: (rgb) => hue(rgb, 50) && strong(rgb),
      green: (rgb) => hue(rgb, 125) && strong(rgb),
      blue: (rgb) => hue(rgb, 215) && strong(rgb),
      purple: (rgb) => hue(rgb, 275) && strong(rgb),
      pink: (rgb) => hue(rgb, 335) && strong(rgb),
      brown: (rgb) => hue(rgb, 22) && hslOf(rgb)[2] < 0.55,
      black: (rgb) => hslOf(rgb)[2] < 0.36,
      white: (rgb) => hslOf(rgb)[2] > 0.78,
      gray: (rgb) => hslOf(rgb)[1] < 0.2 && hslOf(rgb)[2] > 0.3,
    };
    const weak: string[] = [];
    for (const { label } of painted) {
      for (const colour of colours) {
        const all = opaque(
          spriteAt({ style: 'twemoji', label, colour }, Math.round(48 * spriteAspect('twemoji', label)), 48),
        );
        const share = all.filter((pixel) => close[colour](pixel as unknown as Rgb)).length / all.length;
        if (share <= 0.1) weak.push(`${colour} ${label} ${share.toFixed(2)}`);
      }
    }
    expect(weak).toEqual([]);
  });

  it('is the first colour among the attributes', () => {
    expect(colourOf(['old', 'green', 'red'])).toBe('red');
    expect(colourOf(['old'])).toBeUndefined();
  });
});

const hue = (rgb: Rgb, wanted: number) => Math.abs(((hslOf(rgb)[0] - wanted + 540) % 360) - 180) < 24;
const strong = (rgb: Rgb) => hslOf(rgb)[1] > 0.25;

describe('styles and night', () => {
  it('tell all drawings of a thing apart, but for two that share shapes', () => {
    for (const label of ['car', 'tree', 'bear', 'cup']) {
      const seen = styles.map((style) => {
        const width = Math.round(40 * spriteAspect(style, label));
        return Buffer.from(spriteAt({ style, label }, width, 40).rgba).toString('base64');
      });
      expect(new Set(seen).size, label).toBe(styles.length);
    }
  });

  it('leave the outline, and night is darker', () => {
    const master = spriteMaster('noto', 'sheep');
    for (const raster of [moonlit(master), drawnIn('pencil', master), drawnIn('pastel', master)]) {
      expect(raster.rgba.every((value, at) => at % 4 !== 3 || value === master.rgba[at])).toBe(true);
    }
    expect(meanLight(moonlit(master))).toBeLessThan(0.85 * meanLight(master));
    expect(drawnIn('twemoji', master)).toBe(master);
  });
});
