/** Where the labels of relations go on a picture. The canvas has no end, the picture has: no label leaves it, and none lies under a chip. */
import { BoxGrid } from '#editor/geometry/box-grid.ts';
import { type Box, type Chord, type Route, STRAIGHT } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { isFree, labelBox, type Scene } from '#editor/geometry/route-search.ts';

export interface Wish {
  readonly chord: Chord;
  /** Of the label, in pixels. */
  readonly width: number;
  /** Where it would go on a canvas. */
  readonly way: Route;
}

/** Pixels to the side of the line and along it, the gentlest first. */
const WAYS: readonly Route[] = [0, 26, -26, 52, -52, 80, -80]
  .flatMap((across) => [0, 30, -30, 60, -60, 100, -100].map((along) => ({ across, along })))
  .sort((a, b) => weightOf(a) - weightOf(b));
/** Farther than this an edge goes a way of its own only when nothing nearer is free. */
const FAR = 110;

/**
 * All that can go a gentle way do, in their order; of the rest each label goes to the free place that is nearest to its line. Where there is
 * none, labels may lie on one another, but on no chip that leaves it a place.
 * @param chips where nothing may lie @param room of the labels, from (0, 0) @returns one for each wish; the same for the same wishes
 */
export function waysInRoom(wishes: readonly Wish[], chips: readonly Box[], room: Size): readonly Route[] {
  const scene: Scene = { objects: new BoxGrid(), labels: new BoxGrid() };
  for (const chip of chips) scene.objects.add(chip);
  const take = (wish: Wish, route: Route | undefined): Route | undefined => {
    if (route) scene.labels.add(labelBox(wish, route));
    return route;
  };
  const gentle = wishes.map((wish) => take(wish, gentleWay(wish, scene, room)));
  return wishes.map((wish, i) => {
    const isApart = (box: Box) => isFree(scene, box);
    const isOffChips = (box: Box) => scene.objects.isFree(box);
    return (
      gentle[i] ??
      take(wish, nearestPlace(wish, room, isApart)) ??
      take(wish, nearestPlace(wish, room, isOffChips)) ??
      STRAIGHT
    );
  });
}

function gentleWay(wish: Wish, scene: Scene, room: Size): Route | undefined {
  const isGood = (route: Route) => {
    const box = labelBox(wish, route);
    return 2 * Math.abs(route.along) <= wish.chord.length && isIn(box, room) && isFree(scene, box);
  };
  return [wish.way, ...WAYS].find((route) => weightOf(route) <= FAR && isGood(route));
}

function weightOf({ across, along }: Route): number {
  return Math.abs(across) + Math.abs(along) / 2;
}

const isIn = ({ x, y, width, height }: Box, room: Size): boolean =>
  x >= 0 && y >= 0 && x + width <= room.width && y + height <= room.height;

/** Pixels between the places that are looked at. */
const STEP = 8;

function nearestPlace({ chord, width }: Wish, room: Size, isGood: (box: Box) => boolean): Route | undefined {
  const { middle, along } = chord;
  let best: Route | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let y = STEP; y < room.height; y += STEP) {
    for (let x = width / 2; x <= room.width - width / 2; x += STEP) {
      const [dx, dy] = [x - middle.x, y - middle.y];
      const distance = Math.hypot(dx, dy);
      if (distance >= least) continue;
      const route = { across: dy * along.x - dx * along.y, along: dx * along.x + dy * along.y };
      const box = labelBox({ chord, width }, route);
      if (isIn(box, room) && isGood(box)) [best, least] = [route, distance];
    }
  }
  return best;
}
