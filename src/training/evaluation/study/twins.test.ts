import { expect, test, vi } from 'vitest';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { isThing } from '#training/corpus/world/scene.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { testGraphOf } from './test-graphs.ts';
import { isTwin, twinsOf } from './twins.ts';

vi.setConfig({ testTimeout: 60_000 });

const words = worldVocabulary;
const stream = () =>
  new SceneStream({ split: 'test', size: 64, grid: 16, things: { min: 1, max: 4 }, words, start: 0 });
const thingsOf = ({ objects }: Parameters<typeof isTwin>[2]) => objects.filter(isThing).length;

test('a scene is a twin of itself, and none of a graph that says the opposite, asks for night, or leaves a thing out', () => {
  const scenes = stream();
  let turned = 0;
  for (let i = 0; i < 40; i++) {
    const { graph, scene } = testGraphOf(scenes.next());
    const things = thingsOf(scene!);
    expect(isTwin(graph, things, scene!), `scene ${i}`).toBe(true);
    expect(isTwin(graph, things + 1, scene!)).toBe(false);
    const hours = graph.objects.map((object) => ({ ...object, attributes: ['night'] }));
    if (!graph.objects.some(({ attributes }) => attributes.includes('night'))) {
      expect(isTwin({ ...graph, objects: hours }, things, scene!)).toBe(false);
    }
    const relations = graph.relations.map((relation) =>
      relation.predicate === 'left of' ? { ...relation, predicate: 'right of' } : relation,
    );
    const labels = new Set(graph.objects.map(({ label }) => label));
    if (labels.size < graph.objects.length || !graph.relations.some(({ predicate }) => predicate === 'left of'))
      continue;
    turned++;
    expect(isTwin({ ...graph, relations }, things, scene!)).toBe(false);
  }
  expect(turned).toBeGreaterThan(3);
});

test('twins are other pictures, the same ones each time, and no more than asked for', () => {
  const scenes = stream();
  let found = 0;
  for (let i = 0; i < 6; i++) {
    const { graph, scene, real } = testGraphOf(scenes.next());
    const twins = twinsOf(graph, scene!, { words, size: 64, count: 2 });
    expect(twins.length).toBeLessThanOrEqual(2);
    expect(twinsOf(graph, scene!, { words, size: 64, count: 2 })).toEqual(twins);
    for (const twin of twins) expect(twin.pixels).not.toEqual(real!.pixels);
    found += twins.length;
  }
  expect(found).toBeGreaterThan(0);
});
