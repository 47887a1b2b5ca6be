/**
 * Arrangements that common sense forbids, drawn because the graph says so: a car over a mountain, a rock over a cloud, a cow within a bike.
 * Without them an edge turned round often asked for what no picture had ever shown, and the picture kept to common sense:
 * none of 15 pairs "above / below" of the test graphs came out right, against 9 of 17 "left of / right of".
 */
import { geometricRelation } from '#graph/places/geometry.ts';
import type { RandomSource } from '#graph/random.ts';
import { spriteAspect } from '#training/corpus/render/sprites.ts';
import { between, chance, pick } from '#training/corpus/world/random.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { stationsOf } from '#training/corpus/world/world.ts';
import { containers } from './arrangements.ts';
import {
  anyX,
  centreX,
  centreY,
  type Group,
  grounded,
  HANGING,
  heightOf,
  layers,
  overlapX,
  overlapY,
  type Placed,
  place,
  type Setting,
  widthOf,
} from './placing.ts';

/** Shares of a thing's height in the foreground; few, so that each drawing is seen at few sizes. */
const scales = [1, 0.84, 0.68, 0.57, 0.46];
/** Nothing here is drawn lower than this share of the picture; two in one column leave less than the 0.17 of groups.ts. */
const SMALLEST = 0.14;
const GAP = 0.03;
/** Centres of the one above and the one below differ by at most this along x. */
const ASIDE = 0.12;
const NESTED_CHANCE = 0.25;
const OUTER = { height: 0.62, width: 0.86 } as const;
/** The inner one's box to the outer one's. */
const INNER = { height: 0.44, width: 0.5 } as const;

/** Two things in an unlikely arrangement, either one as the subject; undefined when the two do not lend themselves to it. */
export function unlikelyPair(setting: Setting, a: string, b: string, random: RandomSource): Group | undefined {
  const [subject, object] = chance(random, 0.5) ? [a, b] : [b, a];
  return chance(random, NESTED_CHANCE)
    ? nested(setting, subject, object, random)
    : lifted(setting, subject, object, random);
}

const hangs = ({ ground }: Setting, label: string): boolean => stationsOf(thingOf(label), ground).includes('hanging');

/** One thing in the air, right above another that stands on the ground. */
function lifted(setting: Setting, upper: string, lower: string, random: RandomSource): Group | undefined {
  // A cloud above a car is nothing unlikely.
  if (hangs(setting, upper) && !hangs(setting, lower)) return undefined;
  const layer = pick(random, layers.slice(1));
  const [upperHeight, lowerHeight] = [thingOf(upper).height, thingOf(lower).height];
  const room = layer.bottom - GAP - 0.02;
  const scale = scales.find((one) => one * (upperHeight + lowerHeight) <= room);
  if (scale === undefined || scale * Math.min(upperHeight, lowerHeight) < SMALLEST) return undefined;
  const half = (height: number, label: string) => (scale * height * spriteAspect(setting.style, label)) / 2 + 0.02;
  const margin = Math.min(0.5, Math.max(half(upperHeight, upper), half(lowerHeight, lower)));
  const x = between(random, margin, 1 - margin);
  const below = place(setting, lower, {
    height: lowerHeight * scale,
    x,
    bottom: layer.bottom,
    depth: layer.depth,
    footing: 'ground',
  });
  const highest = upperHeight * scale + 0.02;
  const above = place(setting, upper, {
    height: upperHeight * scale,
    x: x + between(random, -ASIDE, ASIDE),
    bottom: highest + (below.box[1] - GAP - highest) * pick(random, [0, 0.5, 1]),
    depth: HANGING,
    footing: 'nothing',
  });
  return { things: [above, below], links: [{ subject: 0, predicate: 'above', object: 1, unlikely: true }] };
}

