/** Where an edge runs: a quadratic curve between the borders of two boxes, bent sideways by its lane. */
import type { Point } from '#editor/state/interface-store.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface EdgeCurve {
  /** SVG path. */
  readonly path: string;
  /** The middle of the curve, where the label sits. */
  readonly label: Point;
}

/** Distance between neighbouring lanes at the middle of the curve, in canvas pixels: a label's height and some air. */
const LANE = 34;
/** The arrow's tip stays this far from the box. */
const GAP = 5;

const centre = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** Where the ray from the middle of a box towards a point leaves the box grown by a margin. */
export function leave(box: Box, towards: Point, margin: number): Point {
  const middle = centre(box);
  const dx = towards.x - middle.x;
  const dy = towards.y - middle.y;
  if (dx === 0 && dy === 0) return middle;
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : (box.width / 2 + margin) / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : (box.height / 2 + margin) / Math.abs(dy),
  );
  return { x: middle.x + dx * scale, y: middle.y + dy * scale };
}

const round = (value: number) => Math.round(value * 10) / 10;

/** The curve of one relation. Lane 0 is straight. */
export function edgeCurve(source: Box, target: Box, lane: number): EdgeCurve {
  const from = centre(source);
  const to = centre(target);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const normal = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  // A quadratic curve passes half way between its chord and its control point.
  const bend = 2 * lane * LANE;
  const control = { x: (from.x + to.x) / 2 + normal.x * bend, y: (from.y + to.y) / 2 + normal.y * bend };
  const start = leave(source, control, 0);
  const end = leave(target, control, GAP);
  const label = {
    x: (start.x + 2 * control.x + end.x) / 4,
    y: (start.y + 2 * control.y + end.y) / 4,
  };
  const path = `M ${round(start.x)} ${round(start.y)} Q ${round(control.x)} ${round(control.y)} ${round(end.x)} ${round(end.y)}`;
  return { path, label };
}
