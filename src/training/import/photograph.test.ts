import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCutOff, withoutExif } from '#training/files/picture-bytes.ts';
import { readPhotograph } from './photograph.ts';
import { photograph } from './visual-genome/visual-genome.fixture.ts';

const folder = join(import.meta.dirname, 'photographs.fixture');
const record = { width: 320, height: 240 };
const SIDE = 64;
const read = (file: string, shape: typeof record | undefined = record, source = folder) =>
  readPhotograph({ files: [file], shape }, source, SIDE);

const colours = { tree: '#1e8449', horse: '#8e5a2b', car: '#2455a4', dog: '#f1c40f', kite: '#8e44ad' };

/** The colour's name at a place of the record, in its pixels. */
async function at(file: string, x: number, y: number): Promise<string | undefined> {
  const { pixels } = await read(file);
  const place = (Math.floor((y / record.height) * SIDE) * SIDE + Math.floor((x / record.width) * SIDE)) * 4;
  const distance = (colour: string) =>
    [1, 3, 5].reduce((sum, i) => {
      return sum + Math.abs(Number.parseInt(colour.slice(i, i + 2), 16) - pixels[place + (i - 1) / 2]!);
    }, 0);
  return Object.entries(colours).find(([, colour]) => distance(colour) < 40)?.[0];
}

describe('readPhotograph', () => {
  it.each([
    ['turned-by-exif.jpg', { tree: [78, 133], horse: [218, 133] }],
    ['turned-in-vain.jpg', { horse: [164, 50], car: [171, 163] }],
    ['cmyk.jpg', { dog: [163, 50], car: [166, 164] }],
    ['png-as.jpg', { dog: [83, 144], kite: [231, 134] }],
  ])('%s: things are where their boxes are', async (file, things) => {
    for (const [thing, [x, y]] of Object.entries(things)) expect(await at(file, x!, y!)).toBe(thing);
  });

  it('turns as EXIF says where the record has no shape, and takes a smaller copy', async () => {
    const bytes = readFileSync(join(folder, 'turned-by-exif.jpg'));
    expect(await read('turned-by-exif.jpg', undefined)).toEqual(await read('turned-by-exif.jpg'));
    expect(await read('turned-by-exif.jpg', { width: 1279, height: 960 })).toEqual(await read('turned-by-exif.jpg'));
    expect(withoutExif(bytes).length).toBe(bytes.length - 36);
  });

  it('refuses a photograph of another shape, a cut one and none', async () => {
    await expect(read('turned-by-exif.jpg', { width: 500, height: 240 })).rejects.toThrow('another shape');
    await expect(read('cut.jpg')).rejects.toThrow('cut off');
    await expect(read('gone.jpg')).rejects.toThrow('missing');
    await expect(read('README.md')).rejects.toThrow('damaged');
  });

  it('notices a cut at any place', async () => {
    const cut = mkdtempSync(join(tmpdir(), 'sgraffito-cut-'));
    for (const whole of [readFileSync(join(folder, 'cmyk.jpg')), photograph()]) {
      expect(isCutOff(whole)).toBe(false);
      // A PNG's last four bytes are the checksum of nothing.
      for (const share of [0.01, 0.3, 0.6, 0.98]) {
        const bytes = whole.subarray(0, Math.floor(whole.length * share));
        writeFileSync(join(cut, 'cut'), bytes);
        await expect(read('cut', undefined, cut)).rejects.toThrow(/cut off|damaged/);
      }
    }
  });
});
