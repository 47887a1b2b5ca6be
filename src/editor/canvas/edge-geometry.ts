/** Where an edge runs: a quadratic curve between the borders of two boxes, bent sideways by its lane. */
import type { Point } from '#editor/state/interface-store.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a relation runs between its two ends. */
export interface Route {
  /** 0 is straight; others bend to one side or the other, −1 and 1 by the width of a label. */
  readonly lane: number;
  /** Width in canvas pixels of the widest label among parallel relations. */
  readonly spread: number;
  /** Where along the curve the label sits, 0–1. */
  readonly at: number;
}

export interface EdgeCurve {
  /** SVG path. */
  readonly path: string;
  /** Where the label's middle sits. */
  readonly label: Point;
  readonly start: Point;
  readonly control: Point;
  readonly end: Point;
}

/** A label's height and some air, in canvas pixels: neighbouring lanes of a level edge are this far apart. */
export const LABEL_HEIGHT = 34;
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

/** The point of the curve at t, 0–1. */
export function pointAt({ start, control, end }: Pick<EdgeCurve, 'start' | 'control' | 'end'>, t: number): Point {
  const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
  return { x: a * start.x + b * control.x + c * end.x, y: a * start.y + b * control.y + c * end.y };
}

/** The curve of one relation. */
export function edgeCurve(source: Box, target: Box, { lane, spread, at }: Route): EdgeCurve {
  const from = centre(source);
  const to = centre(target);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const normal = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  // Labels lie level: beside an upright edge a lane must be as wide as a label, beside a level one only as high.
  const width = Math.max(LABEL_HEIGHT, Math.abs(normal.x) * spread);
  // A quadratic curve passes half way between its chord and its control point.
  const bend = 2 * lane * width;
  const control = { x: (from.x + to.x) / 2 + normal.x * bend, y: (from.y + to.y) / 2 + normal.y * bend };
  const start = leave(source, control, 0);
  const end = leave(target, control, GAP);
  const path = `M ${round(start.x)} ${round(start.y)} Q ${round(control.x)} ${round(control.y)} ${round(end.x)} ${round(end.y)}`;
  return { path, label: pointAt({ start, control, end }, at), start, control, end };
}
