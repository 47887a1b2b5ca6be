/** The retrieval baseline: nothing is painted; each graph gets the training picture whose own graph is nearest. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { composeScene, type ThingRange } from '#training/corpus/compose.ts';
import { sceneSeed } from '#training/corpus/random.ts';
import { SceneStream } from '#training/corpus/stream.ts';
import type { PaintJob } from './paint-many.ts';
import { pictureOfRgb } from './picture-tensor.ts';

export interface TrainingSet {
  /** Index of the first scene of the train split, and how many there are. */
  readonly start: number;
  readonly count: number;
  readonly things: ThingRange;
  /** Pixels per side. */
  readonly size: number;
}

interface Entry {
  readonly index: number;
  readonly style: string;
  readonly labels: readonly string[];
  readonly triples: ReadonlySet<string>;
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
    const { things, size } = this.#set;
    const { rendered } = new SceneStream({ split: 'train', size, grid: MASK_GRID, things, start: index }).next();
    return pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
  }
}

function entryOf({ things }: TrainingSet, index: number): Entry {
  const { style, objects, relations } = composeScene(seededRandom(sceneSeed('train', index)), { things });
  const label = (i: number) => objects[i]!.label;
  return {
    index,
    style,
    labels: objects.map((object) => object.label),
    triples: new Set(relations.map((r) => `${label(r.subject)}|${r.predicate}|${label(r.object)}`)),
  };
}

interface Query {
  readonly labels: readonly string[];
  readonly triples: readonly string[];
}

function queryOf({ objects, relations }: SceneGraph): Query {
  const labelOf = new Map(objects.map(({ id, label }) => [id, label]));
  return {
    labels: objects.map(({ label }) => label),
    triples: relations.map((r) => `${labelOf.get(r.subject)}|${r.predicate}|${labelOf.get(r.object)}`),
  };
}

/** F1 of the labels, as multisets, plus the share of the graph's triples that are true in the scene; 0 … 2. */
export function similarity(query: Query, scene: { labels: readonly string[]; triples: ReadonlySet<string> }): number {
  const left = [...scene.labels];
  let common = 0;
  for (const label of query.labels) {
    const at = left.indexOf(label);
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  const f1 = (2 * common) / (query.labels.length + scene.labels.length || 1);
  const held = query.triples.filter((triple) => scene.triples.has(triple)).length;
  return f1 + (query.triples.length === 0 ? 1 : held / query.triples.length);
}
