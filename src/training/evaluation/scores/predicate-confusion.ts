/** What stands in the picture where the graph asked for a predicate? */
import type { RelationOutcome } from './relation-accuracy.ts';

export interface PredicateConfusion {
  readonly rows: readonly string[];
  /** The rows' predicates, then `none` (both ends found, no predicate holds) and `missing` (an end not found). */
  readonly columns: readonly string[];
  /** rows × columns; each row sums to 1, or to 0 when the predicate was never asked for. */
  readonly shares: readonly (readonly number[])[];
  /** How often each row's predicate was asked for. */
  readonly asked: readonly number[];
}

/**
 * A relation that holds counts on the diagonal, whatever else is true of the pair ("riding" also looks like "above"). Where it fails, its
 * weight of 1 is spread evenly over the predicates that hold instead.
 */
export function predicateConfusion(
  outcomes: readonly RelationOutcome[],
  predicates: readonly string[],
): PredicateConfusion {
  const columns = [...predicates, 'none', 'missing'];
  const counts = predicates.map(() => new Float64Array(columns.length));
  const asked = predicates.map(() => 0);
  for (const outcome of outcomes) {
    const row = predicates.indexOf(outcome.predicate);
    if (row < 0) continue;
    asked[row]!++;
    const seen = columnsOf(outcome, predicates);
    for (const column of seen) counts[row]![columns.indexOf(column)]! += 1 / seen.length;
  }
  const shares = counts.map((row, r) => [...row].map((count) => (asked[r]! > 0 ? count / asked[r]! : 0)));
  return { rows: predicates, columns, shares, asked };
}

function columnsOf(outcome: RelationOutcome, predicates: readonly string[]): readonly string[] {
  switch (outcome.verdict) {
    case 'holds':
      return [outcome.predicate];
    case 'missing':
      return ['missing'];
    case 'fails': {
      const others = outcome.observed.filter((predicate) => predicates.includes(predicate));
      return others.length > 0 ? others : ['none'];
    }
    default:
      return outcome.verdict satisfies never;
  }
}
