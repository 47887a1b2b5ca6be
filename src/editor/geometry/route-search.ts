/** The way of one relation: bends and shifts it tries around what is in its way, and the nearest free place when none of them will do. */
import type { Relation } from '#graph/scene-graph.ts';
import type { BoxGrid } from './box-grid.ts';
import { type Box, type Chord, chordOf, edgeCurve, labelPlace, pointAt, type Route } from './edge-geometry.ts';
import { LABEL_HEIGHT, labelWidth } from './element-sizes.ts';

/** Air on every side of a label. */
const AIR = 4;

export interface Ends {
  readonly source: Box;
  readonly target: Box;
  readonly chord: Chord;
  /** Of the label, in canvas pixels. */
  readonly width: number;
}

export interface Scene {
  readonly objects: BoxGrid;
  readonly labels: BoxGrid;
}

const OFFSETS = [0, 0.7, -0.7, 1.3, -1.3, 2, -2, 3, -3];
const SHIFTS = [0, -0.14, 0.14];

/** What a relation tries, the gentlest change first. @param lane where it would lie if nothing were in its way */
export function optionsOf({ along, length }: Chord, widest: number, lane: number): Route[] {
  // Labels lie level: beside an upright edge a lane must be as wide as a label, beside a level one only as high.
  const step = Math.max(LABEL_HEIGHT + 2 * AIR, Math.abs(along.y) * (widest + 2 * AIR));
  const reach = Math.max(0, length);
  return OFFSETS.flatMap((offset) => SHIFTS.map((shift) => ({ across: (lane + offset) * step, along: shift * reach })));
}

/** Where the label of a relation lies, in canvas pixels. */
export function relationLabelBox(source: Box, target: Box, relation: Relation, route: Route): Box {
  return labelBox({ chord: chordOf(source, target), width: labelWidth(relation) }, route);
}

export function labelBox({ chord, width }: Pick<Ends, 'chord' | 'width'>, route: Route): Box {
  const { x, y } = labelPlace(chord, route);
  return { x: x - width / 2, y: y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT };
}

export function isFree({ objects, labels }: Scene, { x, y, width, height }: Box): boolean {
  const aired = { x: x - AIR, y: y - AIR, width: width + 2 * AIR, height: height + 2 * AIR };
  return objects.isFree(aired) && labels.isFree(aired);
}

/** The option that crosses least among those whose label is free; the first that crosses nothing ends the search. */
export function gentlest(options: readonly Route[], ends: Ends, scene: Scene): Route | undefined {
  let best: Route | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const option of options) {
    if (!isFree(scene, labelBox(ends, option))) continue;
    const crossed = crossingsOf(option, ends, scene);
    if (crossed < least) [best, least] = [option, crossed];
    if (crossed === 0) break;
  }
  return best;
}

const SAMPLES = 12;
const CLEARANCE = 6;

/** A curve through an object is ten times worse than one through a label. */
export function crossingsOf(route: Route, { source, target }: Ends, { objects, labels }: Scene): number {
  const curve = edgeCurve(source, target, route);
  const [things, words] = [new Set<Box>(), new Set<Box>()];
  for (let i = 1; i < SAMPLES; i++) {
    const { x, y } = pointAt(curve, i / SAMPLES);
    const spot = { x: x - CLEARANCE, y: y - CLEARANCE, width: 2 * CLEARANCE, height: 2 * CLEARANCE };
    objects.meet(spot, things);
    labels.meet(spot, words);
  }
  things.delete(source);
  things.delete(target);
  return 10 * things.size + words.size;
}

const STEP = 16;
/** A label further away than this says nothing about its edge. */
const MAX_RINGS = 400;

/** Ring by ring around the middle of the line. */
export function nearestFree(ends: Ends, scene: Scene): Route {
  for (let ring = 1; ring <= MAX_RINGS; ring++) {
    const places = Math.max(8, 4 * ring);
    for (let i = 0; i < places; i++) {
      const angle = (2 * Math.PI * i) / places;
      const route = { across: ring * STEP * Math.cos(angle), along: ring * STEP * Math.sin(angle) };
      if (isFree(scene, labelBox(ends, route))) return route;
    }
  }
  return { across: 0, along: 0 };
}
