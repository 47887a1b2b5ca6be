/** Everyday phrases for the predicates that models are trained on: "to the left of" → left of, "beside" → next to. */
import { type CountedTriple, rankPredicates } from './likely-predicates.ts';

/** Phrases, and the predicates that say the same, the best first; which of them a model knows decides. */
const table: readonly (readonly [phrases: string, predicates: string])[] = [
  [
    'left of, to the left of, on the left of, at the left of, on the left side of, to the left side of, at the left side of, on the left hand side of, left from',
    'left of',
  ],
  [
    'right of, to the right of, on the right of, at the right of, on the right side of, to the right side of, at the right side of, on the right hand side of, right from',
    'right of',
  ],
  ['in front of, ahead of, before, in the foreground of', 'in front of'],
  ['behind, in back of, at the back of, in the background of, following, chasing', 'behind'],
  [
    'next to, beside, by, near, nearby, near to, close to, adjacent to, alongside, besides, at the side of, by the side of, on the side of, near the edge of, near the side of, not far from',
    'next to, beside, near, by',
  ],
  ['between, among', 'between, next to, near'],
  ['above, over, high above, flying over, flying above, hovering over, jumping over', 'above, over'],
  ['below, beneath, underneath', 'below, under'],
  ['under, beneath, underneath, at the foot of', 'under, below'],
  ['on top of, atop, on the top of', 'on top of, on'],
  ['on, upon, onto, at the top of, on the back of, on the front of, at the end of', 'on, on top of'],
  ['on the corner of, at the corner of, on the edge of, at the edge of', 'on, next to, near'],
  ['at the bottom of, on the bottom of, at the base of', 'below, under, at'],
  ['on either side of, on both sides of, across from, opposite', 'next to, beside, near'],
  ['on the other side of', 'behind'],
  [
    'in, inside, inside of, within, into, in the middle of, in the center of, in the centre of, in the corner of, in the back of',
    'in, inside',
  ],
  ['down', 'down, along, on'],
  ['across', 'across, on, over'],
  ['through', 'through, in, on'],
  ['out of', 'out of, in'],
  ['in', 'on, standing on'],
  ['surrounding, encircling, enclosing, around, all around', 'surrounding, around'],
  ['at', 'at, next to, near, in front of, on'],
  ['against', 'against, next to'],
  ['along, along the side of, along the edge of', 'along, on'],
  ['filled with, topped with, full of, lined with, loaded with, decorated with', 'with, has, having, surrounding'],
  ['playing with', 'playing with, with, holding, next to'],
  ['talking on', 'talking on, holding'],
  ['reading', 'reading, looking at, holding'],
  ['swinging', 'swinging, holding'],
  ['using', 'using, holding'],
  ['looking out of, looking out, looking through', 'looking out of, looking at'],
  ['with, having', 'with, has, holding, next to'],
  ['having', 'has, have, with, holding'],
  ['of', 'of, part of, belonging to'],
  ['riding, riding on, riding in, mounting, driving, driving in', 'riding'],
  ['carrying', 'carrying, holding'],
  ['holding, gripping, clutching, grabbing, holding up, holding on to', 'holding, carrying'],
  ['flying', 'flying, holding'],
  ['standing in', 'standing in, standing on'],
  ['standing on, standing upon, standing on top of', 'standing on, standing in'],
  ['sitting on, seated on, sitting upon, sitting on top of, perching on', 'sitting on'],
  ['lying on, laying on, resting on, sleeping on', 'lying on, laying on'],
  ['walking in', 'walking in, walking on, standing on, on'],
  ['walking on, walking along, walking across, running on, strolling along', 'walking on, standing on, on'],
  ['wearing, dressed in', 'wearing, wears, has'],
  ['watching, looking at, staring at, gazing at, facing', 'looking at, watching'],
  ['hanging on, hanging from', 'hanging on, hanging from'],
  ['floating on, floating in, sailing on, sailing in, swimming in', 'on, in'],
  ['covering', 'covering'],
  ['covered in, covered by, covered with', 'covered in'],
];

const predicatesOf = new Map<string, string[]>();
for (const [phrases, predicates] of table) {
  for (const phrase of phrases.split(', ')) {
    predicatesOf.set(phrase, [...new Set([...(predicatesOf.get(phrase) ?? []), ...predicates.split(', ')])]);
  }
}

/** Participles of what was done to a thing, which no "ing" can say: a vase filled with flowers is not filling. */
const states = new Set(
  'parked docked moored filled topped lined loaded decorated covered painted made stacked tied attached mounted placed displayed dressed seated perched'.split(
    ' ',
  ),
);

