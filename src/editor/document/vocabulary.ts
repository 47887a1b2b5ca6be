import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { labelOfAlias } from '#graph/words/aliases.ts';
import { rankPredicates } from '#graph/words/likely-predicates.ts';

/** The words that a model knows, and the kind of each. */
export type Words = Pick<ModelFacts, 'vocabulary' | 'kinds'>;

export interface WordGroup {
  readonly heading: string;
  readonly words: readonly string[];
}

/** Labels by kind, in the manifest's order of kinds. Without a model: the words the document itself uses. */
export function labelGroups(manifest: Words | null, graph: SceneGraph): readonly WordGroup[] {
  if (!manifest) {
    const words = [...new Set(graph.objects.map(({ label }) => label))].sort();
    return words.length ? [{ heading: 'In this graph', words }] : [];
  }
  const groups = new Map<string, string[]>();
  for (const label of manifest.vocabulary.objects) {
    const kind = manifest.kinds[label] ?? 'other';
    groups.set(kind, [...(groups.get(kind) ?? []), label]);
  }
  return [...groups].map(([kind, words]) => ({ heading: kind, words: words.sort() }));
}

/** Basic colours (Berlin and Kay 1969): what is offered where the model itself names no attributes. */
const COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white', 'grey'];

/** Whether attributes reach the picture; without a model nobody can say that they do not. */
export const paintsAttributes = (manifest: ModelFacts | null): boolean =>
  manifest === null || manifest.vocabulary.attributes.length > 0;

/** What an object can be described by: the model's own words, or the colours. */
export const attributeWords = (manifest: ModelFacts | null): readonly string[] =>
  manifest && paintsAttributes(manifest) ? manifest.vocabulary.attributes : COLOURS;

/** Attributes for some objects: those that all of them have come first, under a heading that says that choosing takes them away. */
export function attributeGroups(
  manifest: ModelFacts | null,
  graph: SceneGraph,
  ids: readonly string[],
): readonly WordGroup[] {
  const objects = graph.objects.filter(({ id }) => ids.includes(id));
  const [first, ...others] = objects;
  const shared = (first?.attributes ?? []).filter((word) =>
    others.every(({ attributes }) => attributes.includes(word)),
  );
  const used = graph.objects.flatMap(({ attributes }) => attributes);
  const rest = [...new Set([...attributeWords(manifest), ...used])].filter((word) => !shared.includes(word));
  return [...(shared.length > 0 ? [{ heading: 'Take away', words: shared }] : []), { heading: 'Give', words: rest }];
}

/** Eight colours mark the kinds: a kind's index in the order the manifest names them. */
export function kindIndex(manifest: Words | null, label: string): number {
  const kind = manifest?.kinds[label];
  if (!manifest || kind === undefined) return 7;
  return [...new Set(manifest.vocabulary.objects.map((word) => manifest.kinds[word]))].indexOf(kind) % 8;
}

/** Predicates, most likely first given the two ends; those that the corpus has shown between just these labels come under a heading. */
export function predicateGroups(
  manifest: ModelFacts | null,
  graph: SceneGraph,
  subject: string | undefined,
  object: string | undefined,
): readonly WordGroup[] {
  if (!manifest) {
    const words = [...new Set(graph.relations.map(({ predicate }) => predicate))].sort();
    return words.length ? [{ heading: 'In this graph', words }] : [];
  }
  const { objects, predicates } = manifest.vocabulary;
  const known = (word: string | undefined) => word && (labelOfAlias(word, objects) ?? word);
  const ends = { subject: known(subject), object: known(object) };
  const ranked = rankPredicates(manifest.likely, predicates, ends);
  const seen = new Set(
    manifest.likely
      .filter((triple) => triple.subject === ends.subject && triple.object === ends.object)
      .map(({ predicate }) => predicate),
  );
  const likely = ranked.filter((predicate) => seen.has(predicate));
  return [
    ...(likely.length ? [{ heading: 'Most likely', words: likely }] : []),
    { heading: likely.length ? 'All' : 'Relations', words: ranked.filter((predicate) => !seen.has(predicate)) },
  ];
}

/** Labels for the far end of a relation, most likely first. */
export function partnerGroups(manifest: ModelFacts | null, graph: SceneGraph, subject: string): readonly WordGroup[] {
  const groups = labelGroups(manifest, graph);
  const score = new Map<string, number>();
  for (const triple of manifest?.likely ?? []) {
    if (triple.subject === subject) score.set(triple.object, (score.get(triple.object) ?? 0) + triple.count);
  }
  const likely = [...score].sort((a, b) => b[1] - a[1]).slice(0, 8);
  return likely.length
    ? [{ heading: `Often with ${subject}`, words: likely.map(([word]) => word) }, ...groups]
    : groups;
}
