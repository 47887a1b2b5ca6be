/** Where an edge runs: a quadratic curve between the borders of two boxes that passes through its own label. */
import type { Point } from '#editor/interface/interface-store.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a relation's label sits, in canvas pixels from the middle of the straight line between the two borders. */
export interface Route {
  /** To the side of the line: positive is right of the edge's own direction. 0 is straight. */
  readonly across: number;
  /** Towards the object; negative is towards the subject. */
  readonly along: number;
}

export const STRAIGHT: Route = { across: 0, along: 0 };

export interface EdgeCurve {
  /** SVG path. */
  readonly path: string;
  /** Where the label's middle sits: the curve's own middle. */
  readonly label: Point;
  readonly start: Point;
  readonly control: Point;
  readonly end: Point;
}

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

/** The frame in which a route counts: the middle of the visible line, its direction, and its length. */
export interface Chord {
  readonly middle: Point;
  /** Unit length, from subject to object. */
  readonly along: Point;
  readonly length: number;
}

export function chordOf(source: Box, target: Box): Chord {
  const from = centre(source);
  const to = centre(target);
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  // Two boxes on one another have no direction: any will do.
  const along = distance === 0 ? { x: 1, y: 0 } : { x: (to.x - from.x) / distance, y: (to.y - from.y) / distance };
  const start = leave(source, to, 0);
  const end = leave(target, from, GAP);
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { middle, along, length: (end.x - start.x) * along.x + (end.y - start.y) * along.y };
}

/** Where a route puts the label. */
export function labelPlace({ middle, along }: Chord, route: Route): Point {
  return {
    x: middle.x + along.x * route.along - along.y * route.across,
    y: middle.y + along.y * route.along + along.x * route.across,
  };
}

/** The curve of one relation. */
export function edgeCurve(source: Box, target: Box, route: Route): EdgeCurve {
  const chord = chordOf(source, target);
  const label = labelPlace(chord, route);
  // A quadratic curve passes half way between its chord and its control point.
  const aim = { x: 2 * label.x - chord.middle.x, y: 2 * label.y - chord.middle.y };
  const start = leave(source, aim, 0);
  const end = leave(target, aim, GAP);
  const control = { x: 2 * label.x - (start.x + end.x) / 2, y: 2 * label.y - (start.y + end.y) / 2 };
  const path = `M ${round(start.x)} ${round(start.y)} Q ${round(control.x)} ${round(control.y)} ${round(end.x)} ${round(end.y)}`;
  return { path, label, start, control, end };
}
