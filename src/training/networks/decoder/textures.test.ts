import { expect, test, vi } from 'vitest';
import { spriteAt } from '#training/corpus/render/sprites.ts';
import { drawingCount, drawingOf } from '#training/corpus/sample/cell-features.ts';
import { paintRgb } from '#training/corpus/world/colours.ts';
import { artists } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import { inColours, TEXEL_UNIT } from './drawn-layer.ts';
import { drawnTextures, trimmed } from './textures.ts';

// Every drawing of every artist is made once.
vi.setConfig({ testTimeout: 120_000 });

const TEXELS = 8;
const LENGTH = TEXELS * TEXELS * 4;
const tables = drawnTextures(TEXELS);
const row = (name: string, index: number) =>
  Array.from(tables.get(name)!.subarray(index * LENGTH, (index + 1) * LENGTH), (v) => v * TEXEL_UNIT);

test('every drawing of every artist is there, in colours times cover', () => {
  artists.forEach((artist, a) => {
    expect(new Set(row('decoder.textures', a * drawingCount)), 'no drawing').toEqual(new Set([0]));
    for (const { label } of things) {
      const texels = row('decoder.textures', a * drawingCount + drawingOf(label));
      const cover = texels.filter((_, at) => at % 4 === 3);
      expect(Math.max(...cover), `${label} by ${artist}`).toBeGreaterThan(0.5);
      texels.forEach((value, at) => {
        expect(Math.abs(value)).toBeLessThanOrEqual(texels[at | 3]! + 1e-5);
      });
    }
  });
});

test('own texture and what paint changes make the painted drawing, but for the bends of light and shade', () => {
  const errors = artists.flatMap((style, a) =>
    inColours.flatMap((thing, index) => {
      const own = row('decoder.textures', a * drawingCount + drawingOf(thing.label));
      const bare = row('decoder.bareTextures', a * (inColours.length + 1) + 1 + index);
      return (['red', 'blue', 'white', 'black'] as const).flatMap((colour) => {
        const { rgba } = spriteAt({ style, label: thing.label, colour }, TEXELS, TEXELS);
        const paint = paintRgb(colour);
        return own.flatMap((value, at) => {
          if (at % 4 === 3) return [];
          const painted = value + bare[at]! + bare[at | 3]! * (paint[at % 4]! / 127.5 - 1);
          const drawn = (rgba[at | 3]! / 255) * (rgba[at]! / 127.5 - 1);
          return Math.abs(painted - drawn);
        });
      });
    }),
  );
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  // Measured: 0.013, and 0.42 where the paint is left out.
  expect(mean).toBeLessThan(0.03);
});

test('trimmed textures keep what is on a drawing or next to it, and nothing else', () => {
  const ones = new Map([...tables].map(([name, { length }]) => [name, new Float32Array(length).fill(1)]));
  const kept = trimmed(new Map([...ones, ['decoder.tint.weight', Float32Array.of(3)]]), TEXELS);
  expect(kept.get('decoder.tint.weight')).toEqual(Float32Array.of(3));
  const bareRows = inColours.length + 1;
  const textureOf = (name: string, at: number) => kept.get(name)!.subarray(at * LENGTH, (at + 1) * LENGTH);
  let gone = 0;
  artists.forEach((_, a) => {
    for (const thing of things) {
      const index = a * drawingCount + drawingOf(thing.label);
      const drawn = row('decoder.textures', index);
      const isDrawn = (x: number, y: number) =>
        x >= 0 && y >= 0 && x < TEXELS && y < TEXELS && drawn[(y * TEXELS + x) * 4 + 3]! > 0;
      const coloured = inColours.indexOf(thing);
      const textures = [
        textureOf('decoder.textures', index),
        ...(coloured < 0 ? [] : [textureOf('decoder.bareTextures', a * bareRows + 1 + coloured)]),
      ];
      for (let at = 0; at < LENGTH; at++) {
        const [x, y] = [Math.floor(at / 4) % TEXELS, Math.floor(at / 4 / TEXELS)];
        const isNear = [-1, 0, 1].some((j) => [-1, 0, 1].some((i) => isDrawn(x + i, y + j)));
        for (const texture of textures) expect(texture[at]).toBe(isNear ? 1 : 0);
        if (!isNear) gone++;
      }
    }
  });
  expect(gone).toBeGreaterThan(0);
});
