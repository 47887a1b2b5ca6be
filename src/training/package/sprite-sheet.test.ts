import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { folderSource } from '#engine/package/package-folder.ts';
import { parseManifest } from '#engine/package/package-manifest.ts';
import { loadSprites } from '#engine/picturebook/sprites.ts';
import { namesBeside } from '#training/corpus/world/phrases.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { spriteSheet } from './sprite-sheet.ts';

const { png, layout } = spriteSheet(worldVocabulary.objects);

describe('the sheet of drawings', () => {
  it('shows every label of the world, each thing differently, in its own cell with air around it', () => {
    expect(layout.labels).toEqual(worldVocabulary.objects);
    const { width, data, channels } = decode(png);
    expect(channels).toBe(4);
    const seen = new Set<string>();
    for (const [index, label] of layout.labels.entries()) {
      const left = (index % layout.columns) * layout.side;
      const top = Math.floor(index / layout.columns) * layout.side;
      const alphaAt = (x: number, y: number) => data[((top + y) * width + left + x) * 4 + 3]!;
      const across = Array.from({ length: layout.side }, (_, i) => i);
      expect(
        across.every((i) => alphaAt(i, 0) + alphaAt(0, i) + alphaAt(layout.side - 1, i) === 0),
        label,
      ).toBe(true);
      const opaque = across.flatMap((y) => across.filter((x) => alphaAt(x, y) > 128)).length;
      expect(opaque, label).toBeGreaterThan(layout.side ** 2 / 30);
      const rows = across.map((y) =>
        data.subarray(((top + y) * width + left) * 4, ((top + y) * width + left + layout.side) * 4),
      );
      seen.add(
        createHash('sha256')
          .update(Buffer.concat(rows.map((row) => Buffer.from(row))))
          .digest('hex'),
      );
    }
    expect(seen.size).toBe(layout.labels.length - namesBeside.length);
  });

  it('ships with the built-in package, is small, and shows its whole vocabulary', async () => {
    const folder = 'public/models/picturebook';
    const manifest = parseManifest(readFileSync(`${folder}/manifest.json`));
    const shipped = await loadSprites(folderSource(folder), manifest);
    expect(shipped?.length).toBeLessThan(400_000);
    expect(manifest.sprites?.labels).toEqual(manifest.vocabulary.objects);
  });
});
