/** What a predicate speaks of: where things are, that they touch or belong together, or what one does with the other. */

export const predicateKinds = ['geometric', 'contact', 'action'] as const;
export type PredicateKind = (typeof predicateKinds)[number];

const listed = (kind: PredicateKind, words: string): (readonly [string, PredicateKind])[] =>
  words.split(', ').map((word) => [word, kind]);

/** The fifty predicates of Visual Genome as Zellers et al. (2018, "Neural Motifs") divide them, and ours beside them; theirs of possession are contact. */
const kinds: ReadonlyMap<string, PredicateKind> = new Map([
  ...listed(
    'geometric',
    'left of, right of, above, below, behind, in front of, next to, near, by, beside, at, over, around, along, between, inside, surrounding, on side of, on back of, on left of, on right of, beneath, underneath, across, from, to, and',
  ),
  ...listed(
    'contact',
    'on, under, in, on top of, against, attached to, covered in, covering, hanging on, hanging from, laying on, lying on, sitting on, sitting in, standing on, standing in, parked on, mounted on, painted on, growing on, has, have, of, with, belonging to, part of, made of, for',
  ),
]);

/** A verb that is not listed is something that somebody does. */
export const predicateKind = (predicate: string): PredicateKind => kinds.get(predicate) ?? 'action';
