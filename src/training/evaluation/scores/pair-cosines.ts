/** How near each of a list is to its own partner in another, and to everybody else's. */

export interface PairCosines {
  /** Of each row and its partner. */
  readonly own: readonly number[];
  /** Mean over all pairs of a row and another's partner; NaN where there is one row. */
  readonly others: number;
}

/** @param ours rows of unit length (C) @param theirs the partner of each */
export function pairCosines(ours: readonly Float32Array[], theirs: readonly Float32Array[]): PairCosines {
  const own = ours.map((row, i) => product(row, theirs[i]!));
  // Of all pairs at once: the product of the sums.
  const all = product(sumOf(ours), sumOf(theirs)) - own.reduce((sum, value) => sum + value, 0);
  return { own, others: all / (ours.length * (ours.length - 1)) };
}

const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const sumOf = (rows: readonly Float32Array[]): Float32Array =>
  rows.reduce((sum, row) => sum.map((value, i) => value + row[i]!), new Float32Array(rows[0]!.length));
