import { expect, test } from 'vitest';
import { documentOf } from '#graph/indexed-graph.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { otherNames, wordsFor } from '#training/corpus/world/phrases.ts';
import type { Predicate } from '#training/corpus/world/world.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { Retrieval } from './retrieval.ts';
import { similarity } from './scene-match.ts';

const set = { start: 1000, count: 30, things: { min: 1, max: 3 }, words: worldVocabulary, size: 64 } as const;
const options = { split: 'train', grid: 16, ...set } as const;
const settings = { seed: 0, steps: 1, guidanceScale: 1, sampler: 'euler' } as const;

test('similarity: F1 of the labels plus the share of triples that hold', () => {
  const triple = (subject: string, predicate: string, object: string) => ({ subject, predicate, object });
  const scene = { labels: ['sheep', 'tree', 'grass'], triples: [triple('sheep', 'next to', 'tree')] };
  expect(similarity({ labels: ['sheep', 'tree', 'grass'], triples: [triple('sheep', 'next to', 'tree')] }, scene)).toBe(
    2,
  );
  // The same in other words.
  expect(similarity({ labels: ['animal', 'tree', 'ground'], triples: [triple('animal', 'near', 'tree')] }, scene)).toBe(
    2,
  );
  // 2 · 1 common ÷ (2 + 3); no triple holds.
  expect(similarity({ labels: ['sheep', 'sheep'], triples: [triple('sheep', 'right of', 'tree')] }, scene)).toBeCloseTo(
    0.4,
  );
  expect(similarity({ labels: [], triples: [] }, scene)).toBe(1);
});

test('a training graph finds its own scene or one that says the same, and its picture', { timeout: 60_000 }, () => {
  const retrieval = new Retrieval(set);
  const stream = new SceneStream(options);
  for (let i = 0; i < 6; i++) {
    const { rendered, sample } = stream.next();
    const graph = documentOf(sample);
    const [first] = retrieval.ranked(graph, sample.style, 1);
    const found = new SceneStream({ ...options, start: first! }).next();
    const { objects, relations } = found.rendered.scene;
    const label = (at: number) => objects[at]!.label;
    const truth = relations.flatMap((r) =>
      [label(r.subject), ...otherNames(label(r.subject))].flatMap((subject) =>
        [label(r.object), ...otherNames(label(r.object))].flatMap((object) =>
          wordsFor(r.predicate as Predicate, label(r.subject), label(r.object)).map((p) => `${subject}|${p}|${object}`),
        ),
      ),
    );
    const asked = graph.relations.map((r) => `${labelOf(graph, r.subject)}|${r.predicate}|${labelOf(graph, r.object)}`);
    expect(asked.every((triple) => truth.includes(triple))).toBe(true);
    if (first === set.start + i) {
      const own = pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
      expect(retrieval.picture({ graph, settings: { ...settings, style: sample.style } })).toEqual(own);
    }
  }
});

test('samples of one graph are different scenes', { timeout: 60_000 }, () => {
  const retrieval = new Retrieval(set);
  const { sample } = new SceneStream(options).next();
  const ranked = retrieval.ranked(documentOf(sample), sample.style, 5);
  expect(new Set(ranked).size).toBe(5);
});

type Graph = ReturnType<typeof documentOf>;
const labelOf = ({ objects }: Graph, id: string) => objects.find((object) => object.id === id)?.label;
