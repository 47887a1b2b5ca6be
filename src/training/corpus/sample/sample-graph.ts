/** The graph that a model is shown of a scene: all things, some regions, and a sparse or dense part of what is true. */
import type { RandomSource } from '#graph/random.ts';
import { isHeldOut } from '#training/corpus/world/held-out.ts';
import { type KnownWords, knownWorld } from '#training/corpus/world/known-world.ts';
import { nameOf, wordFor } from '#training/corpus/world/phrases.ts';
import { chance, pick, pickWeighted } from '#training/corpus/world/random.ts';
import {
  isThing,
  type PlacedObject,
  type PlacedRelation,
  type Scene,
  type SceneGraphSample,
} from '#training/corpus/world/scene.ts';
import { grounds, NIGHT } from '#training/corpus/world/setting.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { kindsOfRelation, type Predicate } from '#training/corpus/world/world.ts';

export interface SampleOptions {
  /** May the graph contain held-out triples? Only test graphs may; absent: no. */
  readonly heldOut?: boolean;
  readonly maxObjects?: number;
  readonly maxRelations?: number;
  /** Only these words; any when absent. */
  readonly words?: KnownWords;
  /**
   * Is a ground always named that one of the things does not belong on? A graph that names none then means one that suits them all, however
   * many scenes show any thing on any ground (`evenly`): cars were painted on rivers. One that suits them is named less often than in other graphs, for
   * what may be on which is learned from those graphs alone. Absent: no.
   */
  readonly saysOddGround?: boolean;
  /** How much of what is true people say; as test graphs do when absent. */
  readonly habits?: GraphHabits;
}

/** What people leave unsaid, as shares of graphs. What nobody would guess is said all the same. */
export interface GraphHabits {
  /** Graphs without relations. */
  readonly unrelated: number;
  /** The same where things are equal: whoever draws three cows draws three cows. */
  readonly equalUnrelated: number;
  /** Graphs of one or two relations, of the others. */
  readonly sparse: number;
}

const REGION_CHANCE = 0.7;
/** The same with `saysOddGround`. */
const GUESSED_REGION_CHANCE = 0.5;
const PART_CHANCE = 0.7;
/** Chance that a graph says the colour of a thing that has one. Night it always says: where nobody asked for it, it is day. */
export const ATTRIBUTE_CHANCE = 0.85;
/** Relations on one pair of objects. */
const MAX_PER_PAIR = 2;

/** Chance beside the other predicates that hold in the scene: what only few scenes show comes first. */
const predicateWeights: Readonly<Record<Predicate, number>> = {
  'left of': 2,
  'right of': 2,
  above: 1.6,
  below: 1.6,
  inside: 1.4,
  surrounding: 1.4,
  on: 1.3,
  under: 1.4,
  behind: 1.8,
  'in front of': 1.8,
  'next to': 1.6,
  riding: 4,
  holding: 4,
  'standing on': 1.2,
  wearing: 4,
  has: 1.2,
  of: 1.2,
  against: 1,
  along: 1,
};

/**
 * The same in graphs as people draw them: what two things do, and who is in, on and behind what, before which is further left. With the weights above
 * *below* was in 40 graphs of 100 and *riding* in one of 200.
 */
const drawnWeights: Readonly<Record<Predicate, number>> = {
  'left of': 0.5,
  'right of': 0.5,
  above: 0.4,
  below: 0.4,
  inside: 4,
  surrounding: 1.5,
  on: 4,
  under: 1,
  behind: 4,
  'in front of': 4,
  'next to': 4,
  riding: 14,
  holding: 14,
  'standing on': 3,
  wearing: 14,
  has: 1.5,
  of: 1,
  against: 1,
  along: 1,
};

/** A relation to a region says less than one between things. */
const REGION_WEIGHT = 0.2;

