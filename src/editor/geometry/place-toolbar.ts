/** Where a floating toolbar goes: near the thing it belongs to, never over a node when there is room for it elsewhere. */
import type { Point } from '#editor/interface/interface-store.ts';
import { overlaps } from './box-grid.ts';
import type { Box } from './edge-geometry.ts';
import type { Size } from './element-sizes.ts';

/** Between the toolbar and everything else, in screen pixels. */
const GAP = 8;
/** Between the toolbar and the border of the canvas. */
const EDGE = 6;
const STEP = 16;
/** A label may be covered when the toolbar would else be this much further away. */
const LABEL_COST = 90;
const NODE_COST = 100_000;
/** Above is where the hand is not. */
const BELOW_COST = 4;

export interface ToolbarSurroundings {
  /** What the toolbar belongs to. */
  readonly anchor: Box;
  readonly nodes: readonly Box[];
  readonly labels: readonly Box[];
  /** The visible canvas, from (0, 0). */
  readonly bounds: Size;
}

/** All in screen pixels from the canvas's corner. @returns the toolbar's corner */
export function placeToolbar(size: Size, { anchor, nodes, labels, bounds }: ToolbarSurroundings): Point {
  const isSeen = (box: Box) => overlaps(box, { x: 0, y: 0, ...bounds });
  const things = [...nodes.filter(isSeen), anchor];
  const words = labels.filter(isSeen);
  const [right, bottom] = [bounds.width - size.width - EDGE, bounds.height - size.height - EDGE];
  const inside = ({ x, y }: Point): Point => ({
    x: Math.max(EDGE, Math.min(right, x)),
    y: Math.max(EDGE, Math.min(bottom, y)),
  });
  const middle = anchor.x + (anchor.width - size.width) / 2;
  const above = inside({ x: middle, y: anchor.y - size.height - GAP });
  const below = inside({ x: middle, y: anchor.y + anchor.height + GAP });
  const cost = (corner: Point, enough: number): number => {
    let sum = Math.min(distance(corner, above), distance(corner, below) + BELOW_COST);
    const box = grown({ ...corner, ...size }, GAP - 1);
    for (const thing of things) {
      if (overlaps(thing, box)) sum += NODE_COST + sharedArea(thing, box);
      if (sum >= enough) return sum;
    }
    for (const word of words) if (overlaps(word, box)) sum += LABEL_COST;
    return sum;
  };
  let best = above;
  let least = cost(above, Number.POSITIVE_INFINITY);
  const look = (corner: Point) => {
    const price = cost(corner, least);
    if (price < least) [best, least] = [corner, price];
  };
  // Nearer than this nothing else can be.
  if (least < 1) return best;
  look(below);
  for (let y = EDGE; y <= bottom; y += STEP) for (let x = EDGE; x <= right; x += STEP) look({ x, y });
  return best;
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width * height;
}
