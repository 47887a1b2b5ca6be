/** The six geometric relations of sg2im, from two boxes. */

/** Left, top, right, bottom in any one unit; y points down. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export const geometricPredicates = ['left of', 'right of', 'above', 'below', 'inside', 'surrounding'] as const;
export type GeometricPredicate = (typeof geometricPredicates)[number];

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
  if (contains(subject, object)) return 'surrounding';
  if (contains(object, subject)) return 'inside';
  const theta = Math.atan2(centres.subject[1] - centres.object[1], centres.subject[0] - centres.object[0]);
  if (Math.abs(theta) >= (3 * Math.PI) / 4) return 'left of';
  if (theta < -Math.PI / 4) return 'above';
  if (theta < Math.PI / 4) return 'right of';
  return 'below';
}

const contains = (outer: Box, inner: Box): boolean =>
  outer[0] < inner[0] && outer[1] < inner[1] && outer[2] > inner[2] && outer[3] > inner[3];
const centreOf = (box: Box): Point => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
