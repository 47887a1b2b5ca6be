import { describe, expect, it } from 'vitest';
import { bytesOf, cleanUps, deletedBy, totalBytes } from './history-use.ts';
import { pictureRecord } from './picture-record.fixture.ts';
import type { PictureRecord } from './picture-record.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const result = {
  picture: { width: 4, height: 2, pixels: new Uint8ClampedArray(32) },
  attention: { width: 1, height: 1, objects: { a: new Float32Array(3) }, relations: { r: new Float32Array(1) } },
  latent: new Float32Array(5),
};

const record = (id: string, hoursAgo: number, change: Partial<PictureRecord> = {}): PictureRecord =>
  pictureRecord({ ...change, id, createdAt: NOW - hoursAgo * HOUR }, result);

describe('what the history takes up', () => {
  it('counts pixels, attention and latent, and does without a latent', () => {
    const { latent: _, ...old } = record('b', 0).result;
    expect(bytesOf(record('a', 0))).toBe(32 + 4 * 4 + 5 * 4);
    expect(totalBytes([record('a', 0), { ...record('b', 0), result: old }])).toBe(68 + 48);
  });

  it('a clean-up takes what is old enough, and never what has a star or a name or is on the stage', () => {
    const records = [
      record('new', 1),
      record('days', 50),
      record('weeks', 24 * 20),
      record('starred', 24 * 20, { starred: true }),
      record('named', 24 * 20, { name: 'keep me' }),
      record('shown', 24 * 20),
    ];
    const gone = cleanUps.map((choice) => deletedBy(choice, records, 'shown', NOW).map(({ id }) => id));
    expect(gone).toEqual([['weeks'], ['days', 'weeks'], ['new', 'days', 'weeks']]);
  });
});
