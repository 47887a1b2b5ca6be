import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { defaultConfig } from '#training/run/config.ts';
import { frequencyLines, graphFrequencies } from './frequencies.ts';
import { sampleSceneGraph } from './sample-graph.ts';

// Drawings are measured once.
vi.setConfig({ testTimeout: 120_000 });

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

describe('graphs of training', () => {
  const { mixture, graphs: habits, latents } = defaultConfig;
  const { evenly, things = defaultConfig.things } = latents;
  const samples = Array.from({ length: 1500 }, (_, seed) => {
    const random = seededRandom(seed);
    const scene = composeScene(random, { things, evenly, mixture });
    return sampleSceneGraph(scene, random, { saysOddGround: true, habits });
  });
  const { words, relations, equal } = graphFrequencies(samples);

  test.each([
    'riding',
    'holding',
    'wearing',
    'carrying',
    'eating',
    'on',
    'in',
    'inside',
    'sitting on',
    'behind',
    'in front of',
  ])('say “%s” about as often as “left of”', (word) => {
    const ratio = words[word]! / words['left of']!;
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  test('say no side in more than one of eight', () => {
    for (const side of ['left of', 'right of', 'above', 'below']) expect(words[side], side).toBeLessThan(0.125);
  });

  test('have equal things that nothing tells apart: two in a tenth of them, three and four as well', () => {
    expect(equal[2]).toBeGreaterThan(0.09);
    expect(equal[3]).toBeGreaterThan(0.02);
    expect(equal[4]).toBeGreaterThan(0.002);
  });

  test('are mostly sparse: a fifth says nothing, most of the others one or two relations', () => {
    const [none, one, two] = relations as [number, number, number];
    expect(none).toBeGreaterThan(0.15);
    expect(none).toBeLessThan(0.3);
    expect(one + two).toBeGreaterThan(0.5);
  });

  test('defy common sense often', () => {
    const unlikely = samples.filter(({ relations: said }) => said.some(({ unlikely }) => unlikely));
    expect(unlikely.length / samples.length).toBeGreaterThanOrEqual(0);
  });
});
