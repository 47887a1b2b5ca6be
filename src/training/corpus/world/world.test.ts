import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { spriteMaster } from '#training/corpus/render/sprites.ts';
import { backdropOf, backdrops, grounds, styles } from './setting.ts';
import { thingOf, things } from './things.ts';
import { predicates, stationsOf } from './world.ts';
import { worldVocabulary } from './world-vocabulary.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

const words = JSON.parse(readFileSync(new URL('./vocabulary.json', import.meta.url), 'utf8')) as {
  visualGenome: { objects: string[]; predicates: string[] };
  cocoThings: string[];
  geometricRelations: string[];
};

describe('the Picturebook world', () => {
  it('has at least 130 things, 12 grounds and rooms and 6 styles, no word twice', () => {
    expect(things.length).toBeGreaterThanOrEqual(130);
    expect(grounds.length).toBeGreaterThanOrEqual(12);
    expect(styles).toHaveLength(6);
    for (const list of [worldVocabulary.objects, predicates]) expect(new Set(list).size).toBe(list.length);
    expect(Object.keys(worldVocabulary.kinds)).toEqual(worldVocabulary.objects);
  });

  it('speaks the words of Visual Genome, COCO and sg2im: at least 150 and 80 of their labels, and all predicates but "made of"', () => {
    const nouns = new Set([...words.visualGenome.objects, ...words.cocoThings]);
    const known = worldVocabulary.objects.filter((word) => nouns.has(word));
    expect(words.visualGenome.objects.filter((word) => known.includes(word)).length).toBeGreaterThanOrEqual(150);
    expect(words.cocoThings.filter((word) => !known.includes(word))).toEqual([]);
    const verbs = new Set([...words.visualGenome.predicates, ...words.geometricRelations]);
    expect([...predicates].sort()).toEqual([...verbs].filter((word) => word !== 'made of').sort());
  });

  it('lets words with a meaning of their own mean nothing else', () => {
    const drawn = new Set(things.map(({ label }) => label));
    for (const { label, words: names = [] } of things) {
      expect(
        names.filter((name) => drawn.has(name) && name !== 'glass' && name !== 'sign'),
        label,
      ).toEqual([]);
    }
  });

  it('draws every thing in every style, large and cut to its outline', () => {
    for (const style of styles) {
      for (const { label } of things) {
        const { width, height, rgba } = spriteMaster(style, label);
        expect(Math.max(width, height), `${style} ${label}`).toBeGreaterThan(120);
        const opaque = (x: number, y: number) => (rgba[(y * width + x) * 4 + 3] as number) >= 64;
        const columns = Array.from({ length: width }, (_, x) => x);
        const rows = Array.from({ length: height }, (_, y) => y);
        expect(columns.some((x) => opaque(x, 0)) && columns.some((x) => opaque(x, height - 1))).toBe(true);
        expect(rows.some((y) => opaque(0, y)) && rows.some((y) => opaque(width - 1, y))).toBe(true);
      }
    }
  });

  it('gives every thing a station on each of its grounds', () => {
    for (const thing of things)
      for (const ground of thing.places) expect(stationsOf(thing, ground), thing.label).not.toEqual([]);
    expect(stationsOf(thingOf('car'), 'ocean')).toEqual([]);
    expect(stationsOf(thingOf('bird'), 'ocean')).toEqual(['hanging']);
    expect(stationsOf(thingOf('house'), 'road')).toEqual(['horizon']);
  });

  it('puts a wall behind floors and sky behind everything else', () => {
    expect(grounds.filter((ground) => backdropOf(ground) === 'wall')).toEqual(['floor', 'tile', 'carpet']);
    expect(backdrops).toEqual(['sky', 'wall']);
  });

  it('refuses a label that it does not know', () => {
    expect(() => thingOf('unicorn')).toThrow(/"unicorn"/);
  });
});
