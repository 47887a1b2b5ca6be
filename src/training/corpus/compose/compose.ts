/** Samples a scene: a setting, then groups of things that fit into it, then everything that is true of them. */
import type { RandomSource } from '#graph/random.ts';
import { type KnownWords, type KnownWorld, knownWorld } from '#training/corpus/world/known-world.ts';
import { partBox, partsOf } from '#training/corpus/world/parts.ts';
import { chance, pick, pickWeighted } from '#training/corpus/world/random.ts';
import { MOST_THINGS, type PlacedObject, type Scene } from '#training/corpus/world/scene.ts';
import { backdropOf, type Ground, NIGHT, type Style } from '#training/corpus/world/setting.ts';
import { type Kind, type Thing, thingOf } from '#training/corpus/world/things.ts';
import { neighbours, overlapping, single } from './groups.ts';
import {
  arrange,
  herd,
  herdSize,
  isArranged,
  type Mixture,
  MOST_EQUAL,
  openingOf,
  type Theme,
  themeOf,
  wholeScenes,
} from './mixture.ts';
import { fits, type Group, type Placed, type Setting } from './placing.ts';
import { linksHold, trueRelations } from './relations.ts';
import { type Pairing, pairingsWith } from './templates.ts';
import { type Arrangement, arrangementOf, type Turn, turned, turnedAnyhow } from './turned.ts';
import { hidden, strewnPair, unlikelyPair } from './unlikely.ts';

/** How many things a scene has, both ends included. */
export interface ThingRange {
  readonly min: number;
  readonly max: number;
}

export interface ComposeOptions {
  readonly things: ThingRange;
  /** Draws from all styles when absent. */
  readonly style?: Style;
  /** Only what these words can say; anything when absent. */
  readonly words?: KnownWords;
  /**
   * Chance of a scene where every thing comes as often as any other, on any ground, for who must learn what each looks like whatever is around it:
   * a verifier that had seen laptops in rooms alone gave one on a pavement, as plain as could be, 0.04. 0 when absent.
   */
  readonly evenly?: number;
  /** Chance of a pair that defies common sense, wherever two things are to be put together; 0.15 when absent. */
  readonly unlikely?: number;
  /** Chance of a scene of things that lie strewn: most pairs of them are to any side of each other, on the ground or in the air. 0 when absent. */
  readonly strewn?: number;
  /** Chance of a scene of which two things are then turned round, where there is room, and all else left as it was. 0 when absent. */
  readonly turned?: number;
  /** What scenes are about, in place of the three chances above; whatever common sense puts together when absent. */
  readonly mixture?: Mixture;
  /** Beside a mixture: chance of a scene as test graphs have them (`wholeScenes`), in place of one of the mixture's. 0 when absent. */
  readonly whole?: number;
}

/** What scenes are like. */
export type Composition = Pick<
  ComposeOptions,
  'things' | 'evenly' | 'unlikely' | 'strewn' | 'turned' | 'mixture' | 'whole'
>;

const horizons = [0.5, 0.5625, 0.625] as const;

/** Chance of 1, 2, 3, … things, before the range is applied; more than listed are as likely as the last. */
const countWeights = [0.22, 0.36, 0.28, 0.14];
const SINGLE_CHANCE = 0.4;
/** About a seventh of the scenes then show such a pair. */
const UNLIKELY_CHANCE = 0.15;
/** What most pictures are painted in is seen most. */
const styleWeights: Readonly<Record<Style, number>> = {
  noto: 4,
  twemoji: 2,
  fluent: 1.5,
  'fluent-3d': 1,
  pencil: 1.5,
  pastel: 1,
};
/** Of two things that have nothing to do with one another, one partly hides the other. */
const HIDING_CHANCE = 0.3;
/** Where things lie strewn, of two that are to be put together. */
const STREWN_CHANCE = 0.75;
const PAINTED_CHANCE = 0.45;
const NIGHT_CHANCE = 0.1;
const PART_CHANCE = 0.25;
/**
 * How often things of a kind come, beside household goods: those are many, and only people ride, hold and wear. Alike, rooms were more
 * than half of the scenes, and one relation in two hundred a rider's.
 */
