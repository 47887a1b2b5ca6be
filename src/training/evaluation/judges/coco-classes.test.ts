import { expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { cocoClasses, cocoClassOf, inCocoWords } from './coco-classes.ts';

it('numbers the classes as COCO detectors do', () => {
  expect(cocoClasses).toHaveLength(80);
  expect([cocoClasses[0], cocoClasses[16], cocoClasses[79]]).toEqual(['person', 'dog', 'toothbrush']);
});

it('knows our words for them, and what no COCO detector sees', () => {
  expect(['boy', 'plane', 'dog', 'house', 'sky'].map(cocoClassOf)).toEqual([
    'person',
    'airplane',
    'dog',
    undefined,
    undefined,
  ]);
});

it('renames a graph and leaves out what cannot be seen, with its relations', () => {
  const graph = {
    ...EMPTY_SCENE_GRAPH,
    objects: ['boy', 'sky', 'bike'].map((label, i) => ({
      id: `o${i}`,
      label,
      attributes: [],
      position: { x: 0, y: 0 },
    })),
    relations: [
      { id: 'r0', subject: 'o1', predicate: 'above', object: 'o0' },
      { id: 'r1', subject: 'o0', predicate: 'riding', object: 'o2' },
    ],
  };
  const coco = inCocoWords(graph);
  expect(coco.objects.map(({ label }) => label)).toEqual(['person', 'bicycle']);
  expect(coco.relations.map(({ id }) => id)).toEqual(['r1']);
});
