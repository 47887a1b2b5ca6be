/** Relation accuracy: do the relations of the graph hold in the picture? */
import { bindDetections, type Holds, type LabelGraph, type Scored } from '#engine/verifier/bind-detections.ts';

export interface RelationOutcome {
  readonly predicate: string;
  readonly subject: string;
  readonly object: string;
  /** `missing`: an end was not detected, which counts as a failure. */
  readonly verdict: 'holds' | 'fails' | 'missing';
  /** Every predicate that holds between the two ends, the asked one included when it does; empty when an end is missing. */
  readonly observed: readonly string[];
}

/**
 * Judges each relation of one graph between the objects detected in its picture. Accuracy = share with verdict `holds`, in [0, 1]; higher is better.
 * A relation whose subject or object is not found fails, or a painter who paints nothing would score best.
 *
 * The idea of scoring triples instead of pictures follows SG-IoU and relation accuracy in SG-Adapter
 * (arXiv 2405.15321), with a detector in the place of a language model.
 * @param predicates all predicates to test for `observed`; the asked one is always tested.
 */
export function relationOutcomes<Detection extends Scored>(
  graph: LabelGraph,
  detections: readonly Detection[],
  holds: Holds<Detection>,
  predicates: readonly string[] = [],
): readonly RelationOutcome[] {
  const binding = bindDetections(graph, detections, holds);
  return graph.relations.map(({ subject, predicate, object }) => {
    const words = { predicate, subject: graph.objects[subject]!.label, object: graph.objects[object]!.label };
    const s = binding[subject];
    const o = binding[object];
    if (s === undefined || o === undefined) return { ...words, verdict: 'missing', observed: [] };
    const candidates = predicates.includes(predicate) ? predicates : [predicate, ...predicates];
    const observed = candidates.filter((candidate) => holds(candidate, s, o));
    return { ...words, verdict: observed.includes(predicate) ? 'holds' : 'fails', observed };
  });
}

/** One hit per relation that holds. */
export function relationTally(outcomes: readonly RelationOutcome[]): { readonly hits: number; readonly total: number } {
  return { hits: outcomes.filter(({ verdict }) => verdict === 'holds').length, total: outcomes.length };
}