/** They say that two things are together and leave how to the world: the corpus decides among the candidates. */
const vague = new Set(['in', 'at', 'with', 'having']);
const verbless = [...predicatesOf.keys()].filter(
  (phrase) => !/^\w+ing( |$)|^seated|^dressed|^covered|^\w+ed with$/.test(phrase),
);
/** They say where, whatever is done there: "sleeping on" is at least "on". */
const spatial = new Set(verbless.filter((phrase) => !['with', 'of', 'at'].includes(phrase)));
/** They relate things in ways that models have no word for. */
const alone = 'to from towards toward for off beyond past about against up outside'.split(' ').concat('outside of');

/** Prepositions of several words and of one, the longest first. */
export const prepositions: readonly string[] = [...new Set([...verbless, ...alone])].sort(
  (a, b) => b.split(' ').length - a.split(' ').length || b.length - a.length,
);

export interface LinkWords {
  /** "riding"; undefined for a bare preposition. */
  readonly gerund: string | undefined;
  /** The verb as it was written: "parked". */
  readonly form: string | undefined;
  readonly preposition: string | undefined;
}

export interface KnownPredicates {
  /** Null for a model that takes every word. */
  readonly predicates: readonly string[] | null;
  readonly likely: readonly CountedTriple[];
}

/** What a link may be called, in its own words first. */
export function phrasesOf({ gerund, form, preposition }: LinkWords): readonly string[] {
  if (gerund === undefined) return preposition === undefined ? [] : [preposition];
  const verbs = [...new Set([gerund, ...(form === undefined ? [] : [form])])];
  return preposition === undefined ? verbs : verbs.map((verb) => `${verb} ${preposition}`);
}

/**
 * @param ends labels of the subject and the object, which decide where the words are vague ("a boat in the ocean" is on it)
 * @returns a predicate of the model, or undefined
 */
export function predicateFor(
  link: LinkWords,
  { predicates, likely }: KnownPredicates,
  ends: { readonly subject: string; readonly object: string },
): string | undefined {
  const phrases = phrasesOf(link);
  const own = phrases.find((phrase) => predicates?.includes(phrase));
  if (own !== undefined) return own;
  if (predicates === null) return inItsOwnWords(link);
  const { preposition } = link;
  const fallback = preposition !== undefined && spatial.has(preposition) ? [preposition] : [];
  for (const phrase of [...phrases, ...fallback]) {
    const candidates = [phrase, ...(predicatesOf.get(phrase) ?? [])].filter((word) => predicates.includes(word));
    if (candidates.length === 0) continue;
    if (!vague.has(phrase) && !(preposition !== undefined && vague.has(preposition))) return candidates[0];
    const ofSubject = likely.filter(({ subject }) => subject === ends.subject);
    const seen = (among: readonly CountedTriple[]) =>
      candidates.filter((word) => among.some(({ predicate }) => predicate === word));
    const ofBoth = seen(ofSubject.filter(({ object }) => object === ends.object));
    if (ofBoth.length > 0) return rankPredicates(likely, ofBoth, ends)[0];
    // A table is never seen to hold: "a table with a cup" has it at hand only.
    const isCompany = phrase === 'with' || phrase === 'having';
    return isCompany && ofSubject.length > 0 ? (seen(ofSubject)[0] ?? candidates.at(-1)) : candidates[0];
  }
  return undefined;
}

/** For a model that takes every word the sentence's are the best: "sleeping on". A place of a place is the place: "in the corner of". */
function inItsOwnWords({ gerund, form, preposition }: LinkWords): string | undefined {
  const verb = states.has(form ?? '') ? form : gerund === 'having' ? 'has' : gerund;
  if (preposition === undefined) return verb;
  const plain = preposition.includes(' ') ? (predicatesOf.get(preposition)?.[0] ?? preposition) : preposition;
  if (verb === undefined) return plain;
  // "mounted on the side of" is on it, whoever is "on the side of" it beside.
  const part = /^(in|on|at) the (?:side|middle|center|centre|corner|edge|end|back|front) of$/.exec(preposition);
  return `${verb} ${part?.[1] ?? plain}`;
}

const verbs = new Set([...predicatesOf.keys()].flatMap((phrase) => /^(\w+ing)(?: |$)/.exec(phrase)?.[1] ?? []));

/** Whether a gerund is one that relates things, here or in the model's own predicates. */
export function isRelatingVerb(gerund: string, predicates: readonly string[] | null): boolean {
  return verbs.has(gerund) || (predicates?.some((word) => word === gerund || word.startsWith(`${gerund} `)) ?? false);
}
