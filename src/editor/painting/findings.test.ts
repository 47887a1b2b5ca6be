import { describe, expect, it } from 'vitest';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { isEarlier, objectVerdict, relationVerdict, tally } from './findings.ts';
import { meaningOf } from './meaning.ts';

const [sheep, grass] = ['sheep', 'grass'].map((label, i) => ({
  id: `o${i + 1}`,
  label,
  attributes: [],
  position: { x: 0, y: 0 },
}));
const on = { id: 'r1', subject: 'o1', predicate: 'on', object: 'o2' };
const graph: SceneGraph = { ...EMPTY_SCENE_GRAPH, objects: [sheep!, grass!], relations: [on] };
const record = {
  document: 'd1',
  graph,
  result: { verification: { objects: { o1: 'found', o2: 'missing' }, relations: { r1: 'found' } } },
} as unknown as PictureRecord;

describe('verdicts', () => {
  it('hold as long as the painted graph says the same', () => {
    expect(objectVerdict(record, sheep!)).toBe('found');
    expect(objectVerdict(record, { ...sheep!, position: { x: 50, y: 50 } })).toBe('found');
    expect(objectVerdict(record, { ...sheep!, label: 'cow' })).toBeUndefined();
    expect(objectVerdict(record, { ...sheep!, attributes: ['white'] })).toBeUndefined();
    expect(relationVerdict(record, on, sheep, grass)).toBe('found');
    expect(relationVerdict(record, { ...on, predicate: 'under' }, sheep, grass)).toBeUndefined();
    expect(relationVerdict(record, on, { ...sheep!, label: 'cow' }, grass)).toBeUndefined();
    expect(objectVerdict(null, sheep!)).toBeUndefined();
  });

  it('are of an earlier graph when it says something else, or is another document', () => {
    const moved = { ...graph, objects: [{ ...sheep!, position: { x: 9, y: 9 } }, grass!] };
    expect(isEarlier(record, 'd1', graph)).toBe(false);
    expect(isEarlier(record, 'd1', moved)).toBe(false);
    expect(isEarlier(record, 'd1', { ...graph, relations: [] })).toBe(true);
    expect(isEarlier(record, 'd2', graph)).toBe(true);
  });

  it('are counted', () => {
    expect(tally(record.result.verification.objects)).toEqual({ found: 1, total: 2 });
  });
});

describe('meaningOf', () => {
  it('does not change when a node is moved, and does when an edge is turned', () => {
    const moved = { ...graph, objects: [{ ...sheep!, position: { x: 9, y: 9 } }, grass!] };
    expect(meaningOf(moved)).toBe(meaningOf(graph));
    const turned = { ...graph, relations: [{ ...on, subject: 'o2', object: 'o1' }] };
    expect(meaningOf(turned)).not.toBe(meaningOf(graph));
  });
});
