import { describe, expect, it } from 'vitest';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from './check.ts';

const vocabulary = {
  objects: ['sheep', 'grass', 'tree', 'glass'],
  predicates: ['standing on', 'behind', 'in front of'],
  attributes: ['white', 'black'],
};
const limits = { objects: 4, relations: 3 };
const check = (graph: SceneGraph, knowsWord?: (word: string) => boolean) =>
  checkGraph(graph, vocabulary, limits, knowsWord);
const relabelled = (label: string): SceneGraph => ({
  ...meadow,
  objects: [{ ...meadow.objects[0]!, label }, ...meadow.objects.slice(1)],
});
const related = (change: object): SceneGraph => ({
  ...meadow,
  relations: [{ ...meadow.relations[0]!, ...change }, meadow.relations[1]!],
});

describe('checkGraph', () => {
  it('has nothing to say of a good graph', () => {
    expect(check(meadow)).toEqual([]);
  });

  it('warns of attributes where a model was trained without any, and refuses nothing', () => {
    const faults = checkGraph(meadow, { ...vocabulary, attributes: [] }, limits);
    expect(faults).toMatchObject([{ code: 'unused-attribute', path: 'objects[0].attributes[0]', severity: 'warning' }]);
  });

  it('asks for an object', () => {
    expect(check(EMPTY_SCENE_GRAPH)).toEqual([
      {
        code: 'no-objects',
        path: 'objects',
        id: undefined,
        message: 'The graph has no object. Add one by double-clicking the canvas.',
        severity: 'error',
        suggestions: [],
      },
    ]);
  });

  it('counts objects and relations', () => {
    const large = {
      ...meadow,
      objects: [1, 2, 3, 4, 5].map((i) => ({ ...meadow.objects[0]!, id: `o${i}` })),
      relations: [1, 2, 3, 4].map((i) => ({ ...meadow.relations[0]!, id: `r${i}`, object: `o${i + 1}` })),
    };
    expect(check(large).map((fault) => fault.message)).toEqual([
      'The graph has 5 objects; this model takes at most 4.',
      'The graph has 4 relations; this model takes at most 3.',
    ]);
  });

  it('says what an everyday word is painted as, and lets it pass', () => {
    expect(check(relabelled('lambs'))).toMatchObject([
      { code: 'untrained-label', severity: 'warning', message: '“lambs” is painted as sheep.', suggestions: ['sheep'] },
    ]);
  });

  it('suggests the nearest labels', () => {
    expect(check(relabelled('gras'))).toMatchObject([
      { code: 'unknown-label', path: 'objects[0].label', id: 'o1', severity: 'error', suggestions: ['grass'] },
    ]);
    expect(check(relabelled('gras'))[0]!.message).toBe('The model does not know “gras”. Did you mean “grass”?');
    expect(check(relabelled('Sheep'))[0]!.suggestions).toEqual(['sheep']);
    expect(check(relabelled('xylophone'))[0]!.message).toBe('The model does not know “xylophone”.');
  });

  it('only warns of a word that the word vectors know', () => {
    const faults = check(relabelled('lamb'), (word) => word === 'lamb');
    expect(faults).toMatchObject([{ code: 'untrained-label', severity: 'warning', id: 'o1' }]);
  });

  it('looks at attributes', () => {
    const graph = {
      ...meadow,
      objects: meadow.objects.map((o) => ({ ...o, attributes: o.id === 'o1' ? ['white', 'blak'] : [] })),
    };
    expect(check(graph)).toMatchObject([
      { code: 'unknown-attribute', path: 'objects[0].attributes[1]', suggestions: ['black'] },
    ]);
  });

  it.each([
    ['unknown-predicate', 'relations[0].predicate', { predicate: 'front of' }, ['in front of']],
    ['unknown-object', 'relations[0].object', { object: 'o9' }, []],
    ['self-loop', 'relations[0].object', { object: 'o1' }, []],
  ] as const)('finds %s', (code, path, change, suggestions) => {
    expect(check(related(change))).toMatchObject([{ code, path, id: 'r1', severity: 'error', suggestions }]);
  });

  it('warns of a repeated relation', () => {
    const graph = { ...meadow, relations: [...meadow.relations, { ...meadow.relations[0]!, id: 'r3' }] };
    expect(check(graph)).toMatchObject([
      {
        code: 'repeated-relation',
        path: 'relations[2]',
        id: 'r3',
        severity: 'warning',
        message: '“white sheep standing on grass” is there twice.',
      },
    ]);
  });
});
