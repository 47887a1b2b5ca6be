/** Does a relation hold between two detected things? Plain rules on their boxes and nearness. */
import { type Box, isGeometric, isRegion, seenRelation } from '#graph/places/geometry.ts';

export interface Located {
  /** In [0, 1] of the picture; y points down. */
  readonly box: Box;
  /** In [0, 1]; larger is nearer. */
  readonly depth: number;
}

/** Nearness that differs less than this is not told apart. */
const SAME_DEPTH = 0.02;
/** Slack for edges that should meet, in picture widths: about half a cell of a 16 × 16 grid. */
const TOUCH = 0.04;
/** Neighbours are at most this far apart, in picture widths. */
const NEAR = 0.16;
/** Share of what is worn that is over its wearer. */
const WORN_SHARE = 0.5;
/** Share of the narrower one's width that is common to things over each other. */
const SHARED_WIDTH = 0.4;

/**
 * Whether boxes without nearness are enough to say if it holds. "Behind" asks for nearness, and "made of" has no rule: boxes that fill the
 * picture alike leave both open.
 */
export const boxesDecide = (predicate: string): boolean =>
  relationHolds(predicate, EVERYWHERE, EVERYWHERE) !== undefined;

const EVERYWHERE: Located = { box: [0, 0, 1, 1], depth: 0 };

/** @returns undefined when the boxes cannot tell, or the predicate has no rule */
export function relationHolds(predicate: string, subject: Located, object: Located): boolean | undefined {
  if (isGeometric(predicate)) return seenRelation(subject.box, object.box) === predicate;
  switch (predicate) {
    case 'over':
      return seenRelation(subject.box, object.box) === 'above';
    case 'around':
      return seenRelation(subject.box, object.box) === 'surrounding';
    case 'in':
    case 'sitting in':
    case 'standing in':
      return contains(object.box, subject.box) || (isRegion(object.box) && restsOn(subject.box, object.box));
    case 'in front of':
    case 'covering':
      return isNearer(subject, object);
    case 'behind':
    case 'covered in':
      return isNearer(object, subject);
    case 'on':
    case 'on top of':
    case 'standing on':
    case 'walking on':
    case 'sitting on':
    case 'laying on':
    case 'parked on':
    case 'hanging on':
    case 'attached to':
    case 'riding':
      return restsOn(subject.box, object.box);
    case 'under':
      return liesUnder(subject.box, object.box);
    case 'next to':
    case 'near':
    case 'by':
    case 'beside':
    case 'at':
    case 'and':
    case 'on side of':
    case 'looking at':
      return isNextTo(subject.box, object.box);
    case 'against':
      return isRegion(object.box) ? crosses(subject.box, object.box[3]) : isNextTo(subject.box, object.box);
    case 'along':
      return isRegion(object.box) ? crosses(subject.box, object.box[1]) : isNextTo(subject.box, object.box);
    case 'holding':
    case 'carrying':
    case 'eating':
      return holdsInHand(subject.box, object.box);
    case 'wearing':
    case 'wears':
      return wears(subject.box, object.box);
    case 'has':
    case 'have':
    case 'with':
      return has(subject.box, object.box);
    case 'of':
    case 'belonging to':
    case 'for':
      return has(object.box, subject.box);
    default:
      return undefined;
  }
}

/** Nearer, and over a part of it, or nearly: what is hidden leaves no box. */
function isNearer(near: Located, far: Located): boolean | undefined {
  const covers = overlapX(near.box, far.box) >= -TOUCH && overlapY(near.box, far.box) >= -2 * TOUCH;
  if (!covers) return false;
  const difference = near.depth - far.depth;
  return Math.abs(difference) < SAME_DEPTH ? undefined : difference > 0;
}

/** Its foot is within the other's height and width, clearly higher than the other's own foot; on a ground it may be anywhere. */
function restsOn(subject: Box, object: Box): boolean {
  const foot = subject[3];
  const lowest = isRegion(object) ? object[3] + TOUCH : object[3] - 0.75 * TOUCH;
  const isHigher = centreY(subject) < centreY(object) || contains(object, subject) || isRegion(object);
  return isHigher && foot >= object[1] - 1.5 * TOUCH && foot <= lowest && shareOfWidth(subject, object) >= SHARED_WIDTH;
}

/** It carries the other; or its centre is lower, its foot not higher than the other's, and they share a part of their width. */
function liesUnder(subject: Box, object: Box): boolean {
  if (restsOn(subject, object)) return false;
  const isBelow = centreY(subject) > centreY(object) && subject[3] >= object[3] - 0.75 * TOUCH;
  return restsOn(object, subject) || (isBelow && shareOfWidth(subject, object) >= SHARED_WIDTH);
}

/** Side by side: more apart along x than along y, at about one height, with a small gap or none. */
function isNextTo(a: Box, b: Box): boolean {
  const apart = Math.abs(centreX(a) - centreX(b));
  const sameHeight = overlapY(a, b) >= 0.3 * Math.min(height(a), height(b));
  const isContained = contains(a, b) || contains(b, a);
  return !isContained && sameHeight && apart > Math.abs(centreY(a) - centreY(b)) && overlapX(a, b) >= -NEAR;
}

/** The thing in the hand touches its holder and ends above the holder's feet; an umbrella may be the larger of the two. */
function holdsInHand(holder: Box, held: Box): boolean {
  return overlapX(holder, held) >= -TOUCH && overlapY(holder, held) >= -TOUCH && held[3] < holder[3];
}

/** What is worn touches its wearer, by more than half of its width, and ends above the wearer's feet. */
function wears(wearer: Box, worn: Box): boolean {
  const shared = overlapX(wearer, worn) / width(worn);
  return shared >= WORN_SHARE && overlapY(wearer, worn) >= -TOUCH && centreY(worn) < wearer[3] - TOUCH;
}

/** In the hand, on the body, or a part of it. */
const has = (owner: Box, owned: Box): boolean =>
  holdsInHand(owner, owned) || wears(owner, owned) || contains(owner, owned);

/** Does it reach from above a line to the line or below it? */
const crosses = (box: Box, line: number): boolean => box[1] < line - TOUCH && box[3] >= line - TOUCH;

const width = (box: Box): number => box[2] - box[0];
const height = (box: Box): number => box[3] - box[1];
const centreX = (box: Box): number => (box[0] + box[2]) / 2;
const centreY = (box: Box): number => (box[1] + box[3]) / 2;
/** Length of the shared part; negative: the gap between them. */
const overlapX = (a: Box, b: Box): number => Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
const overlapY = (a: Box, b: Box): number => Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
const shareOfWidth = (a: Box, b: Box): number => overlapX(a, b) / Math.min(width(a), width(b));
const contains = (outer: Box, inner: Box): boolean =>
  outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
