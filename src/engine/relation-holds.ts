/** Does a relation hold between two detected things? Plain rules on their boxes and nearness. */
import { type Box, type GeometricPredicate, geometricPredicates, geometricRelation } from '#graph/geometry.ts';

export interface Located {
  /** In [0, 1] of the picture; y points down. */
  readonly box: Box;
  /** In [0, 1]; larger is nearer. */
  readonly depth: number;
}

/** Nearness that differs less than this is not told apart. */
const SAME_DEPTH = 0.06;
/** Slack for edges that should meet, in picture widths: about half a cell of a 16 × 16 grid. */
const TOUCH = 0.04;
/** Neighbours are at most this far apart, in picture widths. */
const NEAR = 0.16;

/** @returns undefined when the boxes cannot tell, or the predicate has no rule */
export function relationHolds(predicate: string, subject: Located, object: Located): boolean | undefined {
  if (isGeometric(predicate)) return geometricRelation(subject.box, object.box) === predicate;
  switch (predicate) {
    case 'in front of':
      return isNearer(subject, object);
    case 'behind':
      return isNearer(object, subject);
    case 'on':
    case 'standing on':
    case 'sitting on':
    case 'riding':
      return restsOn(subject.box, object.box);
    case 'under':
      return liesUnder(subject.box, object.box);
    case 'next to':
      return isNextTo(subject.box, object.box);
    case 'holding':
      return holdsInHand(subject.box, object.box);
    default:
      return undefined;
  }
}

const isGeometric = (predicate: string): predicate is GeometricPredicate =>
  (geometricPredicates as readonly string[]).includes(predicate);

/** Things that share no column of the picture are not in front of each other. */
function isNearer(near: Located, far: Located): boolean | undefined {
  if (overlapX(near.box, far.box) <= 0) return false;
  const difference = near.depth - far.depth;
  return Math.abs(difference) < SAME_DEPTH ? undefined : difference > 0;
}

/** Things on a thing begin higher than it does; on what is at least this wide, a ground, they may stand anywhere. */
const GROUND_WIDTH = 0.9;

/** Its foot is within the other's height, over the other's width, and its head is higher than the other's, unless that is a ground. */
function restsOn(subject: Box, object: Box): boolean {
  const foot = subject[3];
  const isOver = overlapX(subject, object) >= 0.5 * Math.min(width(subject), width(object));
  const footMeets = foot >= object[1] - TOUCH && foot <= object[3] + TOUCH;
  const rises = subject[1] < object[1] || width(object) >= GROUND_WIDTH;
  return isOver && footMeets && rises;
}

/** Its centre is lower, it ends no higher than the other, half of the narrower one's width is shared, and it does not rest on the other. */
function liesUnder(subject: Box, object: Box): boolean {
  const isBelow = centreY(subject) > centreY(object) && subject[3] >= object[3] - TOUCH;
  const sharesWidth = overlapX(subject, object) >= 0.5 * Math.min(width(subject), width(object));
  return isBelow && sharesWidth && !restsOn(subject, object);
}

/** Side by side: more apart along x than along y, at about one height, with a small gap or none. */
function isNextTo(a: Box, b: Box): boolean {
  const apart = Math.abs(centreX(a) - centreX(b));
  const sameHeight = overlapY(a, b) >= 0.3 * Math.min(height(a), height(b));
  const isContained = ['inside', 'surrounding'].includes(geometricRelation(a, b));
  return !isContained && sameHeight && apart > Math.abs(centreY(a) - centreY(b)) && overlapX(a, b) >= -NEAR;
}

/** The thing in the hand touches its holder and is smaller. */
function holdsInHand(holder: Box, held: Box): boolean {
  const touches = overlapX(holder, held) >= -TOUCH && overlapY(holder, held) >= -TOUCH;
  return touches && area(held) < area(holder);
}

const width = (box: Box): number => box[2] - box[0];
const height = (box: Box): number => box[3] - box[1];
const area = (box: Box): number => width(box) * height(box);
const centreX = (box: Box): number => (box[0] + box[2]) / 2;
const centreY = (box: Box): number => (box[1] + box[3]) / 2;
/** Length of the shared part; negative: the gap between them. */
const overlapX = (a: Box, b: Box): number => Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
const overlapY = (a: Box, b: Box): number => Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
