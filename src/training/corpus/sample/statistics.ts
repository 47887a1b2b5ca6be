/** What a run of scenes shows, counted. */
import type { CountedTriple } from '#graph/words/likely-predicates.ts';
import { isThing, type SceneGraphSample } from '#training/corpus/world/scene.ts';
import { relationKindOf } from '#training/corpus/world/world.ts';
import type { SceneRecord } from './stream.ts';

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
}

export function corpusStatistics(records: Iterable<SceneRecord>): CorpusStatistics {
  const labels = new Map<string, number>();
  const thingCounts = new Map<string, number>();
  const holds = new Map<string, number>();
  const sampled = new Map<string, number>();
  const relationCounts = new Map<string, number>();
  let scenes = 0;
  for (const { rendered, sample } of records) {
    scenes++;
    const { objects, relations } = rendered.scene;
    for (const label of new Set(objects.map((object) => object.label))) count(labels, label);
    count(thingCounts, String(objects.filter(isThing).length));
    for (const { predicate } of relations) count(holds, predicate);
    count(relationCounts, String(sample.relations.length));
    for (const { predicate } of sample.relations) count(sampled, relationKindOf(predicate) ?? predicate);
  }
  const rising = (map: Map<string, number>) => [...map].sort((a, b) => Number(a[0]) - Number(b[0]));
  return {
    scenes,
    labels: Object.fromEntries(falling(labels)),
    thingCounts: Object.fromEntries(rising(thingCounts)),
    predicates: Object.fromEntries(
      falling(holds).map(([name, n]) => [name, { true: n, sampled: sampled.get(name) ?? 0 }]),
    ),
    relationCounts: Object.fromEntries(rising(relationCounts)),
  };
}

/**
 * The triples of the graphs that say most in few: for every subject and predicate that are seen together the objects of most of them, then
 * whatever else is frequent. By frequency alone a horse was in front of nothing, as it is of a little of everything.
 * @param most how many to list
 * @returns the most frequent first
 */
export function tellingTriples(graphs: Iterable<SceneGraphSample>, most: number): readonly CountedTriple[] {
  const counts = new Map<string, number>();
  for (const { objects, relations } of graphs) {
    for (const { subject, predicate, object } of relations) {
      count(counts, [objects[subject]?.label, predicate, objects[object]?.label].join('|'));
    }
  }
  const ofPair = new Map<string, number>();
  const ranked = falling(counts).map(([key, n]) => {
    const [subject = '', predicate = '', object = ''] = key.split('|');
    const pair = `${subject}|${predicate}`;
    count(ofPair, pair);
    return { triple: { subject, predicate, object, count: n }, isTelling: (ofPair.get(pair) as number) <= TELLING };
  });
  const telling = ranked.filter(({ isTelling }) => isTelling);
  const others = ranked.filter(({ isTelling }) => !isTelling);
  const kept = new Set([...telling, ...others].slice(0, most));
  return ranked.filter((one) => kept.has(one)).map(({ triple }) => triple);
}

/** Objects of one subject and predicate that are listed before what is only frequent. */
const TELLING = 2;

const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
const falling = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]);
