/** The retrieval baseline: nothing is painted; each graph gets the training picture whose own graph is nearest. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type Composition, composeScene } from '#training/corpus/compose/compose.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import type { KnownWords } from '#training/corpus/world/known-world.ts';
import { sceneSeed } from '#training/corpus/world/random.ts';
import type { PaintJob } from '#training/evaluation/painting/paint-many.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { type Drawn, drawnOf, queryOf, similarity } from './scene-match.ts';

export interface TrainingSet extends Composition {
  /** Index of the first scene of the train split, and how many there are. */
  readonly start: number;
  readonly count: number;
  readonly words: KnownWords;
  /** Pixels per side. */
  readonly size: number;
}

interface Entry extends Drawn {
  readonly index: number;
  readonly style: string;
}

/** Cells of the corpus's masks; nobody looks at them here. */
const MASK_GRID = 16;
/** Same style is worth less than any word: it only decides among scenes that are equally near. */
const STYLE_WEIGHT = 0.01;

export class Retrieval {
  readonly #set: TrainingSet;
  readonly #entries: readonly Entry[];

  constructor(set: TrainingSet) {
    this.#set = set;
    this.#entries = Array.from({ length: set.count }, (_, i) => entryOf(set, set.start + i));
  }

  /** @returns the nearest scene's picture; another sample of the same graph gets the next nearest, never the same again. */
  picture({ graph, settings }: PaintJob, rank = 0): Picture {
    return this.#render(this.ranked(graph, settings.style, rank + 1)[rank]!);
  }

  /** Indices of the nearest scenes, nearest first; of equally near ones the earlier. */
  ranked(graph: SceneGraph, style: string, count: number): readonly number[] {
    const query = queryOf(graph);
    return this.#entries
      .map((entry) => ({
        index: entry.index,
        score: similarity(query, entry) + (style === entry.style ? STYLE_WEIGHT : 0),
      }))
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, count)
      .map(({ index }) => index);
  }

  #render(index: number): Picture {
    const { rendered } = new SceneStream({ ...this.#set, split: 'train', grid: MASK_GRID, start: index }).next();
    return pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
  }
}

function entryOf(set: TrainingSet, index: number): Entry {
  const scene = composeScene(seededRandom(sceneSeed('train', index)), set);
  return { index, style: scene.style, ...drawnOf(scene) };
}
