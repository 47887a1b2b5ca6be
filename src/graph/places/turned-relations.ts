/** Which relations change when one thing of a picture is put elsewhere in it. */
import { relabelRelation, remove } from '#graph/edits.ts';
import { oppositePredicate } from '#graph/perturb.ts';
import type { Relation, SceneGraph } from '#graph/scene-graph.ts';
import {
  type Box,
  type Direction,
  type GeometricPredicate,
  isRegion,
  seenDirection,
  seenRelation,
} from './geometry.ts';

/**
 * The places that a predicate allows. Predicates that are not listed say something else than a place in the picture: "behind" is told by
 * nearness, "riding" by what is done, and neither is turned by a hand that moves a thing about.
 */
const allowed: ReadonlyMap<string, readonly GeometricPredicate[]> = new Map<string, readonly GeometricPredicate[]>([
  ['left of', ['left of']],
  ['right of', ['right of']],
  ['above', ['above']],
  ['below', ['below']],
  ['inside', ['inside']],
  ['surrounding', ['surrounding']],
  ['on left of', ['left of']],
  ['on right of', ['right of']],
  ['over', ['above']],
  ['beneath', ['below']],
  ['underneath', ['below']],
  ['around', ['surrounding']],
  ['next to', ['left of', 'right of']],
  ['beside', ['left of', 'right of']],
]);

/** What rests on a thing may lie anywhere but below it, and the reverse; there it becomes its opposite. */
const contacts: ReadonlyMap<string, Direction> = new Map<string, Direction>([
  ['on', 'below'],
  ['on top of', 'below'],
  ['standing on', 'below'],
  ['sitting on', 'below'],
  ['lying on', 'below'],
  ['under', 'above'],
]);

export interface TurnedRelation {
  readonly relation: Relation;
  /** The predicate that its place says. */
  readonly predicate: string;
}

/**
 * The relations between one thing and the others that its new place contradicts. One that the move itself did not turn stays as it is, though the
 * picture may never have obeyed it.
 * @param boxes of the things in the picture, by id, in [0, 1]; relations to what is not there stay
 * @param to of the thing that is moved, which may not have been there
 * @param predicates that may be said: a relation stays when none of them says its new place
 */
export function turnedRelations(
  { relations }: SceneGraph,
  boxes: ReadonlyMap<string, Box>,
  { id, to }: { readonly id: string; readonly to: Box },
  predicates: readonly string[],
): readonly TurnedRelation[] {
  const moved = new Map(boxes).set(id, to);
  return relations.flatMap((relation) => {
    if (relation.subject !== id && relation.object !== id) return [];
    const predicate = turnedPredicate(relation, boxes, moved, predicates);
    return predicate === undefined ? [] : [{ relation, predicate }];
  });
}

/** The relations with the predicates of their new places: one that is said already is not said twice. */
export const withTurned = (graph: SceneGraph, turned: readonly TurnedRelation[]): SceneGraph =>
  turned.reduce((next, { relation: { id, subject, object }, predicate }) => {
    const isSaid = next.relations.some(
      (other) => other.subject === subject && other.object === object && other.predicate === predicate,
    );
    if (isSaid) return remove(next, { relations: [id] });
    return relabelRelation(next, id, predicate);
  }, graph);

type Boxes = ReadonlyMap<string, Box>;

/** @returns undefined when the relation stays as it is */
function turnedPredicate(
  { subject, predicate, object }: Relation,
  boxes: Boxes,
  moved: Boxes,
  predicates: readonly string[],
): string | undefined {
  const endsIn = (places: Boxes) => [places.get(subject), places.get(object)] as const;
  const places = allowed.get(predicate);
  if (places) {
    const [before, after] = [placeOf(endsIn(boxes), places), placeOf(endsIn(moved), places)];
    const isTurned = after && before !== after && !places.includes(after);
    return isTurned ? predicateOf(after, predicates) : undefined;
  }
  const forbidden = contacts.get(predicate);
  const [before, after] = [sideOf(endsIn(boxes)), sideOf(endsIn(moved))];
  const isTurned = after && before !== after && after === forbidden;
  return isTurned ? oppositePredicate(predicate, predicates) : undefined;
}

type Ends = readonly [Box | undefined, Box | undefined];

/**
 * A thing over another's box is not inside of it for a relation that never spoke of that. What is left and above is still left of it for a
 * relation that speaks of left and right, and above it for one that speaks of above and below.
 */
function placeOf([subject, object]: Ends, places: readonly GeometricPredicate[]): GeometricPredicate | undefined {
  if (!subject || !object) return undefined;
  const isOfContainment = places.includes('inside') || places.includes('surrounding');
  if (isOfContainment) return seenRelation(subject, object);
  const isSideways = places.includes('left of') || places.includes('right of');
  return seenDirection(subject, object, isSideways ? 'x' : 'y');
}

/** Upon a ground a thing may be anywhere. */
function sideOf([subject, object]: Ends): Direction | undefined {
  if (!subject || !object || isRegion(subject) || isRegion(object)) return undefined;
  return seenDirection(subject, object);
}

function predicateOf(place: GeometricPredicate, predicates: readonly string[]): string | undefined {
  const says = (predicate: string) => {
    const places = allowed.get(predicate);
    return places?.length === 1 && places[0] === place;
  };
  return predicates.includes(place) ? place : predicates.find(says);
}
