/** Inception-v3, for FID and IS that can be compared with published tables. */
import type { Picture } from '#diffusion/picture.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import { softmax } from '#training/evaluation/scores/inception-score.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { resizeBilinear } from '#training/files/resize.ts';
import { type FeatureSpace, inBatches, type LabelPosterior, picturesPerRun } from './feature-space.ts';
import { NetworkShapeError, type OnnxNetwork, rowsOf } from './onnx-network.ts';

const INCEPTION_SIZE = 299;
const POOL3_WIDTH = 2048;
/** ImageNet's classes with and without a background class, and the 2015 network's 1,008. */
const LOGIT_WIDTHS = [1000, 1001, 1008];

/**
 * Inception-v3 as a user's ONNX file: an output of 2,048 numbers per picture (pool3) for FID, or named `pool3`; an output of 1,000, 1,001 or 1,008
 * for IS, or named `logits`. Pre-processing of pytorch-fid: [0, 1] resized bilinearly to 299 × 299, then 2x − 1.
 */
export function inceptionSpaces(network: OnnxNetwork): {
  readonly features: FeatureSpace;
  readonly posterior: LabelPosterior;
} {
  const each = picturesPerRun(network);
  const run = async (batch: readonly Picture[]) => network.run({ [network.inputs[0]!]: inceptionInput(batch) });
  const find = (outputs: Readonly<Record<string, Tensor>>, name: string, widths: readonly number[]): Float32Array[] => {
    const found =
      outputs[name] ?? Object.values(outputs).find((tensor) => widths.includes(tensor.data.length / tensor.dims[0]!));
    if (found) return rowsOf(found);
    const shapes = Object.entries(outputs).map(([key, { dims }]) => `${key} (${dims.join(', ')})`);
    throw new NetworkShapeError(
      `${network.file}: Inception needs an output "${name}" or one of ${widths.join(', ')} numbers per picture; this network gives ${shapes.join('; ')}`,
    );
  };
  return {
    features: {
      name: 'Inception-v3 pool3',
      features: (pictures) =>
        inBatches(pictures, async (batch) => find(await run(batch), 'pool3', [POOL3_WIDTH]), each),
    },
    posterior: {
      name: 'Inception-v3 classes',
      posteriors: (pictures) =>
        inBatches(
          pictures,
          async (batch) => find(await run(batch), 'logits', LOGIT_WIDTHS).map((row) => softmax(row)),
          each,
        ),
    },
  };
}

/** (B, 3, 299, 299) in [−1, 1]. */
export function inceptionInput(pictures: readonly Picture[]): Tensor {
  const resized = resizeBilinear(pictureTensor(pictures, 0), INCEPTION_SIZE, INCEPTION_SIZE);
  return { data: resized.data.map((value) => 2 * value - 1), dims: resized.dims };
}
