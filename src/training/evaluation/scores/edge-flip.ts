/** Edge flip: does the picture turn round when one relation is replaced by its opposite? */
import type { Holds, LabelGraph, Scored } from '#engine/verifier/bind-detections.ts';
import { relationOutcomes } from './relation-accuracy.ts';
import type { Tally } from './score.ts';

/** One graph, its flipped twin, and whether each picture satisfies its own relation. */
export interface EdgeFlipOutcome {
  /** The pair of predicates, in an order that does not depend on which came first: "above / below". */
  readonly pair: string;
  /** The first picture satisfies the first relation. */
  readonly before: boolean;
  /** The second picture satisfies the second relation. */
  readonly after: boolean;
}

/**
 * Judges one pair of pictures made with the same seed. The rest of the two graphs is not judged here.
 * @param before the first graph and what was detected in its picture.
 * @param after the same graph but for relation `relation`, whose predicate is the opposite.
 * @param relation index of the flipped relation in both graphs.
 */
export function edgeFlipOutcome<Detection extends Scored>(
  before: { readonly graph: LabelGraph; readonly detections: readonly Detection[] },
  after: { readonly graph: LabelGraph; readonly detections: readonly Detection[] },
  relation: number,
  holds: Holds<Detection>,
): EdgeFlipOutcome {
  const judge = ({ graph, detections }: typeof before): boolean =>
    relationOutcomes(graph, detections, holds)[relation]!.verdict === 'holds';
  return {
    pair: pairName(before.graph.relations[relation]!.predicate, after.graph.relations[relation]!.predicate),
    before: judge(before),
    after: judge(after),
  };
}

/**
 * One hit per pair where both pictures are right. The score is their share, in [0, 1]; higher is better. A painter who ignores the edge scores
 * 0, because one picture cannot be both; one who paints either way at random scores a quarter.
 *
 * Source: this product's DESIGN §8; the perturbed graphs of the paper's Figure 4, made countable.
 */
export function edgeFlipTally(outcome: EdgeFlipOutcome): Tally {
  return { hits: outcome.before && outcome.after ? 1 : 0, total: 1 };
}

export function pairName(first: string, second: string): string {
  return [first, second].sort().join(' / ');
}
