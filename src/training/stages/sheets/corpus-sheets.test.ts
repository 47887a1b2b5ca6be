import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it, vi } from 'vitest';
import type { CountedTriple } from '#graph/words/likely-predicates.ts';
import type { CorpusStatistics } from '#training/corpus/sample/statistics.ts';
import { captionOf, runCorpusStage } from './corpus-sheets.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 120_000 });

it('writes sheets that are pictures and statistics that add up', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'corpus-'));
  try {
    const lines: string[] = [];
    await runCorpusStage({ outDir, report: (line) => lines.push(line), scenes: 60 });
    const files = readdirSync(outDir).sort();
    expect(files).toEqual([
      'drawings-fluent-3d.png',
      'drawings-fluent.png',
      'drawings-noto.png',
      'drawings-pastel.png',
      'drawings-pencil.png',
      'drawings-twemoji.png',
      'grounds.png',
      'scenes.png',
      'statistics.json',
    ]);
    for (const file of files.filter((name) => name.endsWith('.png'))) {
      const { width, height, data } = decode(readFileSync(join(outDir, file)));
      expect(width * height).toBeGreaterThan(100_000);
      expect(new Set(data.subarray(0, 200_000)).size).toBeGreaterThan(50);
    }
    const statistics = JSON.parse(readFileSync(join(outDir, 'statistics.json'), 'utf8')) as CorpusStatistics & {
      readonly triples: readonly CountedTriple[];
    };
    const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(statistics.scenes).toBe(60);
    expect(total(statistics.thingCounts)).toBe(60);
    expect(total(statistics.relationCounts)).toBe(60);
    expect(total(statistics.labels)).toBeGreaterThan(100);
    expect(statistics.triples.length).toBeGreaterThan(300);
    expect(lines.join('\n')).toContain('136 things, 13 grounds, 2 backdrops, 6 styles, 47 predicates');
  } finally {
    rmSync(outDir, { recursive: true });
  }
});

it('says a graph in words', () => {
  const objects = ['boy', 'horse'].map((label, sceneIndex) => ({ label, attributes: [], sceneIndex }));
  const relations = [{ subject: 0, predicate: 'riding', object: 1 }];
  expect(captionOf({ style: 'noto', objects, relations })).toBe('boy, horse: boy riding horse');
});
