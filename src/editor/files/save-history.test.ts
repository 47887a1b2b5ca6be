import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import { packHistory } from './save-history.ts';

const record = (id: string, seed: number, change: Partial<PictureRecord> = {}): PictureRecord =>
  pictureRecord(
    { ...change, id, createdAt: seed * 1000, settings: { ...pictureRecord().settings, seed } },
    { picture: { width: 1, height: 1, pixels: Uint8ClampedArray.from([seed, 2, 3, 255]) } },
  );

describe('the history as a ZIP', () => {
  it('holds every picture with its recipe, from the oldest on, and an index that tells them apart', async () => {
    const newestFirst = [
      record('c', 9, { parent: 'gone' }),
      record('b', 7, { parent: 'a', name: 'Two: ../sheep?' }),
      record('a', 7, { starred: true }),
    ];
    const files = unzipSync(await packHistory(newestFirst));
    expect(Object.keys(files).sort()).toEqual(['1-seed-7.png', '2-seed-7-two-sheep.png', '3-seed-9.png', 'index.json']);
    expect(readPngRecipe(files['3-seed-9.png']!)).toMatchObject({ model: 'picturebook', settings: { seed: 9 } });
    const index = JSON.parse(new TextDecoder().decode(files['index.json']));
    expect(index).toMatchObject({ format: 'sgraffito/history', version: 1 });
    expect(index.pictures).toMatchObject([
      { file: '1-seed-7.png', name: null, starred: true, parent: null },
      { file: '2-seed-7-two-sheep.png', name: 'Two: ../sheep?', starred: false, parent: '1-seed-7.png' },
      { file: '3-seed-9.png', parent: null, createdAt: '1970-01-01T00:00:09.000Z' },
    ]);
  });
});
