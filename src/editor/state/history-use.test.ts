import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { bytesOf, cleanUps, deletedBy, inMegabytes, totalBytes } from './history-use.ts';
import type { PictureRecord } from './picture-record.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;

function record(id: string, hoursAgo: number, change: Partial<PictureRecord> = {}): PictureRecord {
  return {
    id,
    createdAt: NOW - hoursAgo * HOUR,
    model: 'picturebook',
    graph: EMPTY_SCENE_GRAPH,
    settings: { seed: 1, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' },
    result: {
      picture: { width: 4, height: 2, pixels: new Uint8ClampedArray(32) },
      attention: { width: 1, height: 1, objects: { a: new Float32Array(3) }, relations: { r: new Float32Array(1) } },
      verification: { objects: {}, relations: {} },
      backend: 'wasm',
      latent: new Float32Array(5),
      milliseconds: 1,
    },
    starred: false,
    parent: null,
    ...change,
  };
}

describe('what the history takes up', () => {
  it('counts pixels, attention and latent, and does without a latent', () => {
    expect(bytesOf(record('a', 0))).toBe(32 + 4 * 4 + 5 * 4);
    const { latent: _, ...old } = record('b', 0).result;
    expect(totalBytes([record('a', 0), record('b', 0, { result: old })])).toBe(68 + 48);
    expect([inMegabytes(0), inMegabytes(3_440_000), inMegabytes(25_600_000), inMegabytes(10.8e9)]).toEqual([
      '0.0 MB',
      '3.4 MB',
      '26 MB',
      '11 GB',
    ]);
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
