/** OOR, object occurrence ratio: are the objects of the graph in the picture? */
import type { Tally } from './score.ts';

/** Occurrence of one label of one graph. */
export interface LabelOccurrence extends Tally {
  readonly label: string;
}

/**
 * Counts label by label: a graph with three sheep and a picture with two gives 2 of 3. Detections beyond what the graph asks for neither
 * help nor harm.
 *
 * Source: the paper (arXiv 2401.14111, §4) divides the objects that YOLOv7 detects by the objects of the graph.
 * @param labels one entry per object of the graph, duplicates included.
 * @param detections what the detector found in the picture.
 */
export function labelOccurrences(
  labels: readonly string[],
  detections: readonly { readonly label: string }[],
): readonly LabelOccurrence[] {
  const asked = countBy(labels);
  const seen = countBy(detections.map(({ label }) => label));
  return [...asked].map(([label, total]) => ({ label, hits: Math.min(total, seen.get(label) ?? 0), total }));
}

function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
