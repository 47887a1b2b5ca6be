import { expect, it } from 'vitest';
import { addObject, addRelation } from '#graph/edits.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { describe as inWords } from './describe.ts';

it('says the triples, attributes first', () => {
  expect(inWords(meadow)).toBe('white sheep standing on grass; tree behind white sheep');
});

it('names what stands alone, and numbers what reads alike', () => {
  const withTree = addObject(meadow, { label: 'tree', position: { x: 0, y: 0 } }).graph;
  expect(inWords(withTree)).toBe('white sheep standing on grass; tree 1 behind white sheep; tree 2');
  const related = addRelation(withTree, { subject: 'o4', predicate: 'left of', object: 'o3' }).graph;
  expect(inWords(related)).toContain('tree 2 left of tree 1');
});

it('has nothing to say of an empty graph', () => {
  expect(inWords(EMPTY_SCENE_GRAPH)).toBe('');
});
