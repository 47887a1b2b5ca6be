/** Where a thing goes: boxes from a few discrete sizes and a grid of places, and the rules of a readable picture. */
import { geometricRelation } from '#graph/places/geometry.ts';
import type { RandomSource } from '#graph/random.ts';
import { spriteAspect } from '#training/corpus/render/sprites.ts';
import { between } from '#training/corpus/world/random.ts';
import type { Box, PlacedObject, PlacedRelation } from '#training/corpus/world/scene.ts';
import type { Backdrop, Ground, Style } from '#training/corpus/world/setting.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import type { Predicate } from '#training/corpus/world/world.ts';

/** Standing places on the ground, from far to near: where the feet are, and how much smaller things are there. */
export const layers = [
  { depth: 1, bottom: 0.6875, scale: 0.68 },
  { depth: 2, bottom: 0.8125, scale: 0.84 },
  { depth: 3, bottom: 0.9375, scale: 1 },
] as const;
export type Layer = (typeof layers)[number];

/** Depth of what hangs in the sky or on the wall, and of mountains on the horizon: behind everything that stands. */
export const HANGING = 0.5;
export const HORIZON = 0.25;

/** How a thing is held up. */
export type Footing = 'ground' | 'horizon' | 'air' | 'wall' | 'thing' | 'nothing';

export interface Placed extends PlacedObject {
  readonly footing: Footing;
}

export interface Setting {
  readonly style: Style;
  readonly ground: Ground;
  readonly backdrop: Backdrop;
  /** y of the line between backdrop and ground. */
  readonly horizon: number;
}

/** A few things that belong together, with the relations that the template meant. Relations index `things`. */
export interface Group {
  readonly things: readonly Placed[];
  readonly links: readonly (PlacedRelation & { readonly predicate: Predicate })[];
}

const snap = (value: number, steps: number) => Math.round(value * steps) / steps;

interface Placement {
  readonly height: number;
  /** Centre. */
  readonly x: number;
  readonly bottom: number;
  readonly depth: number;
  readonly footing: Footing;
  /** See PlacedObject. */
  readonly shown?: number;
}

/**
 * Sizes are whole pixels at 128 px; places are on a grid of 1/16, of 1/64 for what another thing carries. Sixteenths show every
 * drawing at two offsets to the autoencoder's 16-pixel patches, thirty-seconds at four: half as many appearances to learn.
 */
export function place(
  { style }: Setting,
  label: string,
  { height, x, bottom, depth, footing, shown }: Placement,
): Placed {
  const h = snap(height, 64);
  const w = snap(h * spriteAspect(style, label), 128);
  const grid = footing === 'thing' ? 64 : 16;
  const left = snap(x - w / 2, grid);
  const base = snap(bottom, 64);
  const top = base - h;
  const box: Box = [left, top, left + w, top + snap(h * (shown ?? 1), 128)];
  return { label, attributes: [], box, depth, isGround: false, footing, ...(shown === undefined ? {} : { shown }) };
}

/** A centre that keeps the whole drawing in the picture. */
export function anyX(setting: Setting, label: string, height: number, random: RandomSource): number {
  const half = Math.min(0.48, (height * spriteAspect(setting.style, label)) / 2 + 0.02);
  return between(random, half, 1 - half);
}

/** A thing that stands at a layer. */
export function grounded(
  setting: Setting,
  label: string,
  layer: Layer,
  x: number,
  scale: number = layer.scale,
): Placed {
  const height = thingOf(label).height * scale;
  return place(setting, label, { height, x, bottom: layer.bottom, depth: layer.depth, footing: 'ground' });
}

export const widthOf = (box: Box): number => box[2] - box[0];
export const heightOf = (box: Box): number => box[3] - box[1];
export const centreX = (box: Box): number => (box[0] + box[2]) / 2;
export const centreY = (box: Box): number => (box[1] + box[3]) / 2;

/** Length of the shared part of two boxes along x; negative: the gap between them. */
export const overlapX = (a: Box, b: Box): number => Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
export const overlapY = (a: Box, b: Box): number => Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
const overlapArea = (a: Box, b: Box): number => Math.max(0, overlapX(a, b)) * Math.max(0, overlapY(a, b));

/** Drawings fill about this share of their box. */
const FILL = 0.8;
const MIN_VISIBLE = 0.62;
const CENTRES_APART = 0.13;
const LINKED_CENTRES_APART = 0.08;
/** The middle of a shirt is near the middle of who wears it. */
const WORN_CENTRES_APART = 0.025;
/** Radians between the line of two centres and the diagonals where one geometric relation turns into another. */
const MIN_FROM_DIAGONAL = 0.13;
const MARGIN = 0.012;

/** May this group join the ones that are already there? What a template links, it may hide as it must. */
export function fits(group: Group, groups: readonly Group[]): boolean {
  const others = groups.flatMap(({ things }) => things);
  const isWorn = group.links.some(({ predicate }) => predicate === 'wearing');
  const linkedApart = isWorn ? WORN_CENTRES_APART : LINKED_CENTRES_APART;
  const apart = group.links.length > 0 ? linkedApart : CENTRES_APART;
  return (
    group.things.every(({ box }) => Math.min(box[0], box[1], 1 - box[2], 1 - box[3]) >= MARGIN) &&
    group.things.every((thing) => others.every((other) => unambiguous(thing.box, other.box))) &&
    (group.things.length < 2 || unambiguous(group.things[0]!.box, group.things[1]!.box, apart)) &&
    group.things.every((thing) => others.every((other) => tidy(thing, other))) &&
    group.things.every((thing) => visible(thing, group.links.length > 0 ? others : [...others, ...group.things])) &&
    groups.every((one) => {
      const rest = [...groups.filter((other) => other !== one), group].flatMap(({ things }) => things);
      return one.things.every((thing) => visible(thing, rest));
    })
  );
}

/** Is the geometric relation of two boxes clear at a glance? */
function unambiguous(a: Box, b: Box, apart = CENTRES_APART): boolean {
  const relation = geometricRelation(a, b);
  if (relation === 'inside' || relation === 'surrounding') return true;
  const dx = centreX(a) - centreX(b);
  const dy = centreY(a) - centreY(b);
  const fromDiagonal = Math.abs(Math.atan2(Math.abs(dy), Math.abs(dx)) - Math.PI / 4);
  return Math.hypot(dx, dy) >= apart && fromDiagonal >= MIN_FROM_DIAGONAL;
}

/** Neighbours at one depth stand clear of each other; what hangs stays clear of everything but mountains. */
function tidy(a: Placed, b: Placed): boolean {
  const sameDepth = Math.abs(a.depth - b.depth) < 0.5;
  const hangs = [a, b].some(({ footing }) => footing === 'air' || footing === 'wall' || footing === 'nothing');
  if (!sameDepth && !hangs) return true;
  return overlapX(a.box, b.box) < 0.01 || overlapY(a.box, b.box) < 0.01;
}

function visible({ box, depth }: Placed, others: readonly Placed[]): boolean {
  const hidden = others.reduce((sum, other) => sum + (other.depth > depth ? overlapArea(box, other.box) : 0), 0);
  return hidden * FILL <= (1 - MIN_VISIBLE) * widthOf(box) * heightOf(box);
}
