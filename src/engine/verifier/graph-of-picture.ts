/** A picture whose recipe was lost, read back into a graph: what the verifier sees in it, and how that lies to each other. */
import type { Manifest } from '#engine/contract/manifest.ts';
import { documentOf, type IndexedRelation } from '#graph/indexed-graph.ts';
import { type GeometricPredicate, isGeometric, overlapOf, shareWithin } from '#graph/places/geometry.ts';
import { layOut } from '#graph/places/layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { CountedTriple } from '#graph/words/likely-predicates.ts';
import { type Detection, type DetectionSpec, detect, detectionSpecOf } from './detect.ts';
import type { DetectionMaps } from './onnx-verifier.ts';
import { relationHolds } from './relation-holds.ts';

type ReaderFacts = Pick<Manifest, 'vocabulary' | 'verifier' | 'kinds' | 'likely' | 'limits' | 'meanings'>;

/**
 * Its labels are those of the verifier. Neither colours nor the time of day are read.
 * @param maps of one picture, B = 1
 */
export function graphOfPicture(maps: DetectionMaps, facts: ReaderFacts): SceneGraph {
  const spec = detectionSpecOf(facts);
  const objects = objectsOfPicture(detect(maps.presence, maps.depth, spec), spec, facts);
  const relations = relationsOfPicture(objects, spec, facts);
  const named = objects.map(({ label }) => ({ label, attributes: [] }));
  return documentOf({ objects: named, relations }, layOut(objects.length, relations));
}

/** Intersection over union from which on two detections are one thing with two names. */
const SAME_PLACE = 0.6;
/** Share of the surest name's score that makes another one as good. */
const NEARLY = 0.8;
/** Share of a thing that lies within what it is a part of. */
const WITHIN = 0.8;

/** Things without their parts, the surest first; then the ground and the backdrop, one each. */
export function objectsOfPicture(
  detections: readonly Detection[],
  { regions }: DetectionSpec,
  { kinds, likely, limits, meanings }: ReaderFacts,
): readonly Detection[] {
  const seen = detections.filter(({ label }) => !regions.has(label) && kinds[label] !== 'part');
  const things = clustersOf(seen).map((names) => plainest(names, meanings));
  const isPart = (thing: Detection) =>
    things.some(
      (whole) =>
        whole !== thing && shareWithin(thing.box, whole.box) >= WITHIN && isPartOf(thing.label, whole.label, likely),
    );
  const surest = (kind: 'ground' | 'backdrop') => {
    const names = detections.filter(({ label }) => regions.get(label) === kind);
    return names.length > 0 ? [plainest(names, meanings)] : [];
  };
  const wholes = things.filter((thing) => !isPart(thing));
  const scenery = [...surest('ground'), ...surest('backdrop')];
  return [...wholes.slice(0, limits.objects - scenery.length), ...scenery];
}

/** Detections of one place, the surest first. */
function clustersOf(detections: readonly Detection[]): readonly (readonly Detection[])[] {
  const clusters: Detection[][] = [];
  for (const detection of detections) {
    const own = clusters.find(([surest]) => overlapOf(surest!.box, detection.box) >= SAME_PLACE);
    if (own) own.push(detection);
    else clusters.push([detection]);
  }
  return clusters;
}

/** Where there is a sheep there is an animal, as surely: of names that are nearly as sure the one of the fewest meanings. */
function plainest(names: readonly Detection[], meanings: Manifest['meanings']): Detection {
  const least = NEARLY * names[0]!.score;
  const breadth = ({ label }: Detection) => meanings?.[label]?.length ?? 0;
  return names
    .filter(({ score }) => score >= least)
    .reduce((one, other) => (breadth(other) < breadth(one) ? other : one));
}

const belongs: readonly string[] = ['of', 'belonging to'];
const owns: readonly string[] = ['has', 'have', 'with'];

