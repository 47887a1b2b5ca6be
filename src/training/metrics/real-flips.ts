/** The ceiling of edge flip: what the judge makes of real pictures. */
import type { RandomSource } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { labelGraphOf } from './evaluation-plan.ts';
import type { Detected, Judge, Sighting } from './judge.ts';
import type { PerturbedPair } from './perturbation-study.ts';
import { relationOutcomes } from './relation-accuracy.ts';
import type { Tally } from './score.ts';

/**
 * There is no real picture of a flipped graph. In its place stands the real picture of another graph of the set with a relation of the
 * opposite predicate, drawn by chance: a perfect painter's second picture would be as easy or hard to judge as that one. Pairs without such a
 * graph are left out.
 */
export function realFlipTallies<Detection extends Detected>(
  pairs: readonly PerturbedPair[],
  graphs: readonly SceneGraph[],
  real: readonly Sighting<Detection>[],
  judge: Judge<Detection>,
  random: RandomSource,
): readonly Tally[] {
  const holds = (graph: number, relationId: string): boolean => {
    const relation = graphs[graph]!.relations.findIndex(({ id }) => id === relationId);
    const outcomes = relationOutcomes(labelGraphOf(graphs[graph]!), real[graph]!.detections, judge.holds);
    return outcomes[relation]!.verdict === 'holds';
  };
  return pairs.flatMap((pair): Tally[] => {
    const opposite = pair.after.relations.find(({ id }) => id === pair.relationId)!.predicate;
    const stands = graphs.flatMap((graph, g) =>
      g === pair.graphIndex
        ? []
        : graph.relations.filter(({ predicate }) => predicate === opposite).map(({ id }) => ({ g, id })),
    );
    if (stands.length === 0) return [];
    const other = stands[random.integer(stands.length)]!;
    return [{ hits: Number(holds(pair.graphIndex, pair.relationId!) && holds(other.g, other.id)), total: 1 }];
  });
}
