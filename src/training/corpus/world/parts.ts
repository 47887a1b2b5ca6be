/** Parts of things, where each artist draws them: found by looking at every drawing. */

import type { Box } from './scene.ts';
import { type Artist, artistOf, type Style } from './setting.ts';

/** In shares of the drawing's box. */
type Share = Box;
/** By artist in the order noto, twemoji, fluent (both of its sets have one pose); one for all, or null where it is not drawn. */
type Places = Share | readonly [noto: Share | null, twemoji: Share | null, fluent: Share | null];

const face: Places = [0.2, 0.06, 0.8, 0.24];
const standing = {
  head: [0.12, 0, 0.88, 0.25],
  face,
  hair: [0.12, 0, 0.88, 0.12],
  arm: [0, 0.27, 0.26, 0.64],
  hand: [0, 0.56, 0.26, 0.68],
  leg: [0.15, 0.56, 0.85, 0.96],
  foot: [0.08, 0.92, 0.92, 1],
} as const;
const wheelLeft: Places = [0.05, 0.45, 0.4, 1];

const parts: Readonly<Record<string, Readonly<Record<string, Places>>>> = {
  man: standing,
  woman: standing,
  boy: {
    head: [
      [0.18, 0, 0.62, 0.28],
      [0.12, 0, 0.56, 0.28],
      [0.26, 0, 0.58, 0.28],
    ],
    leg: [0.02, 0.58, 1, 1],
  },
  girl: {
    head: [
      [0.12, 0, 0.6, 0.3],
      [0.12, 0, 0.58, 0.28],
      [0.14, 0, 0.48, 0.3],
    ],
    leg: [0.02, 0.58, 1, 1],
  },
  dog: {
    paw: [
      [0.22, 0.9, 0.84, 1],
      [0.24, 0.9, 1, 1],
      [0.1, 0.9, 0.96, 1],
    ],
    head: [
      [0, 0, 0.84, 0.54],
      [0, 0.02, 0.42, 0.42],
      [0, 0.04, 0.42, 0.48],
    ],
    ear: [
      [0, 0.04, 0.26, 0.42],
      [0.2, 0.06, 0.42, 0.4],
      [0.22, 0.06, 0.42, 0.42],
    ],
    tail: [
      [0.78, 0.44, 1, 0.76],
      [0.8, 0, 1, 0.36],
      [0.62, 0, 1, 0.4],
    ],
    leg: [
      [0.22, 0.74, 0.84, 1],
      [0.24, 0.6, 1, 1],
      [0.1, 0.64, 0.96, 1],
    ],
  },
  cat: {
    paw: [0.14, 0.9, 0.9, 1],
    head: [
      [0, 0.02, 0.66, 0.5],
      [0, 0.1, 0.42, 0.54],
      [0, 0.1, 0.42, 0.58],
    ],
    tail: [
      [0.7, 0.26, 1, 0.74],
      [0.68, 0, 1, 0.4],
      [0.7, 0, 1, 0.44],
    ],
    leg: [0.14, 0.7, 0.9, 1],
  },
  horse: {
    head: [
      [0, 0.02, 0.42, 0.5],
      [0.06, 0, 0.44, 0.4],
      [0, 0.02, 0.42, 0.48],
    ],
    tail: [
      [0.74, 0.44, 1, 0.82],
      [0.74, 0.02, 1, 0.4],
      [0.7, 0.1, 1, 0.46],
    ],
    leg: [0.04, 0.6, 0.98, 1],
  },
  cow: {
    horn: [
      [0.02, 0, 0.42, 0.18],
      [0, 0, 0.36, 0.16],
      [0.04, 0, 0.42, 0.14],
    ],
    head: [
      [0, 0, 0.4, 0.56],
      [0, 0, 0.42, 0.5],
      [0, 0.02, 0.4, 0.5],
    ],
    leg: [0.2, 0.62, 1, 1],
  },
  sheep: {
    horn: [null, [0.16, 0, 0.6, 0.42], null],
    head: [
      [0.04, 0.26, 0.4, 0.7],
      [0.14, 0, 0.62, 0.46],
      [0, 0.02, 0.44, 0.5],
    ],
    leg: [0.12, 0.76, 0.96, 1],
  },
  elephant: {
    head: [
      [0, 0, 0.62, 0.56],
      [0, 0, 0.52, 0.6],
      [0, 0.04, 0.5, 0.7],
    ],
    trunk: [
      [0.04, 0.42, 0.36, 0.96],
      [0, 0.4, 0.22, 0.96],
      [0, 0.4, 0.22, 0.92],
    ],
    ear: [
      [0.28, 0.08, 0.62, 0.5],
      [0.3, 0.04, 0.56, 0.56],
      [0.24, 0.04, 0.56, 0.46],
    ],
    leg: [0.24, 0.64, 0.98, 1],
  },
  giraffe: {
    head: [
      [0.02, 0.02, 0.52, 0.28],
      [0.04, 0, 0.52, 0.3],
      [0, 0.02, 0.36, 0.3],
    ],
    neck: [
      [0.2, 0.2, 0.56, 0.54],
      [0.24, 0.22, 0.6, 0.6],
      [0.08, 0.22, 0.42, 0.6],
    ],
    leg: [0.16, 0.62, 0.9, 1],
  },
  bird: {
    head: [0.01, 0, 0.46, 0.45],
    wing: [
      [0.4, 0.4, 0.86, 0.82],
      [0.34, 0.24, 0.92, 0.76],
      [0.5, 0.38, 1, 0.76],
    ],
    leg: [
      [0.22, 0.76, 0.56, 1],
      [0.44, 0.8, 0.86, 1],
      [0.12, 0.82, 0.66, 1],
    ],
  },
  zebra: { head: [0.02, 0, 0.42, 0.44], leg: [0.18, 0.56, 0.98, 1] },
  bear: { paw: [0.08, 0.86, 0.84, 1], head: [0.62, 0, 1, 0.62], leg: [0.08, 0.6, 0.84, 1] },
  car: {
    wheel: [0.08, 0.62, 0.37, 1],
    window: [0.28, 0.06, 0.88, 0.46],
  },
  bus: {
    windshield: [[0.86, 0.1, 1, 0.5], null, [0, 0.1, 0.14, 0.5]],
    wheel: [
      [0.12, 0.68, 0.36, 1],
      [0.04, 0.68, 0.36, 1],
      [0.1, 0.62, 0.44, 1],
    ],
    window: [0.05, 0.08, 0.96, 0.5],
  },
  truck: {
    windshield: [
      [0.04, 0.18, 0.2, 0.48],
      [0, 0.1, 0.16, 0.48],
      [0.02, 0.16, 0.2, 0.54],
    ],
    wheel: [0.08, 0.64, 0.37, 1],
    window: [
      [0.06, 0.2, 0.36, 0.46],
      [0.02, 0.12, 0.3, 0.46],
      [0.06, 0.18, 0.36, 0.52],
    ],
  },
  bike: { wheel: [0, 0.4, 0.42, 1] },
  motorcycle: { wheel: wheelLeft },
  train: {
    wheel: [
      [0.54, 0.72, 0.86, 1],
      [0.04, 0.76, 0.8, 1],
      [0.3, 0.76, 1, 1],
    ],
    window: [
      [0.66, 0.28, 0.92, 0.56],
      [0.62, 0.14, 0.9, 0.42],
      [0.6, 0.12, 0.94, 0.46],
    ],
  },
  tree: {
    trunk: [
      [0.34, 0.64, 0.66, 1],
      [0.36, 0.8, 0.64, 1],
      [0.36, 0.78, 0.64, 1],
    ],
  },
  house: {
    roof: [0, 0, 1, 0.44],
    window: [
      [0.12, 0.54, 0.42, 0.78],
      [0.24, 0.42, 0.42, 0.62],
      [0.54, 0.44, 0.82, 0.68],
    ],
    door: [[0.42, 0.54, 0.68, 0.96], null, [0.2, 0.48, 0.48, 0.9]],
  },
  building: { window: [0.08, 0.14, 0.92, 0.62], door: [[0.38, 0.78, 0.62, 1], null, [0.36, 0.8, 0.64, 1]] },
  chair: { leg: [0.04, 0.6, 1, 1], back: [0.04, 0, 0.96, 0.5] },
  bench: { leg: [0.06, 0.72, 0.94, 1], back: [0.02, 0.04, 0.98, 0.5] },
  table: { leg: [0.04, 0.26, 0.96, 1], top: [0, 0, 1, 0.26] },
  umbrella: { handle: [0.34, 0.58, 0.66, 1] },
  bag: { handle: [0.18, 0, 0.82, 0.36] },
  knife: { handle: [0, 0, 0.46, 0.46] },
  'tennis racket': { handle: [0.3, 0.68, 0.7, 1] },
  'baseball bat': { handle: [0.2, 0.68, 0.8, 1] },
  'teddy bear': { head: [0.08, 0, 0.92, 0.5], leg: [0.02, 0.7, 0.98, 1] },
};

