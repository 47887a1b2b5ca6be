import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureRecord } from './picture-record.fixture.ts';
import type { PictureRecord } from './picture-record.ts';
import { branchThrough, type HistoryNode, pathTo, placed, treesOf } from './tree.ts';

/** Named after when it was painted: "p3" at 3. */
const record = (id: string, parent: string | null, change: Partial<PictureRecord> = {}): PictureRecord =>
  pictureRecord({ id, parent, createdAt: Number(id.slice(1)), document: 'd', ...change });

const ids = (records: readonly PictureRecord[]) => records.map(({ id }) => id);
const shape = ({ records, children }: HistoryNode): unknown => [ids(records).join(' '), ...children.map(shape)];
const group = { id: 'g', title: 'Variations', caption: 'Seed 2' };

/** p1 ─ p2 ─ p4 ─ p6, and p3 and p5 from p1 in a pile of which p5 was gone on with: p7. */
const history = [
  record('p7', 'p5'),
  record('p6', 'p4'),
  record('p5', 'p1', { group }),
  record('p4', 'p2'),
  record('p3', 'p1', { group }),
  record('p2', 'p1'),
  record('p1', null),
];

/** Records newest first whose parents are any at all: older, newer, missing, themselves. */
const histories = fc
  .array(
    fc.record({ parent: fc.nat(14), document: fc.constantFrom('d', 'e'), pile: fc.constantFrom(undefined, 'g', 'h') }),
    {
      maxLength: 12,
    },
  )
  .map((entries) =>
    entries
      .map(({ parent, document, pile }, i) =>
        record(`p${i}`, `p${parent}`, { document, ...(pile !== undefined && { group: { ...group, id: pile } }) }),
      )
      .reverse(),
  );

describe('the history as a tree', () => {
  it('hangs pictures from those they were made from, and piles what was painted together', () => {
    expect(treesOf(history, new Set()).map(shape)).toEqual([['p1', ['p2', ['p4', ['p6']]], ['p5 p3', ['p7']]]]);
    expect(treesOf(history, new Set(['g p1'])).map(shape)).toEqual([
      ['p1', ['p2', ['p4', ['p6']]], ['p5 p3', ['p5', ['p7']], ['p3']]],
    ]);
  });

  it('begins anew in another document, and where nothing is known', () => {
    const records = [
      record('p3', 'p2', { document: 'e' }),
      record('p2', 'p1'),
      record('p1', null, { parent: undefined }),
    ];
    expect(treesOf(records, new Set()).map(shape)).toEqual([['p3'], ['p1', ['p2']]]);
  });

  it('leads a branch from the root through a picture to its tip, and keeps to it on the way back', () => {
    expect(ids(branchThrough(history, 'p2', null))).toEqual(['p1', 'p2', 'p4', 'p6']);
    expect(ids(branchThrough(history, 'p1', null))).toEqual(['p1', 'p5', 'p7']);
    expect(ids(branchThrough(history, 'p1', 'p6'))).toEqual(['p1', 'p2', 'p4', 'p6']);
    expect(ids(branchThrough(history, 'p7', 'p6'))).toEqual(['p1', 'p5', 'p7']);
    expect(ids(branchThrough(history, 'p3', null))).toEqual(['p1', 'p3']);
    expect(branchThrough(history, 'gone', 'gone')).toEqual([]);
  });

  it('of any history: every picture once, its path within it, no two at one place', () => {
    fc.assert(
      fc.property(histories, (records) => {
        const places = placed(treesOf(records, new Set()));
        expect(ids(places.flatMap(({ node }) => node.records)).sort()).toEqual(ids(records).sort());
        expect(new Set(places.map(({ column, row }) => `${column} ${row}`)).size).toBe(places.length);
        for (const { id } of records) {
          const path = pathTo(records, id);
          expect(path.at(-1)?.id).toBe(id);
          expect(path.slice(1).map(({ parent }) => parent)).toEqual(ids(path.slice(0, -1)));
          expect(ids(branchThrough(records, id, null)).slice(0, path.length)).toEqual(ids(path));
        }
        const spread = placed(treesOf(records, new Set(places.map(({ node }) => node.key))));
        const shown = spread.filter(({ node }) => node.records.length === 1).map(({ node }) => node.records[0]!);
        expect(ids(shown).sort()).toEqual(ids(records).sort());
      }),
    );
  });
});
