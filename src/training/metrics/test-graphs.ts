/** From the corpus and from files to the graphs of an evaluation. */
import { readFileSync } from 'node:fs';
import type { Picture } from '#diffusion/picture.ts';
import type { Manifest } from '#engine/manifest.ts';
import { readGraphs } from '#graph/read-graph.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import type { RenderedScene, SceneGraphSample } from '#training/corpus/scene.ts';
import { SceneStream } from '#training/corpus/stream.ts';
import type { TestGraph } from './evaluation-plan.ts';
import { pictureOfRgb } from './picture-tensor.ts';

export const DEFAULT_SAMPLES = 200;
/** Other real pictures for FD, beyond those of the painted graphs. */
const REFERENCE_PICTURES = 1000;
/** Cells of the corpus's masks; the metrics do not look at them. */
const MASK_GRID = 16;

/** A graph or a list of pictures that cannot be evaluated. */
export class EvaluationInputError extends Error {
  override readonly name = 'EvaluationInputError';
}

/** A sample of the corpus as a document. */
export function documentOf(sample: SceneGraphSample): SceneGraph {
  return {
    ...EMPTY_SCENE_GRAPH,
    objects: sample.objects.map(({ label, attributes }, i) => ({
      id: `o${i + 1}`,
      label,
      attributes,
      position: { x: 0, y: 0 },
    })),
    relations: sample.relations.map(({ subject, predicate, object }, i) => ({
      id: `r${i + 1}`,
      subject: `o${subject + 1}`,
      predicate,
      object: `o${object + 1}`,
    })),
  };
}

/** A scene of the corpus: its graph, its style, and its picture as the real one. */
export function testGraphOf({
  rendered,
  sample,
}: {
  readonly rendered: RenderedScene;
  readonly sample: SceneGraphSample;
}): TestGraph {
  return {
    graph: documentOf(sample),
    style: sample.style,
    real: pictureOfRgb(rendered.rgb, rendered.size, rendered.size),
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

/**
 * Graphs of a file, or of the corpus's test split with their pictures; always the first ones, whatever the seed.
 * @throws GraphFormatError, EvaluationInputError
 */
export function testSet({ graphsFile, samples, say }: TestSetOptions, manifest: Manifest): TestSet {
  if (graphsFile !== undefined) {
    const { graphs, warnings } = readGraphs(readText(graphsFile));
    for (const warning of warnings) say(`${graphsFile}: ${warning}`);
    return {
      graphs: graphs.slice(0, samples).map((graph) => ({ graph, style: manifest.defaults.style })),
      reference: undefined,
    };
  }
  const count = samples ?? DEFAULT_SAMPLES;
  const stream = new SceneStream({
    split: 'test',
    size: manifest.image.width,
    grid: MASK_GRID,
    things: thingRange(manifest),
    start: 0,
  });
  const scenes = Array.from({ length: count + REFERENCE_PICTURES }, () => testGraphOf(stream.next()));
  return {
    graphs: scenes.slice(0, count),
    reference: scenes.slice(count).map(({ real }) => real!),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EvaluationInputError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** As many things as the model was trained on. */
function thingRange(manifest: Manifest): { readonly min: number; readonly max: number } {
  const { config } = manifest.training as { readonly config?: { readonly things?: { min: number; max: number } } };
  return config?.things ?? { min: 1, max: 4 };
}
