/** The perturbation study: test graphs, each changed in one small way, painted again with the same seed (the paper's Figure 4, made countable). */
import type { Picture } from '#diffusion/picture.ts';
import { relabelObject, relabelRelation, remove, swapRelation } from '#graph/edits.ts';
import { oppositePredicate } from '#graph/perturb.ts';
import type { RandomSource } from '#graph/random.ts';
import type { Relation, SceneGraph } from '#graph/scene-graph.ts';

export const studyKinds = ['opposite', 'swap', 'relabel', 'remove object', 'remove relation'] as const;
/** `turned`: whatever edge comes first, the other way round. It asks for nothing that a judge can see, but it must move the picture. */
export type StudyKind = (typeof studyKinds)[number] | 'turned';

export interface PerturbedPair {
  readonly kind: StudyKind;
  /** Index of the graph in the list that was given. */
  readonly graphIndex: number;
  readonly before: SceneGraph;
  readonly after: SceneGraph;
  /** Labels whose objects may change place: the ends of the edge, or the object itself under its old and new name. */
  readonly touched: readonly string[];
  /** "dog left of cat → dog right of cat" */
  readonly sentence: string;
  /** Id of the changed relation, in both graphs, for `opposite` and `swap`. */
  readonly relationId?: string;
  /** A real picture that `after` is true of, where one was found. */
  readonly real?: Picture;
}

/** What the study needs to know of the model's world. */
export interface StudyWorld {
  readonly predicates: readonly string[];
  /** False for grounds and skies, which have no place to swap. */
  readonly isThing: (label: string) => boolean;
  /** What the judge calls a label, where it has words of its own. */
  readonly word?: (label: string) => string | undefined;
  /** Labels that can stand in for this one in a sensible scene, itself left out. */
  readonly alike: (label: string) => readonly string[];
}

/** Edge flip prefers these: they hold between any two things, so that a failure is the painter's and not the scene's. */
export const directions: ReadonlySet<string> = new Set(['left of', 'right of', 'above', 'below']);

/**
 * The relation of a graph to turn round: between two things, with an opposite that the model knows, and alone between its two ends, so that
 * nothing else in the graph holds them where they are. Both labels occur once: "one bag left of another" looks the same turned round.
 * Directions first, then the order of the graph.
 */
export function flippableRelation(graph: SceneGraph, world: StudyWorld): Relation | undefined {
  const labelOf = new Map(graph.objects.map(({ id, label }) => [id, label]));
  const word = world.word ?? ((label) => label);
  const isLoneThing = (label: string) =>
    world.isThing(label) && graph.objects.filter((object) => word(object.label) === word(label)).length === 1;
  const candidates = graph.relations.filter(
    (relation) =>
      oppositePredicate(relation.predicate, world.predicates) !== undefined &&
      [relation.subject, relation.object].every((id) => isLoneThing(labelOf.get(id)!)) &&
      !graph.relations.some((other) => other !== relation && joinsSame(other, relation)),
  );
  return candidates.find(({ predicate }) => directions.has(predicate)) ?? candidates[0];
}

/** One pair of the kind from the graph, or undefined when the graph has nothing to change in this way. */
export function perturb(
  kind: StudyKind,
  graph: SceneGraph,
  graphIndex: number,
  world: StudyWorld,
  random: RandomSource,
): PerturbedPair | undefined {
  const labelOf = new Map(graph.objects.map(({ id, label }) => [id, label]));
  const say = ({ subject, predicate, object }: Relation) =>
    `${labelOf.get(subject)} ${predicate} ${labelOf.get(object)}`;
  const pair = { kind, graphIndex, before: graph };
  switch (kind) {
    case 'opposite':
    case 'swap': {
      const relation = flippableRelation(graph, world);
      if (relation === undefined) return undefined;
      const opposite = oppositePredicate(relation.predicate, world.predicates)!;
      const after = kind === 'swap' ? swapRelation(graph, relation.id) : relabelRelation(graph, relation.id, opposite);
      const changed = after.relations.find(({ id }) => id === relation.id)!;
      const touched = [labelOf.get(relation.subject)!, labelOf.get(relation.object)!];
      return { ...pair, after, touched, sentence: `${say(relation)} → ${say(changed)}`, relationId: relation.id };
    }
    case 'relabel': {
      const things = graph.objects.filter(({ label }) => world.isThing(label) && world.alike(label).length > 0);
      const object = pick(things, random);
      if (object === undefined) return undefined;
      const label = pick(world.alike(object.label), random)!;
      const after = relabelObject(graph, object.id, label);
      return { ...pair, after, touched: [object.label, label], sentence: `${object.label} → ${label}` };
    }
    case 'remove object': {
      const things = graph.objects.filter(({ label }) => world.isThing(label));
      const object = graph.objects.length > 1 ? pick(things, random) : undefined;
      if (object === undefined) return undefined;
      const after = remove(graph, { objects: [object.id] });
      return { ...pair, after, touched: [object.label], sentence: `without ${object.label}` };
    }
    case 'remove relation': {
      const relation = pick(graph.relations, random);
      if (relation === undefined) return undefined;
      const after = remove(graph, { relations: [relation.id] });
      const touched = [labelOf.get(relation.subject)!, labelOf.get(relation.object)!];
      return { ...pair, after, touched, sentence: `without "${say(relation)}"` };
    }
    case 'turned': {
      const relation = graph.relations.find(({ subject, object }) => labelOf.get(subject) !== labelOf.get(object));
      if (relation === undefined) return undefined;
      const after = swapRelation(graph, relation.id);
      const touched = [labelOf.get(relation.subject)!, labelOf.get(relation.object)!];
      return { ...pair, after, touched, sentence: `"${say(relation)}" turned round`, relationId: relation.id };
    }
    default:
      return kind satisfies never;
  }
}

/** At most `limit` pairs of a kind, from the first graphs that allow it. */
export function perturbedPairs(
  kind: StudyKind,
  graphs: readonly SceneGraph[],
  limit: number,
  world: StudyWorld,
  random: RandomSource,
): PerturbedPair[] {
  const pairs: PerturbedPair[] = [];
  for (const [i, graph] of graphs.entries()) {
    if (pairs.length >= limit) break;
    const pair = perturb(kind, graph, i, world, random);
    if (pair !== undefined) pairs.push(pair);
  }
  return pairs;
}

function joinsSame(a: Relation, b: Relation): boolean {
  return (a.subject === b.subject && a.object === b.object) || (a.subject === b.object && a.object === b.subject);
}

function pick<Item>(items: readonly Item[], random: RandomSource): Item | undefined {
  return items.length === 0 ? undefined : items[random.integer(items.length)];
}