/** One thing in front of the middle of another, and within its outline. */
export function nested(setting: Setting, inner: string, outer: string, random: RandomSource): Group | undefined {
  if (containers[outer]?.holds.includes(inner)) return undefined;
  const [innerAspect, outerAspect] = [spriteAspect(setting.style, inner), spriteAspect(setting.style, outer)];
  const height = Math.min(OUTER.height, OUTER.width / outerAspect);
  const layer = pick(random, layers.slice(1));
  const half = (height * outerAspect) / 2 + 0.02;
  const around = place(setting, outer, {
    height,
    x: between(random, half, 1 - half),
    bottom: layer.bottom,
    depth: layer.depth,
    footing: 'ground',
  });
  const innerHeight = Math.min(INNER.height * heightOf(around.box), (INNER.width * widthOf(around.box)) / innerAspect);
  if (innerHeight < SMALLEST) return undefined;
  const within = place(setting, inner, {
    height: innerHeight,
    x: centreX(around.box),
    bottom: centreY(around.box) + innerHeight / 2,
    depth: layer.depth + 0.25,
    footing: 'thing',
  });
  return { things: [within, around], links: [{ subject: 0, predicate: 'inside', object: 1, unlikely: true }] };
}

/** Which way two strewn things are apart, drawn first: at two places drawn by chance, wide things are seldom above one another. */
const ways = ['across', 'upright', 'behind'] as const;
/** Who of the two is in the air. Of two that stand nothing needs to be drawn here: common sense has them side by side, too. */
const aloft = [
  [true, true],
  [true, false],
  [false, true],
] as const;
const PLACES_TRIED = 24;
/** How much of the narrower one's width the nearer one hides. */
const HIDDEN = [0.3, 0.42] as const;

/**
 * Two things to any side of each other, each at any place, on the ground or in the air, either one on every side equally often: a turned edge asks for any of
 * them. (What such scenes bring was not tried by itself.)
 */
export function strewnPair(setting: Setting, a: string, b: string, random: RandomSource): Group | undefined {
  const way = pick(random, ways);
  if (way === 'behind') return hidden(setting, a, b, random);
  const [aIsAloft, bIsAloft] = pick(random, aloft);
  for (let tried = 0; tried < PLACES_TRIED; tried++) {
    const [one, other] = [anywhere(setting, a, aIsAloft, random), anywhere(setting, b, bIsAloft, random)];
    const isClear = overlapX(one.box, other.box) < 0 || overlapY(one.box, other.box) < 0;
    const relation = geometricRelation(one.box, other.box);
    const isUpright = relation === 'above' || relation === 'below';
    if (!isClear || isUpright !== (way === 'upright')) continue;
    return { things: [one, other], links: [{ subject: 0, predicate: relation, object: 1, unlikely: true }] };
  }
  return undefined;
}

/** One thing at a place of its own. */
export function anywhere(setting: Setting, label: string, isAloft: boolean, random: RandomSource): Placed {
  const natural = thingOf(label).height;
  const isLegible = (scale: number) => scale === 1 || scale * natural >= SMALLEST;
  const legible = layers.filter(({ scale }) => isLegible(scale));
  // Drawn for what is in the air, too: so were the scenes that the shipped model learned from.
  const layer = pick(random, legible);
  if (!isAloft) return grounded(setting, label, layer, anyX(setting, label, natural * layer.scale, random));
  const height = natural * pick(random, scales.filter(isLegible));
  const x = anyX(setting, label, height, random);
  const bottom = between(random, height + 0.02, 0.97);
  return place(setting, label, { height, x, bottom, depth: HANGING, footing: 'nothing' });
}

/** One thing that stands partly behind another, whatever the two are. */
export function hidden(setting: Setting, far: string, near: string, random: RandomSource): Group | undefined {
  const [farLayer, nearLayer] = pick(random, [
    [layers[0], layers[1]],
    [layers[0], layers[2]],
    [layers[1], layers[2]],
  ] as const);
  const back = grounded(setting, far, farLayer, random.uniform());
  const width = widthOf(grounded(setting, near, nearLayer, 0.5).box);
  const shared = between(random, ...HIDDEN) * Math.min(widthOf(back.box), width);
  const offset = (widthOf(back.box) + width) / 2 - shared;
  const front = grounded(setting, near, nearLayer, centreX(back.box) + offset * (chance(random, 0.5) ? 1 : -1));
  if (Math.min(heightOf(back.box), heightOf(front.box)) < SMALLEST || overlapY(back.box, front.box) < 0)
    return undefined;
  return { things: [back, front], links: [{ subject: 0, predicate: 'behind', object: 1, unlikely: true }] };
}
