/** Every relation that is true of a placed scene. */
import { geometricRelation } from '#graph/places/geometry.ts';
import type { PlacedRelation } from '#training/corpus/world/scene.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { inversePredicate, lines, type Predicate } from '#training/corpus/world/world.ts';
import { centreY, heightOf, overlapX, overlapY, type Placed, type Setting, widthOf } from './placing.ts';

type Triple = PlacedRelation & { readonly predicate: Predicate };

/** Side by side: closer than this, as a share of the picture's width. */
const NEXT_TO_GAP = 0.13;
/** Overlap along x that makes one thing stand before another, as a share of the narrower one. */
const BEFORE_OVERLAP = 0.25;
/** Gap along y up to which two boxes nearly touch. */
const NEARLY = 0.03;

/**
 * Relations of all things to each other, then to the two regions. Indices: things in their order, then backdrop, then ground.
 * Exactly one geometric relation per ordered pair of things (sg2im's rule); the inverse of every relation that has a word for it.
 * @param links what the templates arranged (riding, holding, on, under, standing on); they must be true of the boxes, see `linksHold`.
 */
export function trueRelations(
  things: readonly Placed[],
  setting: Pick<Setting, 'horizon' | 'ground' | 'backdrop'>,
  links: readonly Triple[],
): readonly Triple[] {
  const { horizon } = setting;
  const triples: Triple[] = [];
  const add = (subject: number, predicate: Predicate, object: number, unlikely?: true) => {
    if (!triples.some((t) => t.subject === subject && t.predicate === predicate && t.object === object)) {
      triples.push({ subject, predicate, object, ...(unlikely && { unlikely }) });
    }
  };
  const addBoth = (subject: number, predicate: Predicate, object: number, unlikely?: true) => {
    add(subject, predicate, object, unlikely);
    const inverse = inversePredicate[predicate];
    if (inverse) add(object, inverse, subject, unlikely);
  };

  for (const { subject, predicate, object, unlikely } of links) {
    if (predicate === 'under') add(subject, 'under', object);
    else addBoth(subject, predicate, object, unlikely);
    if (predicate === 'holding' || predicate === 'wearing') addBoth(subject, 'has', object);
  }
  const linked = (a: number, b: number) =>
    links.some(({ subject, object }) => (subject === a && object === b) || (subject === b && object === a));
  things.forEach((a, i) => {
    things.forEach((b, j) => {
      if (i === j) return;
      add(i, geometricRelation(a.box, b.box), j);
      if (linked(i, j)) return;
      if (isBehind(a, b)) addBoth(i, 'behind', j);
      if (i < j && areNeighbours(a, b)) addBoth(i, 'next to', j);
    });
  });

  const backdrop = things.length;
  const ground = backdrop + 1;
  add(backdrop, 'above', ground);
  add(ground, 'below', backdrop);
  things.forEach(({ label, box, footing }, index) => {
    const { kind } = thingOf(label);
    if (footing === 'ground') {
      addBoth(index, 'on', ground);
      if (kind === 'person' || kind === 'animal') add(index, 'standing on', ground);
    }
    if (footing === 'wall') addBoth(index, 'on', backdrop);
    if (kind === 'furniture' && footing === 'ground' && isAgainst(box, horizon, setting))
      add(index, 'against', backdrop);
    if (footing === 'horizon' && lines.has(setting.ground)) add(index, 'along', ground);
    if (footing === 'air' || (footing === 'nothing' && box[3] <= horizon)) {
      addBoth(index, 'inside', backdrop);
      addBoth(index, 'above', ground);
    }
    if (footing === 'ground' && centreY(box) > horizon + 0.04) addBoth(backdrop, 'above', index);
  });
  return triples;
}

/** Do the boxes show what the templates meant? A scene where they do not is drawn again. */
export function linksHold(things: readonly Placed[], links: readonly Triple[]): boolean {
  return links.every(({ subject, predicate, object }) => {
    const [a, b] = [things[subject] as Placed, things[object] as Placed];
    const relation = geometricRelation(a.box, b.box);
    switch (predicate) {
      case 'riding':
      case 'above':
        return relation === 'above';
      case 'on':
      case 'standing on':
        // What lies on a chair or a bed is within its outline.
        return relation === 'above' || relation === 'inside';
      case 'under':
        return b.footing === 'air'
          ? relation === 'below' && overlapY(a.box, b.box) < 0.02
          : relation === 'below' || relation === 'inside';
      case 'inside':
        return relation === 'inside';
      default:
        return true;
    }
  });
}

/** Furniture at the far layer leans against the wall: its foot is at most this far below the horizon. */
const LEANING = 0.2;
const isAgainst = (box: Placed['box'], horizon: number, { backdrop }: Pick<Setting, 'backdrop'>): boolean =>
  backdrop === 'wall' && box[1] < horizon && box[3] - horizon <= LEANING;

/** Does `a` stand at a further layer, and does `b` cover a part of the view on it, or nearly? */
export function isBehind(a: Placed, b: Placed): boolean {
  const stands = ({ footing }: Placed) => footing === 'ground' || footing === 'horizon';
  return (
    stands(a) &&
    stands(b) &&
    b.depth - a.depth >= 0.7 &&
    overlapX(a.box, b.box) >= BEFORE_OVERLAP * Math.min(widthOf(a.box), widthOf(b.box)) &&
    overlapY(a.box, b.box) >= -NEARLY
  );
}

function areNeighbours(a: Placed, b: Placed): boolean {
  const gap = -overlapX(a.box, b.box);
  return (
    a.footing === 'ground' &&
    b.footing === 'ground' &&
    Math.abs(a.depth - b.depth) < 0.3 &&
    gap <= NEXT_TO_GAP &&
    gap > -0.02 &&
    overlapY(a.box, b.box) >= 0.5 * Math.min(heightOf(a.box), heightOf(b.box))
  );
}
