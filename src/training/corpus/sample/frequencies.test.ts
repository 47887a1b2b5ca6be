import { describe, expect, test } from 'vitest';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { frequencyLines, graphFrequencies } from './frequencies.ts';

const graph = (labels: string[], relations: SceneGraphSample['relations'] = []): SceneGraphSample => ({
  style: 'noto',
  objects: labels.map((label, sceneIndex) => ({ label, attributes: [], sceneIndex })),
  relations,
});
const near = (subject: number, object: number) => ({ subject, predicate: 'near', object });

describe('frequencies', () => {
  test('count words by graph, relations by number, and equal things that no relation speaks of', () => {
    const counted = graphFrequencies([
      graph(['cow', 'cow', 'cow']),
      graph(['cow', 'cow', 'dog'], [near(0, 2), near(2, 0)]),
      graph(['cow', 'dog'], [near(0, 1)]),
      graph(['cow', 'cow']),
    ]);
    expect(counted).toEqual({
      graphs: 4,
      relations: [0.5, 0.25, 0.25, 0, 0, 0, 0],
      equal: { 2: 0.5, 3: 0.25, 4: 0 },
      words: { near: 0.5 },
    });
    expect(frequencyLines(counted).join('\n')).toContain('two in 50.0 % of the graphs, three in 25.0 %');
  });

  test('need a graph', () => {
    expect(() => graphFrequencies([])).toThrow(RangeError);
  });
});