const kindWeights: Partial<Record<Kind, number>> = {
  person: 7,
  animal: 3,
  vehicle: 3,
  plant: 2,
  landscape: 2.5,
  building: 2.5,
  'sky thing': 1.5,
  toy: 2,
  furniture: 1.3,
  street: 1.6,
  clothing: 1.2,
  food: 1.2,
};
const weightOf = ({ kind }: Thing): number => kindWeights[kind] ?? 1;
const REPEAT_CHANCE = 0.1;
const ATTEMPTS = 24;

/**
 * A scene that obeys common sense, but for pairs that its graphs speak of (unlikely.ts). Every thing of it is painted, and everything
 * painted is in it. Its objects are the things, then the two regions, backdrop (sky or wall) and ground, then parts of things, which no picture
 * shows for themselves. Same source, same scene.
 * @throws RangeError unless 1 ≤ min ≤ max ≤ 6.
 */
export function composeScene(random: RandomSource, options: ComposeOptions): Scene {
  const world = knownWorld(options.words);
  const { mixture, ...chances } = options;
  const isWhole = mixture !== undefined && chanceOf(random, options.whole);
  const theme = mixture && themeOf(isWhole ? wholeScenes : mixture, random);
  const asked = theme ? { ...options, ...themed(theme, options, random) } : chances;
  const arrangement = arrangeScene(random, world, asked, theme);
  const isTurned = chanceOf(random, asked.turned);
  const scene = assemble((isTurned && turnedAnyhow(arrangement, random)) || arrangement, world, random);
  return isWhole ? { ...scene, isWhole } : scene;
}

/**
 * The scene that `composeScene` draws of the same source, but for two of its things, which are as asked. Where they go is drawn from `places`.
 * @returns undefined when no place was found
 * @throws RangeError as composeScene
 */
export function composeTurned(
  random: RandomSource,
  options: Omit<ComposeOptions, 'turned'>,
  turn: Turn,
  places: RandomSource,
): Scene | undefined {
  const world = knownWorld(options.words);
  const arrangement = turned(arrangeScene(random, world, options), turn, places);
  return arrangement && assemble(arrangement, world, random);
}

/** Nothing is drawn where nothing is left to chance: the scenes of the test set, and those of the verifier's thresholds, stay what they are. */
const chanceOf = (random: RandomSource, share = 0): boolean => share === 1 || (share > 0 && chance(random, share));

/** Chances of a scene of one theme; of two things at least, but for the usual ones, and of up to four where there are equal ones. */
function themed(theme: Theme, { things }: ComposeOptions, random: RandomSource): Partial<ComposeOptions> {
  const least = theme === 'usual' ? 1 : theme === 'equal' ? herdSize(MOST_EQUAL, random) : 2;
  return {
    things: { min: Math.min(Math.max(things.min, least), things.max), max: things.max },
    unlikely: 0,
    strewn: theme === 'strewn' ? 1 : 0,
    turned: theme === 'turned' ? 1 : 0,
  };
}

function arrangeScene(
  random: RandomSource,
  world: KnownWorld,
  { things: range, style, evenly, unlikely = UNLIKELY_CHANCE, strewn }: ComposeOptions,
  theme: Theme = 'usual',
): Arrangement {
  if (!(range.min >= 1 && range.min <= range.max && range.max <= MOST_THINGS)) {
    throw new RangeError(`things: {min: ${range.min}, max: ${range.max}} is not a range within 1 … ${MOST_THINGS}`);
  }
  const counts = Array.from({ length: range.max - range.min + 1 }, (_, i) => range.min + i);
  const count = pickWeighted(random, counts, (n) => countWeights[Math.min(n, countWeights.length) - 1] as number);
  const even = chanceOf(random, evenly);
  const lieStrewn = chanceOf(random, strewn);
  for (;;) {
    const drawn = style ?? pickWeighted(random, world.styles, (one) => styleWeights[one]);
    const arrangement = tryArrange(random, world, { count, style: drawn, even, unlikely, strewn: lieStrewn, theme });
    if (arrangement) return arrangement;
  }
}

