/** From the corpus and from files to the graphs of an evaluation. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Picture } from '#diffusion/picture.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import { type ReadGraphs, readGraphs } from '#graph/files/read-graph.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import type { ThingRange } from '#training/corpus/compose/compose.ts';
import { themes } from '#training/corpus/compose/mixture.ts';
import { type SceneRecord, SceneStream } from '#training/corpus/sample/stream.ts';
import { type KnownWords, knownWorld } from '#training/corpus/world/known-world.ts';
import { firstSceneOf } from '#training/corpus/world/purposes.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { SAMPLES_PER_GRAPH } from '#training/evaluation/scores/diversity.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import type { TestGraph } from './evaluation-plan.ts';
import type { TrainingSet } from './retrieval.ts';
import { type TwinOptions, twinsOf } from './twins.ts';

const DEFAULT_SAMPLES = 200;
/** The diversity score looks at one graph in five, within these limits: of 20 of 300, its interval was wider than the score. */
const DIVERSE = { share: 1 / 5, least: 20, most: 60 } as const;
/** The most of so many graphs that the diversity score looks at. */
export const diverseGraphsOf = (graphs: number): number =>
  Math.min(DIVERSE.most, Math.max(DIVERSE.least, Math.round(graphs * DIVERSE.share)));
/** Other real pictures for FD: so many for each painted one, and at most so many in all. */
const REFERENCE = { each: 5, most: 1000 } as const;
/** Cells of the corpus's masks; the metrics do not look at them. */
const MASK_GRID = 16;

/** A scene of the corpus: its graph, its style, and its picture as the real one. */
export function testGraphOf({ index, rendered, sample }: SceneRecord): TestGraph {
  return {
    index,
    graph: documentOf(sample),
    style: sample.style,
    real: pictureOfRgb(rendered.rgb, rendered.size, rendered.size),
    scene: rendered.scene,
  };
}

export interface TestSetOptions {
  /** Graphs in any format that the editor opens; the test split of the corpus when absent. */
  readonly graphsFile?: string;
  /** Number of graphs; without it 200 of the corpus, or all of a file. */
  readonly samples?: number;
  /** Told what was left out of a file. */
  readonly say: (line: string) => void;
}

export interface TestSet {
  readonly graphs: readonly TestGraph[];
  /** Other real pictures of the test split. */
  readonly reference: readonly Picture[] | undefined;
}

/** What a test set must know of a model. */
export interface TestModel {
  /** Why it cannot paint a graph, which is called `at`; undefined when it can. */
  faultOf(graph: SceneGraph, at: string): string | undefined;
  /** What it has no word for is left out of a graph. */
  knowsAttribute(attribute: string): boolean;
}

/** Of a model with a vocabulary. @param knowsWord whether it can draw a label outside of it */
export const faultByWords =
  (
    { vocabulary, limits }: Pick<Manifest, 'vocabulary' | 'limits'>,
    knowsWord: (word: string) => boolean,
  ): TestModel['faultOf'] =>
  (graph, at) => {
    const fault = checkGraph(graph, vocabulary, limits, knowsWord).find(({ severity }) => severity === 'error');
    return fault && `${at}.${fault.path}: ${fault.message}`;
  };

/**
 * Graphs of a file, the first ones.
 * @throws EvaluationInputError when the file cannot be read, or one of its graphs cannot be painted.
 */
export function fileTestSet(
  graphsFile: string,
  { samples, say }: Pick<TestSetOptions, 'samples' | 'say'>,
  style: string,
  faultOf: TestModel['faultOf'],
): TestSet {
  const { graphs, warnings } = readGraphFile(graphsFile);
  for (const warning of warnings) say(`${graphsFile}: ${warning}`);
  const chosen = graphs.slice(0, samples);
  // Before the first picture is painted, not after the hundredth.
  for (const [i, graph] of chosen.entries()) {
    const fault = faultOf(graph, `${graphsFile}[${i}]`);
    if (fault !== undefined) throw new EvaluationInputError(fault);
  }
  return { graphs: chosen.map((graph) => ({ graph, style })), reference: undefined };
}

/**
 * The corpus's test split with its pictures; always the first ones, whatever the seed.
 * @throws EvaluationInputError when the corpus has no scene in the model's words.
 */
export function corpusTestSet(samples: number | undefined, manifest: Manifest): TestSet {
  const words = wordsOf(manifest);
  try {
    knownWorld(words);
  } catch (error) {
    throw new EvaluationInputError(`${(error as Error).message}; give graphs with --graphs`);
  }
  const count = samples ?? DEFAULT_SAMPLES;
  const stream = new SceneStream({
    split: 'test',
    size: manifest.image.width,
    grid: MASK_GRID,
    things: thingRange(manifest),
    words,
    start: 0,
  });
  const others = Math.min(REFERENCE.most, REFERENCE.each * count);
  const scenes = Array.from({ length: count + others }, () => testGraphOf(stream.next()));
  const graphs = withTwins(scenes.slice(0, count), { words, size: manifest.image.width, count: SAMPLES_PER_GRAPH - 1 });
  return { graphs, reference: scenes.slice(count).map(({ real }) => real!) };
}

/** The first graphs that other real pictures are found of get those, as many as the diversity score looks at. */
function withTwins(graphs: readonly TestGraph[], options: TwinOptions): TestGraph[] {
  let wanted = diverseGraphsOf(graphs.length);
  return graphs.map((test) => {
    const twins = wanted > 0 && test.scene ? twinsOf(test.graph, test.scene, options) : [];
    if (twins.length === 0) return test;
    wanted--;
    return { ...test, twins };
  });
}

function readGraphFile(path: string): ReadGraphs {
  try {
    return readGraphs(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof GraphFormatError) throw new EvaluationInputError(`${path}: ${error.message}`);
    throw new EvaluationInputError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

const range = v.object({ min: v.number(), max: v.number() });

/** What a package says of its training, as far as it matters here; the defaults of the shipped model where it does not. */
const trainedOn = v.fallback(
  v.object({
    config: v.object({
      things: range,
      mixture: v.exactOptional(v.record(v.picklist(themes), v.number())),
      latents: v.object({
        scenes: v.number(),
        unlikely: v.exactOptional(v.number()),
        evenly: v.exactOptional(v.number()),
        strewn: v.exactOptional(v.number()),
        turned: v.exactOptional(v.number()),
        whole: v.exactOptional(v.number()),
        things: v.exactOptional(range),
      }),
      passedOver: v.optional(v.object({ latents: v.number() })),
    }),
  }),
  { config: { things: { min: 1, max: 4 }, latents: { scenes: 40_960 } } },
);

export const wordsOf = ({ vocabulary, styles }: Manifest): KnownWords => ({ ...vocabulary, styles });

/** As many things as a usual scene of the model has. */
export const thingRange = (manifest: Manifest): ThingRange => v.parse(trainedOn, manifest.training).config.things;

/** The scenes that the generator was trained on. */
export function trainingSetOf(manifest: Manifest): TrainingSet {
  const { things, latents, mixture, passedOver } = v.parse(trainedOn, manifest.training).config;
  const { scenes: count, ...composition } = latents;
  return {
    start: firstSceneOf('latents') + (passedOver?.latents ?? 0),
    count,
    things,
    ...composition,
    ...(mixture && { mixture }),
    words: wordsOf(manifest),
    size: manifest.image.width,
  };
}
