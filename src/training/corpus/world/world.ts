/** The words of the Picturebook world beside its labels: predicates, and how common sense lets things be there. */
import { backdropOf, type Ground } from './setting.ts';
import type { Thing } from './things.ts';

export type Station = 'ground' | 'horizon' | 'hanging';

/** Grounds that lead somewhere: what stands at their far edge stands along them. */
export const lines: ReadonlySet<Ground> = new Set<Ground>(['road', 'sidewalk', 'track', 'river', 'ocean']);
const lining = new Set(['house', 'tree', 'building', 'fence', 'bush']);
export const isWater = (ground: Ground): boolean => ground === 'ocean' || ground === 'river';

/** How common sense lets a thing be there on its own: birds fly over water, houses and trees line the road. */
export function stationsOf({ label, places, hangs, neverGrounded }: Thing, ground: Ground): readonly Station[] {
  if (!places.includes(ground)) return [];
  if (label === 'mountain' || label === 'hill' || (lines.has(ground) && lining.has(label))) return ['horizon'];
  const canHang = hangs === backdropOf(ground);
  if (neverGrounded || (label === 'bird' && isWater(ground))) return canHang ? ['hanging'] : [];
  return canHang ? ['ground', 'hanging'] : ['ground'];
}

/**
 * What can be seen of two things, each kind with its words: Visual Genome's predicates beside the geometric ones. A scene says the kind,
 * which is its own first word; a graph says any word of it that suits the two (phrases.ts). Visual Genome's "made of" is left out:
 * nothing here shows what it is made of.
 */
export const relationKinds = {
  'left of': ['left of'],
  'right of': ['right of'],
  above: ['above', 'over'],
  below: ['below'],
  inside: ['inside', 'in', 'sitting in'],
  surrounding: ['surrounding', 'around'],
  on: ['on', 'on top of', 'laying on', 'sitting on', 'parked on', 'hanging on', 'attached to'],
  under: ['under'],
  behind: ['behind', 'covered in'],
  'in front of': ['in front of', 'covering'],
  'next to': ['next to', 'near', 'by', 'beside', 'at', 'and', 'on side of', 'looking at'],
  riding: ['riding'],
  holding: ['holding', 'carrying', 'eating'],
  'standing on': ['standing on', 'walking on', 'standing in'],
  wearing: ['wearing', 'wears'],
  has: ['has', 'have', 'with'],
  of: ['of', 'belonging to', 'for'],
  against: ['against'],
  along: ['along'],
} as const;
export type Predicate = keyof typeof relationKinds;

export const kindsOfRelation = Object.keys(relationKinds) as readonly Predicate[];
/** Every word for a relation; first the kinds, which the first models knew alone. */
export const predicates: readonly string[] = [
  ...kindsOfRelation,
  ...Object.values(relationKinds).flatMap(([, ...others]) => others),
];

const kindByWord: ReadonlyMap<string, Predicate> = new Map(
  kindsOfRelation.flatMap((kind) => relationKinds[kind].map((word) => [word, kind] as const)),
);
/** The kind of relation that a predicate says; undefined for a word that is none. */
export const relationKindOf = (predicate: string): Predicate | undefined => kindByWord.get(predicate);

/** a P b ⇔ b inverse(P) a. Predicates without one here have no word for their inverse. */
export const inversePredicate: Partial<Record<Predicate, Predicate>> = {
  'left of': 'right of',
  'right of': 'left of',
  above: 'below',
  below: 'above',
  inside: 'surrounding',
  surrounding: 'inside',
  on: 'under',
  under: 'on',
  behind: 'in front of',
  'in front of': 'behind',
  'next to': 'next to',
  has: 'of',
  of: 'has',
};
