import { beforeEach, describe, expect, it } from 'vitest';
import { pictureRecord } from './picture-record.fixture.ts';
import { isPictureRecord, MAX_PICTURES, overflow, type PictureRecord } from './picture-record.ts';
import { usePictures } from './pictures-store.ts';

const record = (id: string, change: Partial<PictureRecord> = {}): PictureRecord =>
  pictureRecord({ id, createdAt: Number(id.replace(/\D/g, '')), ...change });

const store = () => usePictures.getState();

beforeEach(() => {
  store().load([]);
  store().setMode('single');
});

describe('names and comparisons', () => {
  it('a name is trimmed, cut at 80 letters, and taken away by an empty one', () => {
    store().load([record('p1')]);
    store().rename('p1', `  ${'a'.repeat(100)}  `);
    expect(store().records[0]?.name).toBe('a'.repeat(80));
    expect(isPictureRecord(store().records[0])).toBe(true);
    store().rename('p1', '   ');
    expect(store().records[0]).toEqual(record('p1'));
  });

  it('a name protects a picture as a star does', () => {
    const records = [record('p5'), record('p4'), record('p3', { name: 'the best' }), record('p2')];
    expect(overflow(records, 2)).toEqual(['p4', 'p2']);
  });

  it('any two pictures are compared; the one on the stage with itself is not', () => {
    store().load([record('p3'), record('p2'), record('p1')]);
    store().compareWith('p1');
    expect([store().beforeId, store().mode]).toEqual(['p1', 'side']);
    store().setMode('slider');
    store().compareWith('p2');
    expect([store().beforeId, store().mode]).toEqual(['p2', 'slider']);
    store().compareWith('p3');
    expect(store().beforeId).toBe('p2');
  });

  it('several are removed at once and come back to their places', () => {
    const all = [record('p4'), record('p3'), record('p2'), record('p1')];
    store().load(all);
    store().compareWith('p2');
    const putBack = store().remove(new Set(['p4', 'p2']));
    expect(store().records.map(({ id }) => id)).toEqual(['p3', 'p1']);
    expect([store().currentId, store().beforeId, store().mode]).toEqual(['p3', null, 'single']);
    putBack();
    expect(store().records).toEqual(all);
  });
});

describe('a removal', () => {
  it('leaves no child without a parent, and its undo gives the parent back with all that was changed meanwhile', () => {
    const chain = [
      record('p4', { parent: 'p3' }),
      record('p3', { parent: 'p2' }),
      record('p2', { parent: 'p1' }),
      record('p1'),
    ];
    store().load(chain);
    const putBack = store().remove(new Set(['p3', 'p2']));
    expect(store().records.map(({ parent }) => parent)).toEqual(['p1', null]);
    store().star('p4');
    putBack();
    expect(store().records).toEqual([{ ...chain[0], starred: true }, ...chain.slice(1)]);
    store().remove(new Set(['p1']));
    expect(store().records.map(({ parent }) => parent)).toEqual(['p3', 'p2', null]);
  });
});

describe('pictures', () => {
  it('puts a new picture on the stage and the one before it beside it', () => {
    store().add(record('p1'));
    store().add(record('p2'));
    expect([store().currentId, store().beforeId]).toEqual(['p2', 'p1']);
    store().show('p1');
    expect([store().currentId, store().beforeId]).toEqual(['p1', 'p2']);
  });

  it('keeps a picture in the strip without taking the stage, and lets go of nothing that is looked at', () => {
    store().load(Array.from({ length: MAX_PICTURES }, (_, i) => record(`p${MAX_PICTURES - i}`)));
    store().show('p1');
    store().keep(record('p900'));
    store().keep(record('p901'));
    expect(store().currentId).toBe('p1');
    const ids = store().records.map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(['p901', 'p900']);
    expect(ids).toContain('p1');
    expect(ids).not.toContain('p2');
  });

  it('falls back to the newest when the one on the stage is deleted, and ends a comparison that lost its half', () => {
    for (const id of ['p1', 'p2', 'p3']) store().add(record(id));
    store().setMode('slider');
    store().remove(new Set(['p2']));
    expect([store().currentId, store().beforeId, store().mode]).toEqual(['p3', null, 'single']);
    store().remove(new Set(['p3']));
    expect(store().currentId).toBe('p1');
  });
});

describe('overflow', () => {
  it('lets the oldest without a star go first', () => {
    const records = [record('p4'), record('p3'), record('p2'), record('p1', { starred: true })];
    expect(overflow(records, 3)).toEqual(['p2']);
    expect(overflow(records, 4)).toEqual([]);
    expect(overflow(records, 1)).toEqual(['p3', 'p2']);
  });

  it('keeps a new picture even where every older one has a star', () => {
    const starred = Array.from({ length: MAX_PICTURES }, (_, i) => record(`p${1000 - i}`, { starred: true }));
    store().load(starred);
    store().add(record('p2000'));
    expect(store().records[0]?.id).toBe('p2000');
    expect(store().records).toHaveLength(MAX_PICTURES + 1);
  });

  it('puts a deleted picture back where it was', () => {
    const all = ['p5', 'p4', 'p3'].map((id) => record(id));
    for (const gone of all) {
      store().load(all);
      store().remove(new Set([gone.id]))();
      expect(store().records).toEqual(all);
    }
  });

  it('follows another tab: what it painted, changed and deleted, with the stage as it is', () => {
    store().load(['p5', 'p4', 'p3'].map((id) => record(id)));
    store().show('p4');
    store().follow([record('p6'), record('p4', { starred: true })], new Set(['p5', 'p3']));
    expect(store().records.map(({ id, starred }) => [id, starred])).toEqual([
      ['p6', false],
      ['p4', true],
    ]);
    expect(store().currentId).toBe('p4');
    store().follow([], new Set(['p4']));
    expect(store().currentId).toBe('p6');
  });

  it('tells a whole record from a damaged one', () => {
    const whole = record('p1');
    expect(isPictureRecord(whole)).toBe(true);
    const keep = { latent: new Float32Array(2), strength: 1, before: [new Float32Array(1)], objects: ['o1'] };
    expect(isPictureRecord({ ...whole, keep })).toBe(true);
    expect(isPictureRecord({ ...whole, keep: { ...keep, fixed: new Float32Array(1), further: 2 } })).toBe(true);
    expect(isPictureRecord({ ...whole, keep: { ...keep, latent: [0] } })).toBe(false);
    expect(isPictureRecord({ ...whole, graph: null })).toBe(false);
    expect(isPictureRecord({ ...whole, graph: { objects: [{ id: 'o1' }], relations: [] } })).toBe(false);
    const picture = { width: 2, height: 1, pixels: new Uint8ClampedArray(4) };
    expect(isPictureRecord({ ...whole, result: { ...whole.result, picture } })).toBe(false);
  });
});
