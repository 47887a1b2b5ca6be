import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { formatSceneGraph } from './parse.ts';
import { readGraphFiles } from './read-files.ts';

const file = (name: string, value: unknown) => ({ name, text: JSON.stringify(value) });

const objects = file('objects.json', [
  {
    image_id: 1,
    image_url: 'https://example.org/1.jpg',
    objects: [
      { object_id: 11, names: ['Boy'], synsets: [], x: 1, y: 2, w: 3, h: 4 },
      { object_id: 12, names: ['horse'] },
    ],
  },
  { image_id: 2, objects: [{ object_id: 21, names: ['sky'] }] },
]);
const relationships = file('relationships.json', [
  {
    image_id: 1,
    relationships: [
      {
        relationship_id: 5,
        predicate: 'Riding',
        subject: { object_id: 11, name: 'boy' },
        object: { object_id: 12, name: 'horse' },
      },
    ],
  },
  { image_id: 3, relationships: [] },
]);
const attributes = file('attributes.json', [
  {
    image_id: 1,
    attributes: [
      { object_id: 12, names: ['horse'], attributes: ['Brown', 'brown'] },
      { object_id: 11, names: ['boy'] },
    ],
  },
]);

describe("Visual Genome's files", () => {
  it.each([
    ['in their order', [objects, relationships, attributes]],
    ['in any order', [attributes, relationships, objects]],
  ])('are joined by image %s', (_, files) => {
    const { graphs, warnings, faults } = readGraphFiles(files);
    expect(faults).toEqual([]);
    expect(graphs.map(({ name, graph }) => [name, inWords(graph)]).sort()).toEqual([
      ['image 1', 'boy riding brown horse'],
      ['image 2', 'sky'],
    ]);
    expect(warnings).toEqual([
      `${files.map(({ name }) => name).join(', ')}: 1 images were left out: objects.json does not hold them`,
    ]);
  });

  it('are read as far as they go when one of them is missing', () => {
    const told = (...files: (typeof objects)[]) => readGraphFiles(files).graphs.map(({ graph }) => inWords(graph));
    expect(told(objects)).toEqual(['boy; horse', 'sky']);
    expect(told(relationships)).toEqual(['boy riding horse', '']);
    expect(told(attributes)).toEqual(['brown horse; boy']);
  });

  it('say where they are at fault', () => {
    const wrong = file('relationships.json', [
      { image_id: 1, relationships: [{ predicate: 'on', subject: 1, object: 2 }] },
      { image_id: 'x', relationships: [] },
    ]);
    const { graphs, warnings, faults } = readGraphFiles([objects, wrong]);
    expect(graphs.map(({ graph }) => inWords(graph))).toEqual(['boy; horse', 'sky']);
    expect(warnings).toEqual([
      'objects.json, relationships.json: relationships.json[1].image_id: must be a number; this record was skipped',
      'objects.json, relationships.json: image 1.relationships[0].subject: must be an object with object_id; it was left out',
    ]);
    expect(faults).toEqual([]);
    const [nothing] = readGraphFiles([file('objects.json', [{ image_id: 'x', objects: [] }])]).faults;
    expect(nothing).toEqual({ file: 'objects.json', message: 'objects.json[0].image_id: must be a number' });
  });
});

test('a file at fault does not keep the others out', () => {
  const { graphs, faults } = readGraphFiles([
    { name: 'meadow.json', text: formatSceneGraph(meadow) },
    { name: 'broken.json', text: '{"objects": [' },
    file('list.json', [
      { objects: ['cat'], relationships: [] },
      { objects: ['dog'], relationships: [] },
    ]),
  ]);
  expect(graphs.map(({ name }) => name)).toEqual(['meadow', 'list 1', 'list 2']);
  expect(faults.map(({ file: name }) => name)).toEqual(['broken.json']);
});

test('any graphs of ours come back, in as many files as they are', () => {
  fc.assert(
    fc.property(fc.array(sceneGraphs, { maxLength: 4 }), (graphs) => {
      const read = readGraphFiles(graphs.map((graph, i) => ({ name: `${i}.json`, text: formatSceneGraph(graph) })));
      expect(read.graphs.map(({ graph }) => graph)).toEqual(graphs);
      expect(read.faults).toEqual([]);
    }),
  );
});

test('whatever JSON a file holds, it is read or refused, and never throws', () => {
  const pieces = fc.constantFrom('image_id', 'objects', 'relationships', 'attributes', 'object_id', 'subject');
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(1, 'sky', null, -1),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(pieces, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.array(values, { maxLength: 3 }), (files) => {
      const { graphs, faults } = readGraphFiles(files.map((value, i) => file(`${i}.json`, value)));
      expect(graphs.length + faults.length > 0).toBe(files.length > 0);
    }),
    { numRuns: 300 },
  );
});
