import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import type { PlacedObject, SceneGraphSample } from '#training/corpus/world/scene.ts';
import { canonicalSample } from './canonical-sample.ts';

const at = (label: string, left: number): PlacedObject => ({
  label,
  attributes: [],
  box: [left, 0.4, left + 0.2, 0.6],
  depth: 1,
  isGround: false,
});

test('two that the graph does not tell apart come from left to right; two that it does as it says, wherever they are', () => {
  const objects = [at('sheep', 0.7), at('tree', 0.4), at('sheep', 0.1)];
  const sample = (relations: SceneGraphSample['relations']): SceneGraphSample => ({
    style: 'noto',
    objects: objects.map(({ label, attributes }, sceneIndex) => ({ label, attributes, sceneIndex })),
    relations,
  });
  const sheepOf = (relations: SceneGraphSample['relations'], mine = objects) =>
    canonicalSample(sample(relations), mine).objects.flatMap(({ label, sceneIndex }) =>
      label === 'sheep' ? [sceneIndex] : [],
    );
  expect(sheepOf([])).toEqual([2, 0]);
  const mirrored = [at('sheep', 0.1), at('tree', 0.4), at('sheep', 0.7)];
  expect(sheepOf([], mirrored)).toEqual([0, 2]);
  const behind = [{ subject: 0, predicate: 'behind', object: 1 }];
  expect(sheepOf(behind)).toEqual(sheepOf(behind, mirrored));
});

test('the same graph, whatever order its objects come in', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(), (seed, turn) => {
      const scene = composeScene(seededRandom(seed), { things: { min: 1, max: 4 } });
      const sample = sampleSceneGraph(scene, seededRandom(seed + 1));
      const count = sample.objects.length;
      const turned = (index: number) => (index + turn) % count;
      const shuffled: SceneGraphSample = {
        ...sample,
        objects: sample.objects.map((_, i) => sample.objects[(i - (turn % count) + count) % count]!),
        relations: sample.relations.map(({ subject, predicate, object }) => ({
          subject: turned(subject),
          predicate,
          object: turned(object),
        })),
      };
      const [a, b] = [canonicalSample(sample, scene.objects), canonicalSample(shuffled, scene.objects)];
      expect(b.objects).toEqual(a.objects);
      expect(b.relations).toEqual(a.relations);
      expect(a.objects.map(({ sceneIndex }) => sceneIndex).sort()).toEqual(
        sample.objects.map(({ sceneIndex }) => sceneIndex).sort(),
      );
    }),
    { numRuns: 60 },
  );
});
