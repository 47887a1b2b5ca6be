/** Where the objects of a graph are in its picture, as teaching material: nothing at inference predicts a layout. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { logSoftmax } from '#onnx/ops/activation.ts';
import { mul, neg, scale } from '#onnx/ops/arithmetic.ts';
import { sumAll } from '#onnx/ops/reduction.ts';
import { linear } from '#training/networks/layers.ts';
import { PADDED } from '#training/stages/feeds/graph-feeds.ts';

interface SampledObject {
  readonly sceneIndex: number;
}

/**
 * Writes each object's visible share of each cell into `rows` (O, cells), in all 1 per picture.
 * @param masks (scene objects, cells) 0–255.
 * @param weigh `area`: by what is seen of each; `object`: alike.
 */
export function fillPlaces(
  rows: Float32Array,
  objects: readonly SampledObject[],
  masks: Uint8Array,
  cells: number,
  weigh: 'area' | 'object',
): void {
  const shown = objects.slice(0, PADDED.objects);
  const seen = shown.map(({ sceneIndex }) =>
    masks.subarray(sceneIndex * cells, (sceneIndex + 1) * cells).reduce((sum, share) => sum + share, 0),
  );
  const all = weigh === 'area' ? seen.reduce((sum, share) => sum + share, 0) : seen.filter((share) => share > 0).length;
  shown.forEach(({ sceneIndex }, place) => {
    const total = weigh === 'area' ? all : all * seen[place]!;
    if (total === 0) return;
    for (let cell = 0; cell < cells; cell++) {
      rows[place * cells + cell] = masks[sceneIndex * cells + cell]! / total;
    }
  });
}

/**
 * Cross-entropy of where each object is, read off its vector by one linear map that is thrown away after training.
 *
 * Without it the predicates' traces in the objects' vectors faded to 0.3–3 % and pictures did not move when an edge was turned round.
 * @param vectors (B, O, D)
 * @param places (B, O, cells), in all 1 per picture
 */
export function placeLoss(g: GraphBuilder, name: string, vectors: Value, places: Value): Value {
  const [batch, , cells] = places.shape as [number, number, number];
  const paid = neg(g, logSoftmax(g, linear(g, name, vectors, cells), 2));
  return scale(g, sumAll(g, mul(g, places, paid)), 1 / batch);
}
