/** Templates: how things that belong together are arranged, so that a relation is really seen in the picture. */
import type { RandomSource } from '#graph/random.ts';
import { spriteAspect, spriteTopAt } from '#training/corpus/render/sprites.ts';
import { between, chance, pick } from '#training/corpus/world/random.ts';
import { type Thing, thingOf } from '#training/corpus/world/things.ts';
import { type Predicate, type Station, stationsOf } from '#training/corpus/world/world.ts';
import { containerOf, gripOf, saddleOf, supportOf, worn } from './arrangements.ts';
import {
  anyX,
  centreX,
  type Group,
  grounded,
  HANGING,
  HORIZON,
  heightOf,
  type Layer,
  layers,
  type Placed,
  place,
  type Setting,
  widthOf,
} from './placing.ts';

/** Nothing is drawn lower than this share of the picture, however far away. */
const SMALLEST = 0.17;

/** The height at which a carried thing is drawn: flat ones, such as boards, would be wider than the picture if they were made taller. */
function legible(label: string, height: number, layer: Layer): number {
  const natural = thingOf(label).height;
  return natural < SMALLEST ? natural * layer.scale : Math.max(SMALLEST, height);
}

/** Layers at which a thing is still large enough to be recognised. */
function layersOf(thing: Thing): readonly Layer[] {
  return layers.filter(({ scale }) => scale * thing.height >= 0.2 || (scale === 1 && thing.height < 0.2));
}

/** Where a thing is that does not belong on this ground. */
const astray: readonly Station[] = ['ground', 'hanging'];

/** One thing on its own: on the ground, on the horizon, in the sky or on the wall; a stranger on the ground or in the air. */
export function single(setting: Setting, label: string, random: RandomSource): Group {
  return { things: [free(setting, label, random)], links: [] };
}

function free(setting: Setting, label: string, random: RandomSource, layer?: Layer): Placed {
  const thing = thingOf(label);
  const stations = stationsOf(thing, setting.ground);
  switch (pick(random, stations.length > 0 ? stations : astray)) {
    case 'horizon':
      return onHorizon(setting, label, random);
    case 'hanging':
      return hanging(setting, label, random);
    case 'ground': {
      const at = layer ?? pick(random, layersOf(thing));
      return grounded(setting, label, at, anyX(setting, label, thing.height * at.scale, random));
    }
  }
}

function onHorizon(
  setting: Setting,
  label: string,
  random: RandomSource,
  height: number = pick(random, [0.36, 0.44]),
): Placed {
  const x = anyX(setting, label, height, random);
  return place(setting, label, { height, x, bottom: setting.horizon + 0.02, depth: HORIZON, footing: 'horizon' });
}

function hanging(
  setting: Setting,
  label: string,
  random: RandomSource,
  height: number = thingOf(label).height,
): Placed {
  const room = setting.horizon - 0.04 - height;
  const bottom = height + 0.02 + Math.max(0, room) * pick(random, [0, 0.5, 1]);
  const footing = setting.backdrop === 'wall' ? 'wall' : 'air';
  return place(setting, label, { height, x: anyX(setting, label, height, random), bottom, depth: HANGING, footing });
}

const link = (subject: number, predicate: Predicate, object: number) => ({ subject, predicate, object });
const within = (box: Placed['box'], x: number, y: number): readonly [number, number] => [
  box[0] + x * widthOf(box),
  box[1] + y * heightOf(box),
];

/** How far below the outline of an animal's back a rider sits, as a share of the animal's height. */
const BELOW_BACK = 0.1;

/** A person on a mount; the legs are behind an animal or a machine, and on top of a board. */
export function riding(setting: Setting, person: string, mountLabel: string, random: RandomSource): Group {
  const saddle = saddleOf(mountLabel);
  const board = saddle.shown === 1;
  const mountThing = thingOf(mountLabel);
  const layer = pick(random, layers.slice(1));
  const scale = layer.scale * (mountLabel === 'elephant' ? 0.95 : 1);
  const mount = grounded(
    setting,
    mountLabel,
    layer,
    anyX(setting, mountLabel, mountThing.height * scale, random),
    scale,
  );
  const small = thingOf(person).height < 0.5 ? 0.86 : 1;
  const height = mountThing.height * scale * saddle.size * small;
  const [x, y] = within(mount.box, saddle.x, saddle.y ?? spriteTopAt(setting.style, mountLabel, saddle.x) + BELOW_BACK);
  const rider = place(setting, person, {
    height,
    x,
    bottom: y + height * (1 - saddle.shown),
    depth: layer.depth + (board ? 0.25 : -0.25),
    footing: 'thing',
    ...(board ? {} : { shown: saddle.shown }),
  });
  return { things: [rider, mount], links: [link(0, 'riding', 1), link(0, 'on', 1)] };
}

