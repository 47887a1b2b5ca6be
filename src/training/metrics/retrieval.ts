/** The retrieval baseline: nothing is painted; each graph gets the training picture whose own graph is nearest. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { composeScene, type ThingRange } from '#training/corpus/compose.ts';
import type { KnownWords } from '#training/corpus/known-world.ts';
import { otherNames, wordsFor } from '#training/corpus/phrases.ts';
import { sceneSeed } from '#training/corpus/random.ts';
import { SceneStream } from '#training/corpus/stream.ts';
import type { Predicate } from '#training/corpus/world.ts';
import type { PaintJob } from './paint-many.ts';
import { pictureOfRgb } from './picture-tensor.ts';

export interface TrainingSet {
  /** Index of the first scene of the train split, and how many there are. */
  readonly start: number;
  readonly count: number;
  readonly things: ThingRange;
  readonly words: KnownWords;
  /** Pixels per side. */
  readonly size: number;
}

interface Triple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/** What is drawn, and which kinds of relation hold. */
interface Drawn {
  readonly labels: readonly string[];
  readonly triples: readonly Triple[];
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
    const { things, words, size } = this.#set;
    const { rendered } = new SceneStream({ split: 'train', size, grid: MASK_GRID, things, words, start: index }).next();
    return pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
  }
}

function entryOf({ things, words }: TrainingSet, index: number): Entry {
  const { style, objects, relations } = composeScene(seededRandom(sceneSeed('train', index)), { things, words });
  const label = (i: number) => objects[i]!.label;
  return {
    index,
    style,
    labels: objects.map((object) => object.label),
    triples: relations.map(({ subject, predicate, object }) => ({
      subject: label(subject),
      predicate,
      object: label(object),
    })),
  };
}

/** What a graph asks for, in its own words. */
interface Query {
  readonly labels: readonly string[];
  readonly triples: readonly Triple[];
}

function queryOf({ objects, relations }: SceneGraph): Query {
  const labelOf = new Map(objects.map(({ id, label }) => [id, label]));
  return {
    labels: objects.map(({ label }) => label),
    triples: relations.map(({ subject, predicate, object }) => ({
      subject: labelOf.get(subject) ?? '',
      predicate,
      object: labelOf.get(object) ?? '',
    })),
  };
}

const isCalled = (drawn: string, name: string): boolean => drawn === name || otherNames(drawn).includes(name);

const says = (asked: Triple, drawn: Triple): boolean =>
  isCalled(drawn.subject, asked.subject) &&
  isCalled(drawn.object, asked.object) &&
  wordsFor(drawn.predicate as Predicate, drawn.subject, drawn.object).includes(asked.predicate);

/** F1 of the labels, as multisets, plus the share of the graph's triples that are true in the scene, in any words; 0 … 2. */
export function similarity(query: Query, scene: Drawn): number {
  const left = [...scene.labels];
  let common = 0;
  for (const label of query.labels) {
    const at = left.findIndex((drawn) => isCalled(drawn, label));
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  const f1 = (2 * common) / (query.labels.length + scene.labels.length || 1);
  // Words cost the most, and most scenes lack the things: those are looked for first.
  const held = common === 0 ? [] : query.triples.filter((asked) => scene.triples.some((drawn) => says(asked, drawn)));
  return f1 + (query.triples.length === 0 ? 1 : held.length / query.triples.length);
}
