/** The words of the Picturebook world beside its labels: predicates, and how common sense lets things be there. */
import { backdropOf, type Ground } from './setting.ts';
import type { Thing } from './things.ts';

export type Station = 'ground' | 'horizon' | 'hanging';

/** How common sense lets a thing be there on its own: birds fly over water, houses and trees line the road. */
export function stationsOf({ label, places, hangs, neverGrounded }: Thing, ground: Ground): readonly Station[] {
  if (!places.includes(ground)) return [];
  const roadside = ground === 'road' && (label === 'house' || label === 'tree');
  if (label === 'mountain' || roadside) return ['horizon'];
  const canHang = hangs === backdropOf(ground);
  if (neverGrounded || (label === 'bird' && ground === 'ocean')) return canHang ? ['hanging'] : [];
  return canHang ? ['ground', 'hanging'] : ['ground'];
}

export const predicates = [
  'left of',
  'right of',
  'above',
  'below',
  'inside',
  'surrounding',
  'on',
  'under',
  'behind',
  'in front of',
  'next to',
  'riding',
  'holding',
  'standing on',
] as const;
export type Predicate = (typeof predicates)[number];

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
};
