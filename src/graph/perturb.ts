/** Small changes of one edge: what "change one relation and look again" is made of, in the editor and in the edge-flip score. */
import { findRelation, relabelRelation, remove, swapRelation } from './edits.ts';
import type { RandomSource } from './random.ts';
import type { Relation, SceneGraph } from './scene-graph.ts';

/** Each is the other's opposite. These are the pairs of the edge-flip score. */
export const oppositePairs = [
  ['left of', 'right of'],
  ['above', 'below'],
  ['in front of', 'behind'],
  ['inside', 'surrounding'],
  ['on', 'under'],
] as const;

/** Opposites that do not lead back. */
const oneWay: readonly (readonly [string, string])[] = [
  ['standing on', 'under'],
  ['sitting on', 'under'],
  ['lying on', 'under'],
  ['on top of', 'under'],
  ['over', 'under'],
  ['beneath', 'on'],
  ['underneath', 'on'],
  ['in', 'surrounding'],
];

const opposites: ReadonlyMap<string, string> = new Map([
  ...oppositePairs.flatMap(([a, b]): [string, string][] => [
    [a, b],
    [b, a],
  ]),
  ...oneWay,
]);

/** @returns undefined when the predicate has no opposite, or the model does not know it */
export function oppositePredicate(predicate: string, predicates: readonly string[]): string | undefined {
  const opposite = opposites.get(predicate);
  return opposite !== undefined && predicates.includes(opposite) ? opposite : undefined;
}

export type Perturbation =
  | { readonly kind: 'predicate'; readonly predicate: string }
  | { readonly kind: 'opposite'; readonly predicate: string }
  | { readonly kind: 'swap' }
  | { readonly kind: 'remove' };

/** @throws GraphEditError unknown-relation */
export function applyPerturbation(graph: SceneGraph, relationId: string, perturbation: Perturbation): SceneGraph {
  switch (perturbation.kind) {
    case 'predicate':
    case 'opposite':
      return relabelRelation(graph, relationId, perturbation.predicate);
    case 'swap':
      return swapRelation(graph, relationId);
    case 'remove':
      findRelation(graph, relationId);
      return remove(graph, { relations: [relationId] });
    default:
      return perturbation satisfies never;
  }
}

/** Every change that one edge can be given: its opposite if there is one, a swap, every other predicate, and its removal. */
export function perturbationsOf(relation: Relation, predicates: readonly string[]): Perturbation[] {
  const opposite = oppositePredicate(relation.predicate, predicates);
  return [
    ...(opposite === undefined ? [] : [{ kind: 'opposite', predicate: opposite } as const]),
    { kind: 'swap' },
    ...predicates
      .filter((predicate) => predicate !== relation.predicate && predicate !== opposite)
      .map((predicate) => ({ kind: 'predicate', predicate }) as const),
    { kind: 'remove' },
  ];
}

/** One graph per predicate of the model, in the model's order: "sweep all". The edge as it is comes back as the graph itself. */
export function sweep(
  graph: SceneGraph,
  relationId: string,
  predicates: readonly string[],
): { readonly predicate: string; readonly graph: SceneGraph }[] {
  return predicates.map((predicate) => ({ predicate, graph: relabelRelation(graph, relationId, predicate) }));
}

/**
 * "Surprise me": one change of an edge by chance, never its removal. The kind is drawn first, so that the many predicates do not
 * crowd out the opposite and the swap.
 */
export function surprise(relation: Relation, predicates: readonly string[], random: RandomSource): Perturbation {
  const choices = perturbationsOf(relation, predicates).filter(({ kind }) => kind !== 'remove');
  const kinds = [...new Set(choices.map(({ kind }) => kind))];
  const kind = kinds[random.integer(kinds.length)]!;
  const ofKind = choices.filter((choice) => choice.kind === kind);
  return ofKind[random.integer(ofKind.length)]!;
}