/** Whether most of what the corpus says of the two is that one has the other: the window in a house is the house's. */
function isPartOf(part: string, whole: string, likely: readonly CountedTriple[]): boolean {
  let [own, all] = [0, 0];
  for (const { subject, predicate, object, count } of likely) {
    const isForward = subject === part && object === whole;
    if (!isForward && (subject !== whole || object !== part)) continue;
    all += count;
    if ((isForward ? belongs : owns).includes(predicate)) own += count;
  }
  return own > 0 && 2 * own >= all;
}

/** What the corpus says of two where it holds in the picture, and beside it how things lie to each other. */
export function relationsOfPicture(
  objects: readonly Detection[],
  { regions }: DetectionSpec,
  { vocabulary: { predicates }, likely, limits }: ReaderFacts,
): readonly IndexedRelation[] {
  const ofKind = (kind: 'ground' | 'backdrop' | undefined) =>
    [...objects.keys()].filter((i) => regions.get(objects[i]!.label) === kind);
  const [things, grounds, backdrops] = [ofKind(undefined), ofKind('ground'), ofKind('backdrop')];
  const pairs = things.flatMap((a, i) => things.slice(i + 1).map((b) => [a, b] as const));
  const habits = habitsIn(objects, likely);
  const places = withoutImplied(pairs.map(([a, b]) => placed(objects, a, b)));
  const onGround = things.flatMap((thing) =>
    grounds.map((ground) => habits(thing, ground)[0] ?? placed(objects, thing, ground)),
  );
  const stands = new Set(onGround.flatMap(({ subject, predicate }) => (isGeometric(predicate) ? [] : [subject])));
  // What stands on the ground is below the sky as the ground is.
  const loose = things.filter((thing) => !stands.has(thing));
  const ofBackdrop = backdrops.flatMap((backdrop) =>
    [...grounds, ...loose].map((other) => placed(objects, other, backdrop)),
  );
  return [...pairs.flatMap(([a, b]) => habits(a, b).slice(0, 1)), ...places, ...onGround, ...ofBackdrop]
    .filter(({ predicate }) => predicates.includes(predicate))
    .slice(0, limits.relations);
}

/** Of two objects, either way round: the corpus' triples that the picture shows, the most frequent first. */
function habitsIn(objects: readonly Detection[], likely: readonly CountedTriple[]) {
  const seen = (subject: number, object: number) => {
    const [s, o] = [objects[subject]!, objects[object]!];
    const isOfThem = (triple: CountedTriple) => triple.subject === s.label && triple.object === o.label;
    return likely
      .filter((triple) => isOfThem(triple) && !isGeometric(triple.predicate) && relationHolds(triple.predicate, s, o))
      .map(({ predicate, count }) => ({ subject, predicate, object, count }));
  };
  return (a: number, b: number): readonly IndexedRelation[] =>
    [...seen(a, b), ...seen(b, a)]
      .sort((one, other) => other.count - one.count)
      .map(({ subject, predicate, object }) => ({ subject, predicate, object }));
}

/** Of two that are each other's opposite the first. */
const told: readonly GeometricPredicate[] = ['inside', 'left of', 'above'];

function placed(objects: readonly Detection[], a: number, b: number): IndexedRelation {
  const toldOf = (subject: number, object: number) =>
    told.find((predicate) => relationHolds(predicate, objects[subject]!, objects[object]!) === true);
  const predicate = toldOf(a, b);
  if (predicate) return { subject: a, predicate, object: b };
  return { subject: b, predicate: toldOf(b, a) ?? 'above', object: a };
}

/** Of "a left of b", "b left of c" and "a left of c" the last says nothing new. */
function withoutImplied(relations: readonly IndexedRelation[]): readonly IndexedRelation[] {
  const key = ({ subject, predicate, object }: IndexedRelation) => `${subject} ${predicate} ${object}`;
  const known = new Set(relations.map(key));
  const middles = [...new Set(relations.flatMap(({ subject, object }) => [subject, object]))];
  return relations.filter(
    (relation) =>
      !middles.some(
        (middle) => known.has(key({ ...relation, object: middle })) && known.has(key({ ...relation, subject: middle })),
      ),
  );
}
