/** The six geometric relations of sg2im, from two boxes. */

/** Left, top, right, bottom in any one unit; y points down. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export const geometricPredicates = ['left of', 'right of', 'above', 'below', 'inside', 'surrounding'] as const;
export type GeometricPredicate = (typeof geometricPredicates)[number];

export const isGeometric = (predicate: string): predicate is GeometricPredicate =>
  (geometricPredicates as readonly string[]).includes(predicate);

/** In a picture or on a canvas: y points down. */
export type Direction = Exclude<GeometricPredicate, 'inside' | 'surrounding'>;

type Point = readonly [x: number, y: number];

/** In the boxes' unit. */
interface Centres {
  readonly subject: Point;
  readonly object: Point;
}

/**
 * How the subject lies to the object; the first rule that holds wins. Containment is strict on all four sides; otherwise the angle
 * θ of the line between the centres decides (Johnson, Gupta and Fei-Fei 2018, section 4.1). Equal centres count as right of.
 * @param centres of the masks, where they are known; of the boxes otherwise.
 */
export function geometricRelation(
  subject: Box,
  object: Box,
  centres: Centres = { subject: centreOf(subject), object: centreOf(object) },
): GeometricPredicate {
  return containment(subject, object) ?? directionBetween(centres.subject, centres.object);
}

/** Grounds and skies are at least this wide, of the picture's width; nothing is left or right of them. */
const REGION_WIDTH = 0.9;

/** @param box in [0, 1] of the picture */
export const isRegion = (box: Box): boolean => box[2] - box[0] >= REGION_WIDTH;

/** The same in a picture, where beside what fills its width only heights count. @param subject as `object` in [0, 1] of the picture */
export function seenRelation(subject: Box, object: Box): GeometricPredicate {
  return containment(subject, object) ?? seenDirection(subject, object);
}

/**
 * Of the centres alone, whatever contains whatever.
 * @param subject as `object` in [0, 1] of the picture
 * @param along distances along this axis count twice; none when absent
 */
export function seenDirection(subject: Box, object: Box, along?: 'x' | 'y'): Direction {
  const [from, to] = [centreOf(subject), centreOf(object)];
  if (!isRegion(subject) && !isRegion(object)) {
    const stretched = ([x, y]: Point): Point => [along === 'x' ? 2 * x : x, along === 'y' ? 2 * y : y];
    return directionBetween(stretched(from), stretched(to));
  }
  return from[1] < to[1] ? 'above' : 'below';
}

function directionBetween(subject: Point, object: Point): Direction {
  const theta = Math.atan2(subject[1] - object[1], subject[0] - object[0]);
  if (Math.abs(theta) >= (3 * Math.PI) / 4) return 'left of';
  if (theta < -Math.PI / 4) return 'above';
  if (theta < Math.PI / 4) return 'right of';
  return 'below';
}

function containment(subject: Box, object: Box): 'inside' | 'surrounding' | undefined {
  if (contains(subject, object)) return 'surrounding';
  return contains(object, subject) ? 'inside' : undefined;
}

const contains = (outer: Box, inner: Box): boolean =>
  outer[0] < inner[0] && outer[1] < inner[1] && outer[2] > inner[2] && outer[3] > inner[3];
export const centreOf = (box: Box): Point => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

/** Intersection ÷ union of two boxes, in [0, 1]. */
export function overlapOf(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

/** How much of a box lies within another one, in [0, 1]. */
export function shareWithin(part: Box, whole: Box): number {
  const shared = sharedArea(part, whole);
  return shared === 0 ? 0 : shared / areaOf(part);
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
}

const areaOf = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top);
