import { expect, test, vi } from 'vitest';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { planEvaluation } from './evaluation-plan.ts';
import { testGraphOf } from './test-graphs.ts';
import { withTurnedTwins } from './turned-twins.ts';

vi.setConfig({ testTimeout: 60_000 });

const options = { words: worldVocabulary, things: { min: 2, max: 3 }, size: 64 };
const stream = new SceneStream({ ...options, split: 'test', grid: 16, start: 0 });
const graphs = Array.from({ length: 30 }, () => testGraphOf(stream.next()));
const regions = new Set(
  graphs.flatMap(({ scene }) => scene!.objects.filter(({ isGround }) => isGround).map(({ label }) => label)),
);
const world = {
  predicates: worldVocabulary.predicates,
  isThing: (label: string) => !regions.has(label),
  alike: () => [],
};
const { pairs } = planEvaluation(graphs, { world, seed: 1, pairsPerKind: 3, diverseGraphs: 1 });
const found = withTurnedTwins(pairs, graphs, options);

test('many turned edges have a real picture, another one than the graph has, the same each time; other changes have none', () => {
  const turned = found.filter(({ kind }) => kind === 'opposite');
  const shown = turned.filter(({ real }) => real !== undefined);
  expect(shown.length).toBeGreaterThan(turned.length / 3);
  for (const { graphIndex, real } of shown) {
    const own = graphs[graphIndex]!.real!;
    expect([real!.width, real!.height]).toEqual([own.width, own.height]);
    expect(real!.pixels).not.toEqual(own.pixels);
  }
  expect(found.filter(({ kind, real }) => kind !== 'opposite' && real !== undefined)).toEqual([]);
  expect(withTurnedTwins(pairs, graphs, options)).toEqual(found);
});

test('a graph that contradicts itself once its edge is turned has none, and one without a scene neither', () => {
  const pair = found.find(({ real }) => real !== undefined)!;
  const changed = pair.after.relations.find(({ id }) => id === pair.relationId)!;
  const before = pair.before.relations.find(({ id }) => id === pair.relationId)!;
  const both = { ...pair.after, relations: [...pair.after.relations, { ...before, id: 'both' }] };
  const { real: _, ...bare } = pair;
  expect(both.relations).toContain(changed);
  expect(withTurnedTwins([{ ...bare, after: both }], graphs, options)[0]!.real).toBeUndefined();
  const drawn = graphs.map(({ graph, style }) => ({ graph, style }));
  expect(withTurnedTwins([bare], drawn, options)[0]!.real).toBeUndefined();
});