/** A person with something in the right hand. */
export function holding(setting: Setting, person: string, item: string, random: RandomSource): Group {
  const grip = gripOf(item);
  const layer = pick(random, layers.slice(1));
  const x = between(random, 0.15, 0.72);
  const holder = grounded(setting, person, layer, x);
  const height = legible(item, heightOf(holder.box) * grip.size, layer);
  const [handX, handY] = within(holder.box, 1, grip.hand);
  const width = height * spriteAspect(setting.style, item);
  const held = place(setting, item, {
    height,
    x: handX - grip.reach * heightOf(holder.box) * 0.5 + (0.5 - grip.x) * width,
    bottom: handY + height * (1 - grip.y),
    depth: layer.depth + 0.25,
    footing: 'thing',
  });
  const under = item === 'umbrella' ? [link(0, 'under', 1)] : [];
  return { things: [holder, held], links: [link(0, 'holding', 1), ...under] };
}

/** A standing person with something on. */
export function wearing(setting: Setting, person: string, item: string, random: RandomSource): Group {
  const { x, y, size } = worn[item]!;
  const layer = pick(random, layers.slice(1));
  const wearer = grounded(setting, person, layer, anyX(setting, person, thingOf(person).height * layer.scale, random));
  const [middleX, middleY] = within(wearer.box, x, y);
  const height = heightOf(wearer.box) * size;
  const garment = place(setting, item, {
    height,
    x: middleX,
    bottom: middleY + height / 2,
    depth: layer.depth + 0.25,
    footing: 'thing',
  });
  return { things: [wearer, garment], links: [link(0, 'wearing', 1)] };
}

/** Wall that shows between a thing and what hangs above it. */
const WALL_GAP = 0.03;
const standers = new Set(['person', 'animal']);

/** A thing on another: on its surface, or on the outline of its back or roof. */
export function stacked(setting: Setting, item: string, supportLabel: string, random: RandomSource): Group {
  const { surface, spots, scale } = supportOf(supportLabel);
  const layer = pick(random, layers.slice(1));
  const supportThing = thingOf(supportLabel);
  const support = grounded(
    setting,
    supportLabel,
    layer,
    anyX(setting, supportLabel, supportThing.height * layer.scale, random),
  );
  const spot = pick(random, spots);
  const contact = surface ?? spriteTopAt(setting.style, supportLabel, spot) + 0.04;
  const [x, y] = within(support.box, spot, contact);
  const carried = place(setting, item, {
    height: legible(item, thingOf(item).height * scale * layer.scale, layer),
    x,
    bottom: y,
    depth: layer.depth + 0.25,
    footing: 'thing',
  });
  const stands = standers.has(thingOf(item).kind) ? [link(0, 'standing on', 1)] : [];
  return { things: [carried, support], links: [link(0, 'on', 1), ...stands] };
}

/** A thing beneath a crown, a table top, an umbrella, or straight below something in the sky or on the wall. */
export function sheltered(setting: Setting, item: string, coverLabel: string, random: RandomSource): Group {
  if (thingOf(coverLabel).hangs === 'wall') return belowOnWall(setting, item, coverLabel, random);
  const hangs = thingOf(coverLabel).hangs === 'sky';
  const layer = pick(random, layers.slice(1));
  const cover = hangs
    ? hanging(setting, coverLabel, random)
    : coverLabel === 'table'
      ? grounded(setting, 'table', layers[2], anyX(setting, 'table', 0.44, random), 1.2)
      : grounded(
          setting,
          coverLabel,
          layers[1],
          anyX(setting, coverLabel, thingOf(coverLabel).height, random),
          coverLabel === 'umbrella' ? 1.2 : 1,
        );
  const thing = thingOf(item);
  if (hangs) {
    const below = grounded(setting, item, layer, centreX(cover.box) + between(random, -0.04, 0.04));
    return { things: [below, cover], links: [link(0, 'under', 1)] };
  }
  const height = Math.max(SMALLEST, Math.min(thing.height * 0.84, coverLabel === 'table' ? 0.28 : 0.34));
  const below = place(setting, item, {
    height,
    x: centreX(cover.box) + between(random, -0.09, 0.09),
    bottom: coverLabel === 'table' ? layers[2].bottom + 0.0157 : layers[2].bottom,
    depth: layers[2].depth,
    footing: 'ground',
  });
  return { things: [below, coverLabel === 'table' ? { ...cover, depth: 2 } : cover], links: [link(0, 'under', 1)] };
}

