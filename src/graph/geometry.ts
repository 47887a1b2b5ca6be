/** The six geometric relations of sg2im, from two boxes. */

/** Left, top, right, bottom in any one unit; y points down. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export const geometricPredicates = ['left of', 'right of', 'above', 'below', 'inside', 'surrounding'] as const;
export type GeometricPredicate = (typeof geometricPredicates)[number];

/**
 * How the subject lies to the object; the first rule that holds wins. Containment is strict on all four sides; otherwise the angle
 * θ of the line between the centres decides (Johnson, Gupta and Fei-Fei 2018, section 4.1). Equal centres count as right of.
 */
export function geometricRelation(subject: Box, object: Box): GeometricPredicate {
  if (contains(subject, object)) return 'surrounding';
  if (contains(object, subject)) return 'inside';
  const theta = Math.atan2(centreY(subject) - centreY(object), centreX(subject) - centreX(object));
  if (Math.abs(theta) >= (3 * Math.PI) / 4) return 'left of';
  if (theta < -Math.PI / 4) return 'above';
  if (theta < Math.PI / 4) return 'right of';
  return 'below';
}

const contains = (outer: Box, inner: Box): boolean =>
  outer[0] < inner[0] && outer[1] < inner[1] && outer[2] > inner[2] && outer[3] > inner[3];
const centreX = (box: Box): number => (box[0] + box[2]) / 2;
const centreY = (box: Box): number => (box[1] + box[3]) / 2;
