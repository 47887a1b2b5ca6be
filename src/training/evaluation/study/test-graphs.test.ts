import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { detectionSpecOf } from '#engine/verifier/detect.ts';
import { relationHolds } from '#engine/verifier/relation-holds.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { otherNames } from '#training/corpus/world/phrases.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { labelOccurrences } from '#training/evaluation/scores/occurrence.ts';
import { relationOutcomes, relationTally } from '#training/evaluation/scores/relation-accuracy.ts';
import { ratioOf } from '#training/evaluation/scores/score.ts';
import { labelGraphOf } from './evaluation-plan.ts';
import { corpusTestSet, diverseGraphsOf, faultByWords, fileTestSet, testGraphOf } from './test-graphs.ts';

const manifest = {
  vocabulary: worldVocabulary,
  styles: worldVocabulary.styles,
  limits: { objects: 3, relations: 60 },
  image: { width: 64, height: 64 },
  defaults: { sampler: 'euler', steps: 2, guidanceScale: 1, style: 'any' },
  training: {},
} as unknown as Manifest;
const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
const file = (content: unknown) => {
  const path = join(folder, 'graphs.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const knowsWord = (word: string) => word === 'lamb';
const quiet = () => undefined;
const readFrom = (content: unknown, say: (line: string) => void) =>
  fileTestSet(file(content), { say }, 'any', faultByWords(manifest, knowsWord));

/** Drawing the first scenes means rasterising every sprite. */
const SLOW = 120_000;

it('looks for diversity at one graph in five, but at enough of few and not at all of many', () => {
  expect([12, 100, 200, 300, 1000].map(diverseGraphsOf)).toEqual([20, 20, 40, 60, 60]);
});

describe('test sets', () => {
  it('says that a model without words of the corpus needs graphs', () => {
    const foreign = { ...manifest, styles: ['oil'] };
    expect(() => corpusTestSet(3, foreign)).toThrow(EvaluationInputError);
    expect(() => corpusTestSet(3, foreign)).toThrow(/no scene in these words.*--graphs/);
  });

  it.each([
    [
      'an unknown predicate',
      { objects: ['dog', 'cat'], relationships: [[0, 'barks at', 1]] },
      /\[0\]\.relations\[0\]\.predicate: .*barks at/,
    ],
    ['an unknown label', { objects: ['xyzzy'], relationships: [] }, /\[0\]\.objects\[0\]\.label: .*xyzzy/],
    [
      'a dangling end',
      { objects: ['dog'], relationships: [[0, 'left of', 7]] },
      /relationships\[0\]\[2\].*there is no object 7/,
    ],
    [
      'no object',
      [
        { objects: ['dog'], relationships: [] },
        { objects: [], relationships: [] },
      ],
      /\[1\]\.objects: .*has no object/,
    ],
    ['too many objects', { objects: ['dog', 'dog', 'dog', 'dog'], relationships: [] }, /has 4 objects; .* at most 3/],
    ['no list at all', [], /empty list/],
  ])('refuses %s before anything is painted, with the path', (_, content, message) => {
    const read = () => readFrom(content, quiet);
    expect(read).toThrow(message);
    expect(read).toThrow(EvaluationInputError);
  });

  it('keeps words that the model can draw by their neighbours, and says what it dropped', () => {
    const said: string[] = [];
    const content = [
      {
        objects: ['lamb', 'dog'],
        relationships: [
          [0, 'left of', 1],
          [0, 'left of', 0],
        ],
      },
    ];
    const { graphs, reference } = readFrom(content, (line) => said.push(line));
    expect(graphs[0]!.graph.objects.map(({ label }) => label)).toEqual(['lamb', 'dog']);
    expect(graphs[0]!.graph.relations).toHaveLength(1);
    expect(said).toHaveLength(1);
    expect(reference).toBeUndefined();
  });

  it(
    "takes the corpus's test split, the same graphs every time, others for reference",
    () => {
      const take = () => corpusTestSet(3, manifest);
      const { graphs, reference } = take();
      expect(take().graphs).toEqual(graphs);
      expect(graphs).toHaveLength(3);
      expect(reference).toHaveLength(15);
      for (const { real } of graphs)
        expect(reference!.some(({ pixels }) => pixels.every((v, i) => v === real!.pixels[i]))).toBe(false);
    },
    SLOW,
  );
});

describe('the corpus under the metrics', () => {
  const records = (() => {
    const stream = new SceneStream({ split: 'test', size: 64, grid: 16, things: { min: 1, max: 4 }, start: 0 });
    return Array.from({ length: 60 }, () => stream.next());
  })();
  const depths = (scene: (typeof records)[number]['rendered']['scene']) => {
    const order = scene.objects.map(({ depth }) => depth);
    const [low, high] = [Math.min(...order), Math.max(...order)];
    return order.map((depth) => (high > low ? (depth - low) / (high - low) : 0));
  };
  // A judge that sees the truth: every object of the scene with its own box and place in depth.
  const seen = records.map(({ rendered: { scene } }) => {
    const nearness = depths(scene);
    return scene.objects.flatMap(({ label, box }, i) =>
      [label, ...otherNames(label)].map((name) => ({ label: name, box, score: 1, depth: nearness[i]! })),
    );
  });

  it('a judge with perfect eyes finds every object, and nearly every relation by the rules of boxes', () => {
    const occurrences = records.flatMap(({ sample }, i) =>
      labelOccurrences(
        documentOf(sample).objects.map(({ label }) => label),
        seen[i]!,
      ),
    );
    expect(ratioOf(occurrences)).toBe(1);
    const tallies = records.map(({ sample }, i) =>
      relationTally(
        relationOutcomes(
          labelGraphOf(documentOf(sample)),
          seen[i]!,
          (predicate, s, o) => relationHolds(predicate, s, o) === true,
        ),
      ),
    );
    expect(ratioOf(tallies)).toBeGreaterThan(0.85);
  });

  it('the real picture of a graph has its size and is opaque', () => {
    const { real, graph, style } = testGraphOf(records[0]!);
    expect(real).toMatchObject({ width: 64, height: 64 });
    expect(real!.pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
    expect(worldVocabulary.styles).toContain(style);
    expect(graph.objects.length).toBe(records[0]!.sample.objects.length);
  });

  it('grounds and skies count as regions of the world', () => {
    const { regions } = detectionSpecOf({
      ...manifest,
      verifier: { grid: 8, thresholds: [] },
      kinds: { ...worldVocabulary.kinds },
    });
    expect([regions.get('grass'), regions.get('sky'), regions.get('dog')]).toEqual(['ground', 'backdrop', undefined]);
  });
});
