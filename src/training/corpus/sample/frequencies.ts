/** What graphs ask for, and how often: said in the model card, and held to by a test. */
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';

export interface GraphFrequencies {
  readonly graphs: number;
  /** Share of graphs by number of relations; the last one has so many or more. */
  readonly relations: readonly number[];
  /** Share of graphs that have this many, or more, of one label and colour that no relation speaks of. */
  readonly equal: Readonly<Record<2 | 3 | 4, number>>;
  /** Share of graphs that say the word, the most frequent first. */
  readonly words: Readonly<Record<string, number>>;
}

const MOST_RELATIONS = 6;

/** @throws RangeError without a graph */
export function graphFrequencies(samples: Iterable<SceneGraphSample>): GraphFrequencies {
  let graphs = 0;
  const relations = new Array<number>(MOST_RELATIONS + 1).fill(0);
  const equal = { 2: 0, 3: 0, 4: 0 };
  const words = new Map<string, number>();
  for (const sample of samples) {
    graphs++;
    const count = Math.min(MOST_RELATIONS, sample.relations.length);
    relations[count] = (relations[count] as number) + 1;
    for (const word of new Set(sample.relations.map(({ predicate }) => predicate)))
      words.set(word, (words.get(word) ?? 0) + 1);
    const most = mostEqual(sample);
    for (const few of [2, 3, 4] as const) if (most >= few) equal[few]++;
  }
  if (graphs === 0) throw new RangeError('no graphs to count');
  const share = (n: number) => n / graphs;
  return {
    graphs,
    relations: relations.map(share),
    equal: { 2: share(equal[2]), 3: share(equal[3]), 4: share(equal[4]) },
    words: Object.fromEntries([...words].sort((a, b) => b[1] - a[1]).map(([word, n]) => [word, share(n)])),
  };
}

/** The most objects that nothing in the graph tells apart. */
function mostEqual({ objects, relations }: SceneGraphSample): number {
  const related = new Set(relations.flatMap(({ subject, object }) => [subject, object]));
  const counts = new Map<string, number>();
  objects.forEach(({ label, attributes }, index) => {
    if (related.has(index)) return;
    const kind = [label, ...attributes].join('|');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  });
  return Math.max(0, ...counts.values());
}

/** As lines of text. */
export function frequencyLines({ graphs, relations, equal, words }: GraphFrequencies): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const counts = relations.map((share, n) => `${n}${n === MOST_RELATIONS ? ' or more' : ''}: ${percent(share)}`);
  return [
    `Of ${graphs} graphs by number of relations ${counts.join(', ')}.`,
    `Equal things that nothing tells apart: two in ${percent(equal[2])} of the graphs, three in ${percent(equal[3])}, four in ${percent(equal[4])}.`,
    `Relations, by the share of graphs that say them: ${Object.entries(words)
      .map(([word, share]) => `${word} ${percent(share)}`)
      .join(', ')}.`,
  ];
}