/** Every draw is a new graph of the same picture: all things, some regions and parts. Same source, same graph. */
export function sampleSceneGraph(scene: Scene, random: RandomSource, options: SampleOptions = {}): SceneGraphSample {
  const { heldOut = false, maxObjects = 8, maxRelations = 12, words, saysOddGround = false, habits } = options;
  const { knows } = knownWorld(words);
  const regionChance = saysOddGround ? GUESSED_REGION_CHANCE : REGION_CHANCE;
  const belongs = (ground: string) =>
    scene.objects.every((object) => !isThing(object) || thingOf(object.label).places.some((place) => place === ground));
  const isOdd = ({ label }: PlacedObject) =>
    saysOddGround && grounds.some((ground) => ground === label) && !belongs(label);
  const shown = scene.objects
    .map((object, sceneIndex) => ({ ...object, sceneIndex }))
    .filter(
      (object) =>
        (!object.isGround || chance(random, regionChance) || object.attributes.includes(NIGHT) || isOdd(object)) &&
        (object.partOf === undefined || chance(random, PART_CHANCE)),
    )
    .slice(0, maxObjects);
  const indexOf = new Map(shown.map(({ sceneIndex }, index) => [sceneIndex, index]));
  const candidates = scene.relations.filter(({ subject, object }) => indexOf.has(subject) && indexOf.has(object));
  const allowed = heldOut ? candidates : candidates.filter((relation) => !isHeldOutIn(scene, relation));
  const things = shown.filter(isThing).length;
  const isEqual = new Set(shown.filter(isThing).map(({ label }) => label)).size < things;
  const wanted = Math.min(maxRelations, habits ? drawnCount(random, habits, isEqual) : relationCount(random, things));
  return {
    style: scene.style,
    objects: shown.map(({ label, attributes, sceneIndex }) => ({
      label: nameOf(label, random, knows),
      attributes: chance(random, ATTRIBUTE_CHANCE) || attributes.includes(NIGHT) ? attributes : [],
      sceneIndex,
    })),
    relations: chooseRelations(scene, allowed, wanted, random, habits ? drawnWeights : predicateWeights).map(
      ({ subject, predicate, object }) => {
        const [a, b] = [scene.objects[subject] as PlacedObject, scene.objects[object] as PlacedObject];
        return {
          subject: indexOf.get(subject) as number,
          predicate: wordFor(predicate as Predicate, a.label, b.label, random, knows, habits !== undefined),
          object: indexOf.get(object) as number,
        };
      },
    ),
  };
}

/** Held out are triples of two things; what regions do is too plain to test anything. */
export function isHeldOutIn(scene: Scene, { subject, predicate, object }: PlacedRelation): boolean {
  const [a, b] = [scene.objects[subject], scene.objects[object]];
  if (!a || !b || a.isGround || b.isGround) return false;
  return isHeldOut({ subject: a.label, predicate, object: b.label });
}

/** From none to dense; about one relation per thing in the middle. */
function relationCount(random: RandomSource, things: number): number {
  if (chance(random, 0.07)) return 0;
  const dense = chance(random, 0.2) ? 2.6 : 1.3;
  return 1 + Math.floor(random.uniform() * dense * things);
}

/** Of a graph as people draw it. */
function drawnCount(
  random: RandomSource,
  { unrelated, equalUnrelated, sparse }: GraphHabits,
  isEqual: boolean,
): number {
  if (chance(random, isEqual ? equalUnrelated : unrelated)) return 0;
  return chance(random, sparse) ? pick(random, [1, 1, 2]) : 2 + random.integer(4);
}

function chooseRelations(
  scene: Scene,
  candidates: readonly PlacedRelation[],
  wanted: number,
  random: RandomSource,
  weights: Readonly<Record<Predicate, number>>,
): PlacedRelation[] {
  const chosen: PlacedRelation[] = [];
  let left = [...candidates];
  const choose = (relation: PlacedRelation) => {
    chosen.push(relation);
    left = left.filter((other) => !redundant(other, relation, chosen));
  };
  for (;;) {
    const unsaid = left.filter(({ unlikely }) => unlikely);
    if (unsaid.length === 0) break;
    choose(pick(random, unsaid));
  }
  const touchesRegion = ({ subject, object }: PlacedRelation) =>
    scene.objects[subject]?.isGround === true || scene.objects[object]?.isGround === true;
  while (chosen.length < wanted && left.length > 0) {
    const present = kindsOfRelation.filter((predicate) => left.some((relation) => relation.predicate === predicate));
    const weightOf = (predicate: Predicate) => {
      const only = left.filter((relation) => relation.predicate === predicate).every(touchesRegion);
      return weights[predicate] * (only ? REGION_WEIGHT : 1);
    };
    const predicate = pickWeighted(random, present, weightOf);
    const ofPredicate = left.filter((relation) => relation.predicate === predicate);
    const between = ofPredicate.filter((relation) => !touchesRegion(relation));
    const relation = pick(random, between.length > 0 && chance(random, 0.8) ? between : ofPredicate);
    choose(relation);
  }
  return chosen;
}

/** The same again, its mirror image, or one more on a pair that has enough. */
function redundant(other: PlacedRelation, last: PlacedRelation, chosen: readonly PlacedRelation[]): boolean {
  if (other === last) return true;
  const samePair = (a: PlacedRelation, b: PlacedRelation) =>
    (a.subject === b.subject && a.object === b.object) || (a.subject === b.object && a.object === b.subject);
  if (!samePair(other, last)) return false;
  const mirrored = other.subject === last.object;
  return mirrored || chosen.filter((one) => samePair(one, other)).length >= MAX_PER_PAIR;
}
