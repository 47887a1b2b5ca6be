/** Inception score from label posteriors. */

export interface InceptionScore {
  /** Mean over splits; in [1, number of labels], higher is better. */
  readonly mean: number;
  /** Population standard deviation over splits. */
  readonly deviation: number;
}

/**
 * exp(E_x KL(p(y|x) ‖ p(y))), where p(y) is the mean posterior of the split: high when every picture is clearly of something
 * and the pictures are of different things. It says nothing about the graph.
 *
 * Splits are consecutive runs of the list, as in the original code, which uses 10 of 5,000 pictures each.
 *
 * Source: Salimans et al., Improved Techniques for Training GANs (2016), arXiv 1606.03498, §4.
 * @param posteriors one row per picture: probabilities that sum to 1.
 * @throws RangeError when there are fewer pictures than splits, or a row is no distribution.
 */
export function inceptionScore(posteriors: readonly ArrayLike<number>[], splits = 1): InceptionScore {
  if (posteriors.length < splits || splits < 1) {
    throw new RangeError(`${posteriors.length} posteriors cannot be cut into ${splits} splits`);
  }
  for (const [i, row] of posteriors.entries()) checkDistribution(row, i);
  const scores = Array.from({ length: splits }, (_, s) => {
    const from = Math.floor((s * posteriors.length) / splits);
    const to = Math.floor(((s + 1) * posteriors.length) / splits);
    return Math.exp(meanDivergence(posteriors.slice(from, to)));
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / splits;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / splits;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Mean KL divergence of the rows from their own mean, in nats. */
function meanDivergence(rows: readonly ArrayLike<number>[]): number {
  const labels = rows[0]!.length;
  const marginal = new Float64Array(labels);
  for (const row of rows) for (let y = 0; y < labels; y++) marginal[y]! += row[y]! / rows.length;
  let sum = 0;
  for (const row of rows) {
    for (let y = 0; y < labels; y++) if (row[y]! > 0) sum += row[y]! * Math.log(row[y]! / marginal[y]!);
  }
  return sum / rows.length;
}

function checkDistribution(row: ArrayLike<number>, index: number): void {
  let sum = 0;
  for (let y = 0; y < row.length; y++) {
    if (!(row[y]! >= 0)) throw new RangeError(`posterior ${index} has the entry ${row[y]}`);
    sum += row[y]!;
  }
  // Softmax outputs in 32 bit are off by up to 1e-5 for a thousand labels.
  if (Math.abs(sum - 1) > 1e-3) throw new RangeError(`posterior ${index} sums to ${sum}, not 1`);
}

/** Softmax of logits, in 64 bit. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const posterior = Float64Array.from(logits);
  const top = posterior.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let y = 0; y < posterior.length; y++) {
    posterior[y] = Math.exp(posterior[y]! - top);
    sum += posterior[y]!;
  }
  return posterior.map((value) => value / sum);
}

/** A detector's presence probabilities as one distribution over labels; uniform when nothing at all is seen. */
export function posteriorOfPresence(presence: ArrayLike<number>): Float64Array {
  const posterior = Float64Array.from(presence);
  const sum = posterior.reduce((total, value) => total + value, 0);
  return sum > 0 ? posterior.map((value) => value / sum) : posterior.fill(1 / posterior.length);
}
