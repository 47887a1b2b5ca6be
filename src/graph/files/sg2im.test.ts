import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { LeftOut } from './checks/left-out.ts';
import { exportSg2im, importSg2im } from './sg2im.ts';

function read(value: unknown, at = '') {
  const leftOut = new LeftOut();
  return { graph: importSg2im(value, at, leftOut), warnings: leftOut.sentences };
}

describe('importSg2im', () => {
  it('reads objects and relationships', () => {
    const { graph, warnings } = read({ objects: ['sky', 'grass'], relationships: [[0, 'above', 1]] });
    expect(warnings).toEqual([]);
    expect(graph.objects.map((o) => [o.id, o.label])).toEqual([
      ['o1', 'sky'],
      ['o2', 'grass'],
    ]);
    expect(graph.relations).toEqual([{ id: 'r1', subject: 'o1', predicate: 'above', object: 'o2' }]);
    expect(graph.objects[0]!.position.y).toBeLessThan(graph.objects[1]!.position.y);
  });

  it('drops duplicates and self-loops and says so', () => {
    const relationships = [
      [0, 'above', 1],
      [0, 'next to', 0],
      [0, 'above', 1],
      [1, 'above', 0],
    ];
    const { graph, warnings } = read({ objects: ['sky', 'grass'], relationships }, '[2]');
    expect(graph.relations.map((r) => [r.subject, r.object])).toEqual([
      ['o1', 'o2'],
      ['o2', 'o1'],
    ]);
    expect(warnings).toEqual([
      '[2].relationships[1]: dropped "sky next to sky", which relates an object to itself',
      '[2].relationships[2]: dropped "sky above grass", which is there already',
    ]);
  });

  it('ignores the __image__ node, wherever it stands', () => {
    const { graph, warnings } = read({
      objects: ['__image__', 'boy', 'horse'],
      relationships: [
        [1, '__in_image__', 0],
        [1, 'riding', 2],
        [2, '__in_image__', 0],
      ],
    });
    expect(exportSg2im(graph)).toEqual({ objects: ['boy', 'horse'], relationships: [[0, 'riding', 1]] });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['relationships[0][2]: there is no object 2; 2 objects are numbered from 0', [[0, 'above', 2]]],
    ['relationships[0][0]: there is no object -1', [[-1, 'above', 1]]],
    ['relationships[0][0]: must be a whole number', [[0.5, 'above', 1]]],
    [
      'relationships[1]',
      [
        [0, 'above', 1],
        [0, 'above'],
      ],
    ],
    ['relationships[0][1]: must be a text', [[0, 1, 1]]],
    ['relationships[0]: must be [subject index, predicate, object index]', ['above']],
  ])('refuses %s', (message, relationships) => {
    expect(() => read({ objects: ['sky', 'grass'], relationships })).toThrow(message);
  });

  it('counts what is left of repeated relationships', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => [0, `word ${i % 4001}`, 1]);
    expect(
      read({ objects: ['sky', 'grass'], relationships: [...many(4000), ...many(4000)] }).graph.relations,
    ).toHaveLength(4000);
    expect(() => read({ objects: ['sky', 'grass'], relationships: many(4001) })).toThrow(
      'relationships: has 4001 entries, at most 4000 are allowed',
    );
  });

  it('reads back what was exported', () => {
    fc.assert(
      fc.property(sceneGraphs, (graph) => {
        const file = exportSg2im(graph);
        const again = read(JSON.parse(JSON.stringify(file)));
        expect(again.warnings).toEqual([]);
        expect(exportSg2im(again.graph)).toEqual(file);
      }),
    );
  });
});
