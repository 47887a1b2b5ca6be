/** Things of a size that want to be at a point each, without lying on each other. */
import type { Point } from '#editor/interface/interface-store.ts';
import type { Box } from './edge-geometry.ts';
import type { Size } from './element-sizes.ts';

export interface Wish extends Size {
  readonly id: string;
  /** Of its middle. */
  readonly at: Point;
}

/** Between two of them, in pixels. */
const GAP = 6;
/** Each round pushes all pairs apart. A dozen that want the same corner are apart after some 200, and two after one. */
const ROUNDS = 400;

/**
 * As near to where they want to be as a few rounds of pushing apart bring them, and never outside. Where there is room for all, none overlap.
 * @returns middles by id; the same for the same wishes
 */
export function spread(wishes: readonly Wish[], within: Box): ReadonlyMap<string, Point> {
  const middles = wishes.map((wish) => inside(wish.at, wish, within));
  for (let round = 0; round < ROUNDS; round++) {
    let isMoved = false;
    for (let i = 0; i < wishes.length; i++) {
      for (let j = i + 1; j < wishes.length; j++) {
        const push = pushBetween(wishes[i]!, middles[i]!, wishes[j]!, middles[j]!);
        if (!push) continue;
        isMoved = true;
        const [a, b] = [middles[i]!, middles[j]!];
        middles[i] = inside({ x: a.x - push.x, y: a.y - push.y }, wishes[i]!, within);
        middles[j] = inside({ x: b.x + push.x, y: b.y + push.y }, wishes[j]!, within);
      }
    }
    if (!isMoved) break;
  }
  return new Map(wishes.map(({ id }, i) => [id, middles[i]!]));
}

/** Half of the shortest way apart, for the second of two; undefined when they are apart. */
function pushBetween(a: Size, from: Point, b: Size, to: Point): Point | undefined {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const [x, y] = [(a.width + b.width) / 2 + GAP - Math.abs(dx), (a.height + b.height) / 2 + GAP - Math.abs(dy)];
  if (x <= 0.01 || y <= 0.01) return undefined;
  return y <= x ? { x: 0, y: (dy < 0 ? -y : y) / 2 } : { x: (dx < 0 ? -x : x) / 2, y: 0 };
}

/** What is larger than the room lies in its middle. */
function inside({ x, y }: Point, { width, height }: Size, room: Box): Point {
  const clamp = (value: number, least: number, most: number) =>
    least > most ? (least + most) / 2 : Math.min(most, Math.max(least, value));
  return {
    x: clamp(x, room.x + width / 2, room.x + room.width - width / 2),
    y: clamp(y, room.y + height / 2, room.y + room.height - height / 2),
  };
}
