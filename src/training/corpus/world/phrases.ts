/** How people would say it: other names of things, and the words for a relation that suit the two it is between. */
import type { RandomSource } from '#graph/random.ts';
import { chance, pickWeighted } from './random.ts';
import { backdrops, type Ground, grounds, regionNames } from './setting.ts';
import { thingByLabel, things } from './things.ts';
import { type Predicate, relationKindOf, relationKinds } from './world.ts';

const OTHER_NAME_CHANCE = 0.3;

/** Other names of a thing, ground or backdrop. */
export const otherNames = (label: string): readonly string[] =>
  thingByLabel.get(label)?.words ?? regionNames[label as Ground] ?? [];

const drawn: readonly string[] = [...things.map(({ label }) => label), ...grounds, ...backdrops];
const meanings: ReadonlyMap<string, readonly string[]> = (() => {
  const map = new Map<string, string[]>();
  for (const label of drawn) {
    for (const name of otherNames(label)) map.set(name, [...(map.get(name) ?? []), label]);
  }
  return map;
})();

/** Names that nothing is called first, each once. */
export const namesBeside: readonly string[] = [...meanings.keys()].filter((name) => !drawn.includes(name));

/** What may be drawn for a label of the vocabulary; empty for a word outside of it. */
export const meaningsOf = (label: string): readonly string[] =>
  drawn.includes(label) ? [label] : (meanings.get(label) ?? []);

/** The label, or now and then another name that is known. */
export function nameOf(label: string, random: RandomSource, knows: (word: string) => boolean): string {
  const others = otherNames(label).filter(knows);
  if (others.length === 0 || !chance(random, OTHER_NAME_CHANCE)) return label;
  return others[random.integer(others.length)] as string;
}

/** Words that people say more often than the weights below, which are those of test graphs, have them. */
const favourites: Readonly<Record<string, number>> = {
  eating: 5,
  'sitting on': 7,
  'sitting in': 2,
  carrying: 1.4,
  'next to': 1.5,
  near: 1.3,
  behind: 1.5,
  'in front of': 1.5,
};

/**
 * A known word for the relation that suits its two ends, given by their drawn labels; the kind itself must be known.
 * @param asDrawn as often as people say it; as test graphs do otherwise
 */
export function wordFor(
  kind: Predicate,
  subject: string,
  object: string,
  random: RandomSource,
  knows: (word: string) => boolean,
  asDrawn = false,
): string {
  const words = Object.entries(wordWeights(kind, subject, object)).filter(([word]) => knows(word));
  return pickWeighted(random, words, ([word, weight]) =>
    asDrawn ? Math.sqrt(weight) * (favourites[word] ?? 1) : weight,
  )[0];
}

/** Every word that `wordFor` may give. */
export const wordsFor = (kind: Predicate, subject: string, object: string): readonly string[] =>
  Object.keys(wordWeights(kind, subject, object));

const isGround = (label: string): label is Ground => (grounds as readonly string[]).includes(label);
const soft = new Set<string>(['grass', 'field', 'snow', 'sand', 'ocean', 'river', 'dirt']);
const layable = new Set(['household', 'food', 'clothing', 'toy']);

function wordWeights(kind: Predicate, subject: string, object: string): Readonly<Record<string, number>> {
  const subjectKind = thingByLabel.get(subject)?.kind;
  const objectKind = thingByLabel.get(object)?.kind;
  const moves = subjectKind === 'person' || subjectKind === 'animal';
  switch (kind) {
    case 'above':
      return { above: 3, over: 1 };
    case 'inside':
      if (object === 'sky') return { in: 2, inside: 1 };
      return { inside: 2, in: 1.2, ...(moves && objectKind && { 'sitting in': 0.6 }) };
    case 'surrounding':
      return { surrounding: 2, around: 1 };
    case 'on':
      if (object === 'wall') return { on: 1, 'hanging on': 2, 'attached to': 1 };
      return {
        on: 2,
        'on top of': 1,
        ...(layable.has(subjectKind ?? '') && { 'laying on': 1 }),
        ...(moves && objectKind && { 'sitting on': 1.5 }),
        ...(subjectKind === 'vehicle' && isGround(object) && object !== 'ocean' && { 'parked on': 2 }),
        ...((object === 'ocean' || object === 'river') && { in: 2 }),
      };
    case 'behind':
      return { behind: 8, 'covered in': 1 };
    case 'in front of':
      return { 'in front of': 8, covering: 1 };
    case 'next to': {
      const still = objectKind === 'furniture' || objectKind === 'building';
      return {
        'next to': 4,
        near: 2,
        by: 1.4,
        beside: 1.4,
        and: 0.7,
        'on side of': 0.7,
        ...(moves && { 'looking at': 1.2 }),
        ...(subjectKind === 'person' && still && { at: 3 }),
      };
    }
    case 'holding':
      return { holding: 3, carrying: 1.4, ...(objectKind === 'food' && { eating: 2.5 }) };
    case 'standing on':
      return {
        'standing on': 3,
        ...(moves && isGround(object) && { 'walking on': 2 }),
        ...(soft.has(object) && { 'standing in': 1.5 }),
      };
    case 'wearing':
      return { wearing: 3, wears: 1 };
    case 'has':
      return { has: 2, have: 1, with: 1.4 };
    case 'of':
      return { of: 2, 'belonging to': 1, for: 0.6 };
    default:
      return { [kind]: 1 };
  }
}

/** Kinds that a model which does not know a kind may start it from. */
const kin: Partial<Record<Predicate, Predicate>> = {
  wearing: 'holding',
  has: 'holding',
  of: 'on',
  against: 'next to',
  along: 'next to',
};

/** Words that mean nearly the same, the nearest first: where a model that learns a new word may start it. */
export function nearestWords(word: string): readonly string[] {
  const kind = relationKindOf(word);
  if (kind) return [kind, ...relationKinds[kind], kin[kind] ?? kind];
  return meaningsOf(word);
}