/**
 * One attempt at a scene of so many things in one style and these words: undefined where they did not fit. For words of which there may be no
 * such scene at all.
 * @throws RangeError when the words name no thing on a ground, or no style
 */
export function attemptScene(random: RandomSource, count: number, style: Style, words: KnownWords): Scene | undefined {
  const world = knownWorld(words);
  const usual = { even: false, unlikely: UNLIKELY_CHANCE, strewn: false, theme: 'usual' } as const;
  const arrangement = tryArrange(random, world, { count, style, ...usual });
  return arrangement && assemble(arrangement, world, random);
}

/** One scene to be tried. */
interface Attempt extends Required<Pick<ComposeOptions, 'style' | 'unlikely'>> {
  /** See evenly of ComposeOptions. */
  readonly even: boolean;
  readonly strewn: boolean;
  /** Things. */
  readonly count: number;
  readonly theme: Theme;
}

function tryArrange(
  random: RandomSource,
  world: KnownWorld,
  { count, style, even, unlikely, strewn, theme }: Attempt,
): Arrangement | undefined {
  const weigh = even ? () => 1 : weightOf;
  const opening = count >= 2 && isArranged(theme) ? openingOf(theme, world, even, random) : undefined;
  const focus = opening ? thingOf(opening.subject) : pickWeighted(random, world.things, weigh);
  const ground = opening?.ground ?? pick(random, even ? allGrounds(world) : world.groundsOf(focus));
  const setting: Setting = { style, ground, backdrop: backdropOf(ground), horizon: pick(random, horizons) };
  const present = even ? world.things : world.things.filter(({ places }) => places.includes(ground));
  const here = present.map(({ label }) => label);
  const first = opening
    ? [arrange(opening, setting, random)]
    : openingGroups(count >= 2 ? theme : 'usual', setting, focus.label, { here, budget: count }, random);
  if (!first?.every((group, at) => linksHold(group.things, group.links) && fits(group, first.slice(0, at))))
    return undefined;
  const groups = [...first];
  let placed = groups.reduce((sum, { things }) => sum + things.length, 0);
  let label = placed === 0 ? focus.label : pickWeighted(random, present, weigh).label;
  for (let attempt = 0; attempt < ATTEMPTS && placed < count; attempt++) {
    const group = arranged(setting, world, label, { here, budget: count - placed, unlikely, strewn }, random);
    if (group && linksHold(group.things, group.links) && fits(group, groups)) {
      groups.push(group);
      placed += group.things.length;
    } else if (placed === 0) continue;
    // What another thing carries (a dog on a surfboard) need not belong here on its own.
    const again = groups.flatMap((one) => one.things.map((thing) => thing.label)).filter((one) => here.includes(one));
    const repeats = again.length > 0 && chance(random, REPEAT_CHANCE);
    label = repeats ? pick(random, again) : pickWeighted(random, present, weigh).label;
  }
  return placed === count ? arrangementOf(setting, groups) : undefined;
}

/** What a group may be made of. */
interface Room extends Pick<Attempt, 'unlikely' | 'strewn'> {
  /** Labels. */
  readonly here: readonly string[];
  /** Things that are still to be placed. */
  readonly budget: number;
}

