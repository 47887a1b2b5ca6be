import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import { formatSceneGraph, parseSceneGraph } from './parse.ts';

function faultOf(value: unknown): GraphFormatError {
  try {
    parseSceneGraph(value);
  } catch (error) {
    if (error instanceof GraphFormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const object = meadow.objects[0]!;
const relation = meadow.relations[0]!;
const withObject = (change: object) => ({ ...meadow, objects: [{ ...object, ...change }, ...meadow.objects.slice(1)] });
const withRelation = (change: object) => ({ ...meadow, relations: [{ ...relation, ...change }] });

describe('parseSceneGraph', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(sceneGraphs, (graph) => {
        expect(parseSceneGraph(JSON.parse(formatSceneGraph(graph)))).toEqual(graph);
      }),
    );
  });

  it.each([
    ['invalid-value', '', 'scene graph', 7],
    ['invalid-value', '', 'scene graph', null],
    ['unknown-format', 'format', 'sgraffito/scene-graph', { ...meadow, format: 'other' }],
    ['unknown-format', 'format', 'sgraffito/scene-graph', []],
    ['unknown-version', 'version', 'version 2 is not known', { ...meadow, version: 2 }],
    ['unknown-version', 'version', 'version number', { ...meadow, version: '1' }],
    ['invalid-value', 'objects', 'is missing', { ...meadow, objects: undefined }],
    ['invalid-value', 'relations', 'must be a list', { ...meadow, relations: {} }],
    ['invalid-value', 'objects[0]', 'must be an object with id', { ...meadow, objects: ['sheep'] }],
    ['invalid-value', 'objects[0].label', 'must be a text', withObject({ label: 3 })],
    ['invalid-value', 'objects[0].label', 'must not be empty', withObject({ label: '  ' })],
    ['invalid-value', 'objects[0].label', 'must not be empty', withObject({ label: '\u0000 \u009f' })],
    ['too-large', 'objects[0].label', '65 characters, at most 64', withObject({ label: 'x'.repeat(65) })],
    ['invalid-value', 'objects[0].id', 'is missing', withObject({ id: undefined })],
    [
      'too-large',
      'objects[0].attributes',
      '17 entries, at most 16',
      withObject({ attributes: new Array(17).fill('red') }),
    ],
    ['invalid-value', 'objects[0].position.x', 'must be a number', withObject({ position: { x: '1', y: 0 } })],
    ['invalid-value', 'objects[0].position.y', 'must be a number', withObject({ position: { x: 1, y: Number.NaN } })],
    [
      'invalid-value',
      'objects[0].position.y',
      'must be finite',
      withObject({ position: { x: 1, y: Number.POSITIVE_INFINITY } }),
    ],
    ['invalid-value', 'objects[0].position.x', 'must be from', withObject({ position: { x: 2e6, y: 0 } })],
    ['duplicate-id', 'objects[1].id', 'o1 is already the id of entry 0', { ...meadow, objects: [object, object] }],
    ['duplicate-id', 'relations[1].id', 'r1', { ...meadow, relations: [relation, relation] }],
    [
      'unknown-object',
      'relations[0].object',
      'no object has id o9; there are o1, o2, o3',
      withRelation({ object: 'o9' }),
    ],
    ['unknown-object', 'relations[0].subject', 'no object has id __proto__', withRelation({ subject: '__proto__' })],
    ['self-loop', 'relations[0].object', 'cannot be related to itself', withRelation({ object: 'o1' })],
    ['too-large', 'objects', '1001 entries, at most 1000', { ...meadow, objects: new Array(1001).fill(object) }],
  ] as const)('refuses: %s at "%s" (%s)', (code, path, words, value) => {
    const fault = faultOf(value);
    expect([fault.code, fault.path]).toEqual([code, path]);
    expect(fault.message).toContain(words);
    expect(fault.message.startsWith(path)).toBe(true);
  });

  it('says what is allowed', () => {
    expect(faultOf({ ...meadow, version: 9 }).allowed).toEqual(['1']);
    expect(faultOf(withRelation({ object: 'o9' })).allowed).toEqual(['o1', 'o2', 'o3']);
  });

  it('puts the place in a larger file before the path', () => {
    expect(() => parseSceneGraph(withObject({ label: 3 }), '[4]')).toThrow('[4].objects[0].label: must be a text');
  });

  it('tidies words, leaves out what it does not know, and lays out what has no position', () => {
    const loose = {
      ...meadow,
      secret: true,
      objects: meadow.objects.map(({ id, label }) => ({ id, label: ` ${label}\t`, extra: 1 })),
    };
    const graph = parseSceneGraph(loose);
    expect(Object.keys(graph)).toEqual(['format', 'version', 'objects', 'relations']);
    expect(graph.objects.map((o) => [o.label, o.attributes])).toEqual([
      ['sheep', []],
      ['grass', []],
      ['tree', []],
    ]);
    expect(new Set(graph.objects.map((o) => JSON.stringify(o.position))).size).toBe(3);
  });

  it('never throws anything else, whatever it is given', () => {
    const almost = fc.record(
      { format: fc.constant(meadow.format), version: fc.constant(1), objects: fc.anything(), relations: fc.anything() },
      { requiredKeys: ['format', 'version'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), almost), (value) => {
        try {
          expect(parseSceneGraph(value).version).toBe(1);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphFormatError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
