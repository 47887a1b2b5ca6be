/** The model's own verifier as the judge of its pictures. */

import type { Manifest } from '#engine/contract/manifest.ts';
import { type Detection, detect, detectionSpecOf } from '#engine/verifier/detect.ts';
import type { OnnxVerifier } from '#engine/verifier/onnx-verifier.ts';
import { relationHolds } from '#engine/verifier/relation-holds.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { inBatches } from './feature-space.ts';
import { everyWord, type Judge, type Judgement } from './judge.ts';

/**
 * A relation that the rules cannot decide from the two boxes does not count as holding.
 * Pictures must have the size of the model's own.
 */
export function verifierJudge(
  verifier: Pick<OnnxVerifier, 'look'>,
  manifest: Pick<Manifest, 'vocabulary' | 'verifier' | 'kinds'>,
): Judge<Detection> {
  const spec = detectionSpecOf(manifest);
  const labels = spec.labels.length;
  return {
    name: 'verifier of the model',
    ...everyWord,
    holds: (predicate, subject, object) => relationHolds(predicate, subject, object) === true,
    look: (pictures) =>
      inBatches(pictures, async (batch) => {
        const { presence, depth } = await verifier.look(pictureTensor(batch));
        const grid = presence.dims.at(-1)!;
        const area = grid * grid;
        return batch.map((_, b): Judgement<Detection> => {
          const maps = presence.data.subarray(b * labels * area, (b + 1) * labels * area);
          const nearness = depth.data.subarray(b * area, (b + 1) * area);
          return {
            detections: detect(
              { data: maps, dims: [labels, grid, grid] },
              { data: nearness, dims: [grid, grid] },
              spec,
            ),
            presence: Float32Array.from({ length: labels }, (__, l) =>
              maps.subarray(l * area, (l + 1) * area).reduce((most, share) => Math.max(most, share), 0),
            ),
          };
        });
      }),
  };
}
