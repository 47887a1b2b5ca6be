/** Which relations are likely between two labels, from the triples that a corpus shows. */

export interface CountedTriple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  readonly count: number;
}

/** How much a coarser count weighs, in observations: Witten–Bell-like shrinkage towards what is known of fewer words. */
const PRIOR = 3;

/**
 * Most likely first, by P(predicate | subject, object) with back-off: a pair that was seen rarely leans on what its two words do with
 * others, P(p | s) · P(p | o) / P(p), and words that were never seen on how common a predicate is. Equal ones keep the given order.
 * @param ends undefined for an end that is not chosen yet or lies outside the vocabulary
 */
export function rankPredicates(
  triples: readonly CountedTriple[],
  predicates: readonly string[],
  ends: { readonly subject: string | undefined; readonly object: string | undefined },
): readonly string[] {
  const all = countsOf(triples, () => true);
  const prior = shares(all, predicates, () => 1 / predicates.length);
  const ofSubject = shares(
    countsOf(triples, ({ subject }) => subject === ends.subject),
    predicates,
    prior,
  );
  const ofObject = shares(
    countsOf(triples, ({ object }) => object === ends.object),
    predicates,
    prior,
  );
  const product = (predicate: string) => (ofSubject(predicate) * ofObject(predicate)) / prior(predicate);
  const total = predicates.reduce((sum, predicate) => sum + product(predicate), 0);
  const pair = countsOf(triples, ({ subject, object }) => subject === ends.subject && object === ends.object);
  const likelihood = shares(pair, predicates, (predicate) => product(predicate) / total);
  return predicates
    .map((predicate) => ({ predicate, p: likelihood(predicate) }))
    .sort((a, b) => b.p - a.p)
    .map(({ predicate }) => predicate);
}

function countsOf(triples: readonly CountedTriple[], counts: (triple: CountedTriple) => boolean): Map<string, number> {
  const sums = new Map<string, number>();
  for (const triple of triples) {
    if (counts(triple)) sums.set(triple.predicate, (sums.get(triple.predicate) ?? 0) + triple.count);
  }
  return sums;
}

/** P(predicate), smoothed by a coarser one; never 0 unless that is. */
function shares(
  counts: ReadonlyMap<string, number>,
  predicates: readonly string[],
  coarser: (predicate: string) => number,
): (predicate: string) => number {
  const total = predicates.reduce((sum, predicate) => sum + (counts.get(predicate) ?? 0), 0);
  return (predicate) => ((counts.get(predicate) ?? 0) + PRIOR * coarser(predicate)) / (total + PRIOR);
}
