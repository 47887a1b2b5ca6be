import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import { placed, treesOf } from '#editor/history/tree.ts';
import { linePath, nextNode, treeSize } from './tree-layout.ts';

const record = (id: string, parent: string | null) =>
  pictureRecord({ id, parent, createdAt: Number(id.slice(1)), document: 'd' });
/** p1 ─ p2 ─ p4, and p3 ─ p5 from p1 in the row below. */
const places = placed(
  treesOf(
    [record('p5', 'p3'), record('p4', 'p2'), record('p3', 'p1'), record('p2', 'p1'), record('p1', null)],
    new Set(),
  ),
);
const at = (key: string) => places.find(({ node }) => node.key === key)!;
const from = (key: string, arrow: string, branch: readonly string[] = ['p1', 'p3', 'p5']) =>
  nextNode(arrow, at(key), places, new Set(branch))?.node.key;

describe('the arrow keys in the tree', () => {
  it('go along the branch, and where it ends stay', () => {
    expect([from('p1', 'ArrowRight'), from('p3', 'ArrowRight'), from('p5', 'ArrowRight')]).toEqual([
      'p3',
      'p5',
      undefined,
    ]);
    expect(from('p1', 'ArrowRight', ['p1', 'p2', 'p4'])).toBe('p2');
    expect([from('p5', 'ArrowLeft'), from('p3', 'ArrowLeft'), from('p1', 'ArrowLeft')]).toEqual([
      'p3',
      'p1',
      undefined,
    ]);
    expect([from('p4', 'Home'), from('p4', 'End')]).toEqual(['p1', 'p5']);
  });

  it('go to what is nearest in the row beside', () => {
    expect([from('p1', 'ArrowDown'), from('p4', 'ArrowDown'), from('p2', 'ArrowDown')]).toEqual(['p3', 'p5', 'p3']);
    expect([from('p5', 'ArrowUp'), from('p1', 'ArrowUp'), from('p5', 'ArrowDown')]).toEqual([
      'p4',
      undefined,
      undefined,
    ]);
  });
});

describe('the places', () => {
  it('leave room for all pictures, and lines begin and end at them', () => {
    expect(treeSize(places)).toEqual({ width: 2 * 196 + 76, height: 76 + 76 });
    expect(linePath(at('p1'), at('p2'))).toBe('M68 38H204');
    expect(linePath(at('p1'), at('p3'))).toMatch(/^M68 38H.*V106Q.*H204$/);
  });
});
