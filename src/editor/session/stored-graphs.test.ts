import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { parseStoredGraph, placeFor, type StoredGraph } from './stored-graphs.ts';

const stored: StoredGraph = { entry: 'e', document: 'd', name: 'Meadow', graph: meadow, changedAt: 1, revision: 'r1' };
const canvas = { document: 'd', name: 'Meadow', graph: meadow, kept: { entry: 'e', revision: 'r1' } };
const other = graphOf(['cat'], []);

describe('where a graph of the canvas belongs in the list', () => {
  it('is new where it is worth it, over the version it goes on from, and apart from one of another tab', () => {
    expect(placeFor(undefined, canvas, 'changed', true)).toBe('new');
    expect(placeFor(undefined, canvas, 'arrived', false)).toBe('nowhere');
    expect(placeFor(stored, { ...canvas, graph: other }, 'changed', true)).toBe('over');
    expect(placeFor({ ...stored, revision: 'r2' }, { ...canvas, graph: other }, 'changed', true)).toBe('apart');
    expect(placeFor(stored, { ...canvas, graph: other, kept: undefined }, 'changed', true)).toBe('apart');
  });

  it('is nowhere for another version that only came to be looked at', () => {
    expect(placeFor(stored, { ...canvas, graph: other }, 'arrived', true)).toBe('nowhere');
    expect(placeFor({ ...stored, revision: 'r2' }, { ...canvas, graph: other }, 'begun', true)).toBe('nowhere');
    expect(placeFor(stored, { ...canvas, graph: other }, 'begun', true)).toBe('over');
  });

  it('is written over for another name, by who gave it', () => {
    expect(placeFor(stored, { ...canvas, name: 'Field' }, 'named', true)).toBe('over');
    expect(placeFor(stored, { ...canvas, name: 'Field' }, 'arrived', true)).toBe('there already');
  });

  /** Tabs that open, go back to old versions of, and change one document, in any order, over one list. */
  it('whatever several tabs do, what one changed is gone only by who went on from it', () => {
    const step = fc.record({ tab: fc.nat(2), does: fc.constantFrom('changed', 'open', 'old', 'begun') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const list = new Map<string, StoredGraph>([['e', stored]]);
        const tabs = Array.from({ length: 3 }, () => ({
          ...canvas,
          kept: canvas.kept as typeof canvas.kept | undefined,
        }));
        // The version that each one was made from.
        const from = new Map<string, string>();
        const made: string[] = [];
        const label = (graph: typeof meadow) => graph.objects[0]?.label ?? '';
        for (const [i, { tab, does }] of steps.entries()) {
          const its = tabs[tab]!;
          if (does === 'open') {
            const [entry, found] = [...list][i % list.size]!;
            Object.assign(its, { graph: found.graph, kept: { entry, revision: found.revision } });
            continue;
          }
          if (does === 'changed') {
            from.set(`v${i}`, label(its.graph));
            made.push(`v${i}`);
          }
          if (does !== 'begun') its.graph = graphOf([does === 'changed' ? `v${i}` : `old${i}`], []);
          const entry = its.kept?.entry ?? its.document;
          const occasion = does === 'old' ? 'arrived' : does === 'begun' ? 'begun' : 'changed';
          const place = placeFor(list.get(entry), its, occasion, true);
          if (place === 'nowhere') {
            if (occasion === 'arrived' && its.kept) its.kept = { ...its.kept, revision: '' };
            continue;
          }
          const to = place === 'apart' ? `fork${i}` : entry;
          const revision = place === 'there already' ? list.get(entry)!.revision : `revision ${i}`;
          if (place !== 'there already') list.set(to, { ...stored, entry: to, graph: its.graph, revision });
          its.kept = { entry: to, revision };
        }
        const shown = new Set([...list.values()].map(({ graph }) => label(graph)));
        const wentOn = new Set(from.values());
        expect(made.filter((version) => !shown.has(version) && !wentOn.has(version))).toEqual([]);
      }),
    );
  });
});

describe('an entry of the list', () => {
  it('comes back as it was written, and is refused where anything is off', () => {
    const { entry, ...written } = stored;
    expect(parseStoredGraph(entry, structuredClone(written))).toEqual(stored);
    const off = { document: '', name: 7, graph: { format: 'x' }, changedAt: Number.NaN, revision: undefined };
    for (const [key, value] of Object.entries(off)) {
      expect(() => parseStoredGraph(entry, { ...written, [key]: value }), key).toThrow();
    }
  });
});
