import { describe, expect, test } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { graphFrequencies } from '#training/corpus/sample/frequencies.ts';
import { isHeldOutIn, sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import { sceneSeed } from '#training/corpus/world/random.ts';
import { defaultConfig } from '#training/run/config.ts';
import { paintersExamples } from './training-graphs.ts';

test('two in five training scenes are whole ones, whose graphs say as much as test graphs do', () => {
  const examples = paintersExamples(defaultConfig, 1000);
  const whole = examples.filter(({ scene }) => scene.isWhole);
  expect(whole.length / examples.length).toBeCloseTo(0.4, 1);
  const { relations, words, equal } = graphFrequencies(whole.map(({ sample }) => sample));
  const tests = Array.from({ length: 1000 }, (_, index) => {
    const random = seededRandom(sceneSeed('test', index));
    return sampleSceneGraph(composeScene(random, { things: { min: 2, max: 6 } }), random);
  });
  const mean = (shares: readonly number[]) => shares.reduce((sum, share, count) => sum + share * count, 0);
  expect(mean(relations) / mean(graphFrequencies(tests).relations)).toBeCloseTo(1, 0.7);
  for (const side of ['left of', 'right of', 'above', 'below']) expect(words[side], side).toBeGreaterThan(0.25);
  expect(equal[2]).toBeLessThan(0.05);
});

describe('graphs of training as people draw them', () => {
  const { latents } = defaultConfig;
  const examples = paintersExamples({ ...defaultConfig, latents: { ...latents, whole: 0 } }, 1500);
  const { words, relations, equal } = graphFrequencies(examples.map(({ sample }) => sample));

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

  test('name what nobody would guess', () => {
    const defying = examples.filter(({ scene }) => scene.relations.some(({ unlikely }) => unlikely));
    expect(defying.length / examples.length).toBeGreaterThan(0.1);
    for (const { scene, sample } of defying) {
      const said = sample.relations.map(({ subject, object }) =>
        [subject, object]
          .map((end) => sample.objects[end]!.sceneIndex)
          .sort((a, b) => a - b)
          .join(),
      );
      const pairs = scene.relations.filter((relation) => relation.unlikely && !isHeldOutIn(scene, relation));
      for (const { subject, object } of pairs) expect(said).toContain([subject, object].sort((a, b) => a - b).join());
    }
  });
});
