/** Which templates a label can take part in, on which ground, with whom. */
import type { RandomSource } from '#graph/random.ts';
import { backdropOf, type Ground, grounds } from '#training/corpus/world/setting.ts';
import { thingByLabel, thingOf, things } from '#training/corpus/world/things.ts';
import { isWater, lines, type Station, stationsOf } from '#training/corpus/world/world.ts';
import { containers, covers, holdable, mounts, supports, wearers, worn } from './arrangements.ts';
import { contained, holding, neighbours, overlapping, riding, sheltered, stacked, wearing } from './groups.ts';
import type { Group, Setting } from './placing.ts';

type Arrange = (setting: Setting, subject: string, object: string, random: RandomSource) => Group;

interface Template {
  readonly name: string;
  /** Chance beside other templates that a label can take part in. */
  readonly weight: number;
  readonly arrange: Arrange;
}

/** A template with its two labels. */
export interface Pairing {
  readonly template: Template;
  readonly subject: string;
  readonly object: string;
}

const known = (labels: readonly string[]) => labels.filter((label) => thingByLabel.has(label));
const at = (label: string, ground: Ground): readonly Station[] => stationsOf(thingOf(label), ground);
/** May it be there on its own, on the ground, hanging, or, for mountains, on the horizon? */
const belongs = (label: string, ground: Ground): boolean =>
  at(label, ground).length > 0 && !(lines.has(ground) && at(label, ground)[0] === 'horizon');
const grounded = (label: string, ground: Ground): boolean => at(label, ground).includes('ground');
const people = things.filter(({ kind }) => kind === 'person').map(({ label }) => label);

function* pairings(ground: Ground): Generator<Pairing> {
  const ride: Template = { name: 'riding', weight: 4, arrange: riding };
  for (const mount of mounts) {
    // Nobody surfs on sand.
    if (!belongs(mount, ground) || (mount === 'surfboard' && ground !== 'ocean')) continue;
    for (const person of people) yield { template: ride, subject: person, object: mount };
  }
  const hold: Template = { name: 'holding', weight: 2.5, arrange: holding };
  for (const person of people.filter((label) => belongs(label, ground))) {
    const isIndoors = backdropOf(ground) === 'wall';
    const here = holdable.filter(
      (item) => belongs(item, ground) || (isIndoors ? ['flower', 'umbrella'].includes(item) : !item.endsWith('board')),
    );
    for (const item of here) yield { template: hold, subject: person, object: item };
  }
  const wear: Template = { name: 'wearing', weight: 2, arrange: wearing };
  for (const person of wearers.filter((label) => belongs(label, ground))) {
    for (const item of Object.keys(worn)) yield { template: wear, subject: person, object: item };
  }
  const stack: Template = { name: 'stacked', weight: 1.2, arrange: stacked };
  for (const [support, { carries }] of Object.entries(supports)) {
    if (!belongs(support, ground)) continue;
    for (const item of known(carries)) {
      if (!isWater(ground) || ['bird', 'dog', 'ball'].includes(item))
        yield { template: stack, subject: item, object: support };
    }
  }
  const shelter: Template = { name: 'sheltered', weight: 1.2, arrange: sheltered };
  for (const [cover, items] of Object.entries(covers)) {
    if (!belongs(cover, ground)) continue;
    for (const item of known(items))
      if (grounded(item, ground)) yield { template: shelter, subject: item, object: cover };
  }
  const contain: Template = { name: 'contained', weight: 1.2, arrange: contained };
  for (const [container, { holds }] of Object.entries(containers)) {
    if (!belongs(container, ground)) continue;
    for (const item of known(holds)) {
      const outOfPlace = container === 'mountain' && !belongs(item, ground);
      if (!outOfPlace) yield { template: contain, subject: item, object: container };
    }
  }
  const overlap: Template = { name: 'overlapping', weight: 1.1, arrange: overlapping };
  const beside: Template = { name: 'neighbours', weight: 1.1, arrange: neighbours };
  for (const { label: subject } of things) {
    if (!grounded(subject, ground)) continue;
    for (const { label: object } of things) {
      const stations = at(object, ground);
      if (stations.length > 0 && stations[0] !== 'hanging') yield { template: overlap, subject, object };
      if (stations.includes('ground')) yield { template: beside, subject, object };
    }
  }
}

/** Pairings by template, for every (ground, label). */
const index: ReadonlyMap<string, ReadonlyMap<Template['name'], readonly Pairing[]>> = (() => {
  const map = new Map<string, Map<string, Pairing[]>>();
  for (const ground of grounds) {
    for (const pairing of pairings(ground)) {
      for (const label of new Set([pairing.subject, pairing.object])) {
        const key = `${ground}/${label}`;
        const byTemplate = map.get(key) ?? new Map<string, Pairing[]>();
        map.set(key, byTemplate);
        const mine = byTemplate.get(pairing.template.name) ?? [];
        byTemplate.set(pairing.template.name, mine);
        mine.push(pairing);
      }
    }
  }
  return map;
})();

/** All pairings of a template, each with a ground where common sense has it. */
export function pairingsOf(name: Template['name']): readonly (Pairing & { readonly ground: Ground })[] {
  return grounds.flatMap((ground) => {
    const mine = [...index]
      .filter(([key]) => key.startsWith(`${ground}/`))
      .flatMap(([, byName]) => byName.get(name) ?? []);
    return [...new Set(mine)].map((pairing) => ({ ...pairing, ground }));
  });
}

/** Lists of pairings in which the label takes part on this ground, one list per template. */
export function pairingsWith(ground: Ground, label: string): readonly (readonly Pairing[])[] {
  return [...(index.get(`${ground}/${label}`)?.values() ?? [])];
}