/** Names of all parts; some (wheel, window, door) are things of their own as well. */
export const partNames: readonly string[] = [
  ...new Set(Object.values(parts).flatMap((ofThing) => Object.keys(ofThing))),
];

const columns: Readonly<Record<Artist, 0 | 1 | 2>> = { noto: 0, twemoji: 1, fluent: 2, 'fluent-3d': 2 };

/** The parts of a thing that its drawing in this style shows, in shares of the drawing's box. */
export function partsOf(label: string, style: Style): readonly { readonly name: string; readonly box: Box }[] {
  return Object.entries(parts[label] ?? {}).flatMap(([name, places]) => {
    const box = isOne(places) ? places : places[columns[artistOf(style)]];
    return box ? [{ name, box }] : [];
  });
}

/** Where a part is in a picture in which its whole's drawing has this box. */
export function partBox(part: Box, whole: Box, shown = 1): Box {
  const [width, height] = [whole[2] - whole[0], (whole[3] - whole[1]) / shown];
  return [
    whole[0] + part[0] * width,
    whole[1] + part[1] * height,
    whole[0] + part[2] * width,
    whole[1] + part[3] * height,
  ];
}

const isOne = (places: Places): places is Box => typeof places[0] === 'number';

/** A thing that has such a part. @throws RangeError for a name that is none of a part */
export function ownerOf(part: string): string {
  const owner = Object.keys(parts).find((label) => part in (parts[label] ?? {}));
  if (owner === undefined) throw new RangeError(`nothing has a part called ${JSON.stringify(part)}`);
  return owner;
}
