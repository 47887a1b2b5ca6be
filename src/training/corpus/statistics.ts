/** What a run of scenes shows, counted. */
import { isThing } from './scene.ts';
import type { SceneRecord } from './stream.ts';
import { relationKindOf } from './world.ts';

export interface CorpusStatistics {
  readonly scenes: number;
  /** Scenes that show the label at least once. */
  readonly labels: Readonly<Record<string, number>>;
  /** Scenes by number of things. */
  readonly thingCounts: Readonly<Record<string, number>>;
  /** Relations by kind: true of the scenes, and asked for, in whatever words, by the sampled graphs. */
  readonly predicates: Readonly<Record<string, { readonly true: number; readonly sampled: number }>>;
  /** Sampled graphs by number of relations. */
  readonly relationCounts: Readonly<Record<string, number>>;
  /** Triples of the sampled graphs, most frequent first. */
  readonly triples: readonly {
    readonly subject: string;
    readonly predicate: string;
    readonly object: string;
    readonly count: number;
  }[];
}

/** @param triples how many triples to list */
export function corpusStatistics(records: Iterable<SceneRecord>, triples = 3000): CorpusStatistics {
  const labels = new Map<string, number>();
  const thingCounts = new Map<string, number>();
  const holds = new Map<string, number>();
  const sampled = new Map<string, number>();
  const relationCounts = new Map<string, number>();
  const tripleCounts = new Map<string, number>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  let scenes = 0;
  for (const { rendered, sample } of records) {
    scenes++;
    const { objects, relations } = rendered.scene;
    for (const label of new Set(objects.map((object) => object.label))) count(labels, label);
    count(thingCounts, String(objects.filter(isThing).length));
    for (const { predicate } of relations) count(holds, predicate);
    count(relationCounts, String(sample.relations.length));
    for (const { subject, predicate, object } of sample.relations) {
      count(sampled, relationKindOf(predicate) ?? predicate);
      count(tripleCounts, [sample.objects[subject]?.label, predicate, sample.objects[object]?.label].join('|'));
    }
  }
  const falling = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]);
  const rising = (map: Map<string, number>) => [...map].sort((a, b) => Number(a[0]) - Number(b[0]));
  return {
    scenes,
    labels: Object.fromEntries(falling(labels)),
    thingCounts: Object.fromEntries(rising(thingCounts)),
    predicates: Object.fromEntries(
      falling(holds).map(([name, n]) => [name, { true: n, sampled: sampled.get(name) ?? 0 }]),
    ),
    relationCounts: Object.fromEntries(rising(relationCounts)),
    triples: falling(tripleCounts)
      .slice(0, triples)
      .map(([key, n]) => {
        const [subject = '', predicate = '', object = ''] = key.split('|');
        return { subject, predicate, object, count: n };
      }),
  };
}