/** What a scene of a theme that is no arrangement begins with: nothing where the theme is how all of it lies. Undefined where there is no room. */
function openingGroups(
  theme: Theme,
  setting: Setting,
  label: string,
  { here, budget }: Pick<Room, 'here' | 'budget'>,
  random: RandomSource,
): readonly Group[] | undefined {
  const one = (group: Group | undefined) => group && [group];
  switch (theme) {
    case 'equal':
      return herd(setting, label, herdSize(budget, random), random);
    case 'hidden':
      return one(hidden(setting, label, pick(random, here), random));
    case 'neighbours':
      return one(neighbours(setting, label, pick(random, here), random));
    case 'defying':
      return one(unlikelyPair(setting, label, pick(random, here), random));
    default:
      return [];
  }
}

function arranged(
  setting: Setting,
  world: KnownWorld,
  label: string,
  { here, budget, unlikely, strewn }: Room,
  random: RandomSource,
): Group | undefined {
  if (budget >= 2 && strewn && chance(random, STREWN_CHANCE))
    return strewnPair(setting, label, pick(random, here), random);
  if (budget >= 2 && chance(random, unlikely)) return unlikelyPair(setting, label, pick(random, here), random);
  const isStranger = !thingOf(label).places.includes(setting.ground);
  if (budget >= 2 && isStranger && chance(random, HIDING_CHANCE)) {
    return overlapping(setting, pick(random, here), label, random);
  }
  const known = ({ subject, object }: Pairing) => world.knows(subject) && world.knows(object);
  const lists = pairingsWith(setting.ground, label)
    .map((pairings) => pairings.filter(known))
    .filter(({ length }) => length > 0);
  if (budget < 2 || lists.length === 0 || chance(random, SINGLE_CHANCE)) return single(setting, label, random);
  const list = pickWeighted(random, lists, (pairings) => pairings[0]?.template.weight ?? 0);
  const { template, subject, object } = pick(random, list);
  return template.arrange(setting, subject, object, random);
}

const allGrounds = ({ things, groundsOf }: KnownWorld): readonly Ground[] => [...new Set(things.flatMap(groundsOf))];

/** What comes in colours is painted now and then. */
const paintOf = (label: string, { colours }: KnownWorld, random: RandomSource): readonly string[] =>
  thingOf(label).painted && chance(random, PAINTED_CHANCE) && colours.length > 0 ? [pick(random, colours)] : [];

function assemble({ setting, things, links }: Arrangement, world: KnownWorld, random: RandomSource): Scene {
  const region = (label: string, box: PlacedObject['box']): PlacedObject => ({
    label,
    attributes: [],
    box,
    depth: 0,
    isGround: true,
  });
  const night = world.hasNight && setting.backdrop === 'sky' && chance(random, NIGHT_CHANCE);
  const objects = [
    ...things.map(({ footing: _, ...object }) => ({ ...object, attributes: paintOf(object.label, world, random) })),
    { ...region(setting.backdrop, [0, 0, 1, setting.horizon]), attributes: night ? [NIGHT] : [] },
    region(setting.ground, [0, setting.horizon, 1, 1]),
  ];
  const parts = things.flatMap((thing, index) => partOf(thing, index, setting.style, world, random));
  const belonging = parts.flatMap(({ partOf: whole }, i): Scene['relations'] => [
    { subject: objects.length + i, predicate: 'of', object: whole },
    { subject: whole, predicate: 'has', object: objects.length + i },
  ]);
  const relations = [...trueRelations(things, setting, links), ...belonging].filter(({ predicate }) =>
    world.knows(predicate),
  );
  return { style: setting.style, objects: [...objects, ...parts], relations };
}

/** Now and then one of the parts that are seen of a thing. */
function partOf(
  { label, box, depth, shown = 1 }: Placed,
  whole: number,
  style: Style,
  world: KnownWorld,
  random: RandomSource,
): (PlacedObject & { readonly partOf: number })[] {
  const seen = partsOf(label, style).filter(({ name, box: share }) => world.knows(name) && share[3] <= shown);
  if (seen.length === 0 || !chance(random, PART_CHANCE)) return [];
  const { name, box: share } = pick(random, seen);
  return [{ label: name, attributes: [], box: partBox(share, box, shown), depth, isGround: false, partOf: whole }];
}