/** A thing that stands straight below another on the wall. */
function belowOnWall(setting: Setting, item: string, coverLabel: string, random: RandomSource): Group {
  const layer = pick(random, layers.slice(0, 2));
  const height = thingOf(coverLabel).height;
  const x = anyX(setting, item, thingOf(item).height * layer.scale, random);
  const below = grounded(setting, item, layer, x);
  const cover = place(setting, coverLabel, {
    height,
    x: centreX(below.box),
    bottom: Math.min(below.box[1], setting.horizon) - WALL_GAP,
    depth: HANGING,
    footing: 'wall',
  });
  return { things: [below, cover], links: [link(0, 'under', 1)] };
}

/** A thing whose whole outline lies within that of another: a bird in a tree, a cat in the window. */
export function contained(setting: Setting, item: string, containerLabel: string, random: RandomSource): Group {
  const { x: columns, y, size, height } = containerOf(containerLabel);
  const hangs = thingOf(containerLabel).hangs === setting.backdrop;
  const base = hangs
    ? hanging(setting, containerLabel, random, Math.min(height, setting.horizon - 0.06))
    : containerLabel === 'mountain'
      ? onHorizon(setting, 'mountain', random, setting.horizon - 0.04)
      : grounded(
          setting,
          containerLabel,
          layers[1],
          anyX(setting, containerLabel, height, random),
          height / thingOf(containerLabel).height,
        );
  const [x, middle] = within(base.box, pick(random, columns), y);
  const contentHeight = Math.max(SMALLEST, heightOf(base.box) * size);
  const content = place(setting, item, {
    height: contentHeight,
    x,
    bottom: middle + contentHeight / 2,
    depth: base.depth + 0.25,
    footing: 'thing',
  });
  return { things: [content, base], links: [link(0, 'inside', 1)] };
}

/** One thing partly hidden by a nearer one. */
export function overlapping(setting: Setting, front: string, back: string, random: RandomSource): Group {
  const far = free(setting, back, random, pick(random, layersOf(thingOf(back)).slice(0, 2)));
  const nearer = layers.filter(
    ({ depth }) => depth > far.depth && layersOf(thingOf(front)).some((layer) => layer.depth === depth),
  );
  const layer = pick(random, nearer.length > 0 ? nearer : layers.slice(2));
  const width = thingOf(front).height * layer.scale * spriteAspect(setting.style, front);
  const reach = (widthOf(far.box) + width) / 2;
  const near = grounded(
    setting,
    front,
    layer,
    centreX(far.box) + reach * between(random, 0.3, 0.75) * (chance(random, 0.5) ? 1 : -1),
  );
  return { things: [near, far], links: [] };
}

/** Two things side by side at one depth. */
export function neighbours(setting: Setting, a: string, b: string, random: RandomSource): Group {
  const shared = layersOf(thingOf(a)).filter((layer) => layersOf(thingOf(b)).includes(layer));
  const layer = pick(random, shared.length > 0 ? shared : layers.slice(2));
  const first = grounded(setting, a, layer, anyX(setting, a, thingOf(a).height * layer.scale, random));
  const width = thingOf(b).height * layer.scale * spriteAspect(setting.style, b);
  const gap = pick(random, [0.03, 0.06, 0.1]);
  const offset = (widthOf(first.box) + width) / 2 + gap;
  const second = grounded(setting, b, layer, centreX(first.box) + offset * (chance(random, 0.5) ? 1 : -1));
  return { things: [first, second], links: [] };
}
