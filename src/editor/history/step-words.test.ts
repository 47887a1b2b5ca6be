import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relabelRelation } from '#graph/edits.ts';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { pictureRecord } from './picture-record.fixture.ts';
import { stepBetween } from './step-words.ts';

const { settings } = pictureRecord();
const changes = fc.record(
  {
    seed: fc.nat(9),
    steps: fc.integer({ min: 1, max: 9 }),
    guidanceScale: fc.integer({ min: 1, max: 9 }),
    style: fc.constantFrom('any', 'noto'),
    relationFactor: fc.constantFrom(1, 2),
  },
  { requiredKeys: [] },
);

describe('what changed from one picture to the next', () => {
  it('says edges, objects and settings in a line each', () => {
    const before = pictureRecord({ graph: meadow });
    const after = pictureRecord({
      graph: relabelRelation(meadow, 'r2', 'left of'),
      settings: { ...settings, seed: 4, style: 'noto' },
    });
    const { labels, sentences } = stepBetween(before, after);
    expect(labels).toEqual(['behind → left of', 'seed 1 → 4', 'style any → noto']);
    expect(sentences[0]).toBe('tree behind white sheep → tree left of white sheep');
  });

  it('says who painted, and what was kept', () => {
    const keep = { latent: new Float32Array(), strength: 1, before: [], objects: [], relations: [] };
    const after = pictureRecord({ model: 'other', keep, over: { model: 'sd', settings, strength: 0.6 } });
    expect(stepBetween(pictureRecord(), after).labels).toEqual([
      'model picturebook → other',
      'painted over no → sd 60 %',
      'the rest kept',
    ]);
  });

  it('is empty for a picture painted again, and has a label for each setting that differs', () => {
    fc.assert(
      fc.property(sceneGraphs, changes, (graph, change) => {
        const before = pictureRecord({ graph });
        const after = pictureRecord({ graph, settings: { ...settings, ...change } });
        const base = { relationFactor: 1, ...settings };
        const differing = Object.entries(change).filter(([key, value]) => base[key as keyof typeof base] !== value);
        expect(stepBetween(before, before)).toEqual({ labels: [], sentences: [] });
        expect(stepBetween(before, after).labels).toHaveLength(differing.length);
      }),
    );
  });
});
