import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { buildGraphTokens, TokenError, type TokenGraph, tokenGraphOf, type WordEmbedding } from './tokens.ts';

const vectors: Record<string, readonly number[]> = {
  dog: [1, 0, 0],
  cat: [0, 1, 0],
  grass: [0.6, 0.8, 0],
  white: [0, 0, 1],
  big: [1, 0, 0],
};
const embedding: WordEmbedding = {
  width: 3,
  vector: (label) => (label in vectors ? Float32Array.from(vectors[label]!) : undefined),
};
const spec = { predicates: ['on', 'left of'], styles: ['noto', 'flat'], embedding, labels: ['dog', 'cat', 'grass'] };

const one: TokenGraph = {
  objects: [
    { label: 'dog', attributes: ['white', 'big'] },
    { label: 'grass', attributes: [] },
  ],
  relations: [{ subject: 0, predicate: 'left of', object: 1 }],
  style: 'flat',
};
const lonely: TokenGraph = { objects: [{ label: 'cat', attributes: [] }], relations: [], style: 'any' };

function faultOf(run: () => unknown): TokenError {
  try {
    run();
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('buildGraphTokens', () => {
  it('lays out one graph', () => {
    const tokens = buildGraphTokens([one], spec);
    expect(tokens.objectVectors.dims).toEqual([1, 2, 3]);
    expect([...tokens.objectVectors.data]).toEqual([1, 0, 0, ...Float32Array.of(0.6, 0.8), 0]);
    expect([...tokens.attributeVectors.data]).toEqual([0.5, 0, 0.5, 0, 0, 0]);
    expect([...tokens.predicates.data]).toEqual([1]);
    expect([...tokens.subjects.data]).toEqual([1, 0]);
    expect([...tokens.objects.data]).toEqual([0, 1]);
    expect([...tokens.relationMask.data]).toEqual([1]);
    expect([...tokens.style.data]).toEqual([1]);
  });

  it('pads a batch to its largest graph, and a graph without relations to T = 1', () => {
    const tokens = buildGraphTokens([lonely, one], spec);
    expect([...tokens.objectMask.data]).toEqual([1, 0, 1, 1]);
    expect([...tokens.relationMask.data]).toEqual([0, 1]);
    expect([...tokens.subjects.data]).toEqual([0, 0, 1, 0]);
    expect([...tokens.style.data]).toEqual([2, 1]);
    expect(buildGraphTokens([lonely], spec).relationMask.dims).toEqual([1, 1]);
  });

  it('pads to a given size', () => {
    const tokens = buildGraphTokens([one], spec, { objects: 4, relations: 3 });
    expect(tokens.objectVectors.dims).toEqual([1, 4, 3]);
    expect(tokens.subjects.dims).toEqual([1, 3, 4]);
    expect([...tokens.objectMask.data]).toEqual([1, 1, 0, 0]);
  });

  it.each([
    ['unknown-label', 'objects[0].label', { objects: [{ label: 'qwx', attributes: [] }] }, ['dog', 'cat', 'grass']],
    ['unknown-attribute', 'objects[0].attributes[1]', { objects: [{ label: 'dog', attributes: ['big', 'qwx'] }] }, []],
    [
      'unknown-predicate',
      'relations[0].predicate',
      { relations: [{ subject: 0, predicate: 'near', object: 1 }] },
      ['on', 'left of'],
    ],
    ['unknown-object', 'relations[0].object', { relations: [{ subject: 0, predicate: 'on', object: 2 }] }, []],
    ['unknown-style', 'style', { style: 'oil' }, ['noto', 'flat', 'any']],
  ] as const)('refuses %s and says where and what is allowed', (code, path, change, allowed) => {
    const base = 'objects' in change ? { ...one, relations: [] } : one;
    const fault = faultOf(() => buildGraphTokens([{ ...base, ...change }], spec));
    expect(fault).toMatchObject({ code, path, allowed });
    expect(fault.message.startsWith(path)).toBe(true);
  });

  it('names the graph of a batch in the path', () => {
    const fault = faultOf(() => buildGraphTokens([one, { ...one, style: 'oil' }], spec));
    expect(fault.path).toBe('graphs[1].style');
  });

  it('refuses a graph larger than the padding', () => {
    const pad = { objects: 1, relations: 1 };
    expect(faultOf(() => buildGraphTokens([one], spec, pad)).code).toBe('too-many-objects');
    const twice = { ...one, relations: [...one.relations, ...one.relations] };
    expect(faultOf(() => buildGraphTokens([twice], spec, { objects: 2, relations: 1 })).code).toBe(
      'too-many-relations',
    );
  });
});

describe('tokenGraphOf', () => {
  const at = (x: number, y: number) => ({ position: { x, y } });
  const graph: SceneGraph = {
    ...EMPTY_SCENE_GRAPH,
    objects: [
      { id: 'o9', label: 'grass', attributes: [], ...at(0, 0) },
      { id: 'o2', label: 'dog', attributes: ['white', 'big'], ...at(5, 5) },
      { id: 'o3', label: 'dog', attributes: [], ...at(1, 1) },
    ],
    relations: [
      { id: 'r2', subject: 'o3', predicate: 'on', object: 'o9' },
      { id: 'r1', subject: 'o2', predicate: 'left of', object: 'o3' },
    ],
  };

  it('drops ids and positions and keeps the way back', () => {
    const tokens = tokenGraphOf(graph, 'noto');
    expect(tokens.objects[0]).toEqual({ label: 'dog', attributes: ['big', 'white'] });
    expect(tokens.objectIds).toEqual(['o2', 'o3', 'o9']);
    expect(tokens.relations).toEqual([
      { subject: 0, predicate: 'left of', object: 1 },
      { subject: 1, predicate: 'on', object: 2 },
    ]);
    expect(tokens.relationIds).toEqual(['r1', 'r2']);
  });

  it('refuses a relation to an object that is not there', () => {
    const broken = { ...graph, relations: [{ id: 'r1', subject: 'o2', predicate: 'on', object: 'gone' }] };
    expect(faultOf(() => tokenGraphOf(broken, 'any'))).toMatchObject({
      code: 'unknown-object',
      path: 'relations[0].object',
      allowed: ['o9', 'o2', 'o3'],
    });
  });
});
