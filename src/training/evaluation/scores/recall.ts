/** Retrieval: how often the feature of one thing finds its own partner among all. */

/**
 * Share of queries whose own target is among the k targets of largest scalar product; target i belongs to query i.
 * @param queries (N, C), @param targets (N, C), rows of unit length
 * @returns one share in [0, 1] per k; chance is k / N
 */
export function recallAt(queries: Float32Array, targets: Float32Array, width: number, ks: readonly number[]): number[] {
  const count = queries.length / width;
  const ranks = Array.from({ length: count }, (_, query) => {
    const product = (target: number) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += queries[query * width + i]! * targets[target * width + i]!;
      return sum;
    };
    const own = product(query);
    let rank = 0;
    for (let target = 0; target < count; target++) if (product(target) > own) rank++;
    return rank;
  });
  return ks.map((k) => ranks.filter((rank) => rank < k).length / count);
}
