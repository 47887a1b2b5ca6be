/** LPIPS, for a diversity score that can be compared with published tables. */
import type { Tensor } from '#diffusion/tensor.ts';
import type { PerceptualDistance } from '#training/evaluation/scores/diversity.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { picturesPerRun } from './feature-space.ts';
import { NetworkShapeError, type OnnxNetwork, outputNamed } from './onnx-network.ts';

/** LPIPS's ScalingLayer: ImageNet's mean and deviation, for inputs in [−1, 1] (the constants of the reference implementation). */
const LPIPS_SHIFT = [-0.03, -0.088, -0.188] as const;
const LPIPS_SCALE = [0.458, 0.448, 0.45] as const;

/**
 * LPIPS as a user's ONNX file, in one of two forms.
 * Two inputs: the whole metric, exported from the reference implementation, fed pictures in [−1, 1]; its output holds one distance per pair.
 * One input: a backbone whose outputs (B, C, h, w) are the layers; fed (x − shift) / scale. Distances are then those of the reference without
 * its learned weights (`lpips=False`): per layer, channels to unit length, squared differences summed over channels, mean over places; summed over layers.
 *
 * Source: Zhang et al. 2018, arXiv 1801.03924, equation 1.
 */
export function lpipsDistance(network: OnnxNetwork): PerceptualDistance {
  const [first, second] = network.inputs;
  if (first === undefined || network.inputs.length > 2) {
    throw new NetworkShapeError(
      `${network.file}: LPIPS needs one input (a backbone) or two (the whole metric); it has ${network.inputs.length}`,
    );
  }
  const compare = async (a: Tensor, b: Tensor): Promise<readonly number[]> => {
    if (second !== undefined) {
      return [...outputNamed(await network.run({ [first]: a, [second]: b }), network.outputs[0]!).data];
    }
    const layersA = await network.run({ [first]: lpipsScaled(a) });
    const layersB = await network.run({ [first]: lpipsScaled(b) });
    const perLayer = network.outputs.map((name) =>
      layerDistances(outputNamed(layersA, name), outputNamed(layersB, name)),
    );
    return perLayer[0]!.map((_, i) => perLayer.reduce((sum, layer) => sum + layer[i]!, 0));
  };
  return {
    name: second === undefined ? 'LPIPS without learned weights' : 'LPIPS',
    async between(one, other) {
      const distances: number[] = [];
      const each = picturesPerRun(network);
      for (let from = 0; from < one.length; from += each) {
        const [a, b] = [one.slice(from, from + each), other.slice(from, from + each)];
        distances.push(...(await compare(pictureTensor(a), pictureTensor(b))));
      }
      return distances;
    },
  };
}

/** (x − shift) / scale per colour. */
export function lpipsScaled(image: Tensor): Tensor {
  const area = image.dims[2]! * image.dims[3]!;
  const data = image.data.map((value, i) => {
    const c = Math.floor(i / area) % 3;
    return (value - LPIPS_SHIFT[c]!) / LPIPS_SCALE[c]!;
  });
  return { data, dims: image.dims };
}

/** One distance per picture between two (B, C, h, w). */
export function layerDistances(a: Tensor, b: Tensor): number[] {
  const [batch = 0, channels = 0, height = 0, width = 0] = a.dims;
  const area = height * width;
  return Array.from({ length: batch }, (_, n) => {
    let sum = 0;
    for (let i = 0; i < area; i++) {
      const at = n * channels * area + i;
      const lengths = [a, b].map(({ data }) => {
        let squares = 0;
        for (let c = 0; c < channels; c++) squares += data[at + c * area]! ** 2;
        return Math.sqrt(squares) + 1e-10; // the reference's guard against dead places
      });
      for (let c = 0; c < channels; c++) {
        sum += (a.data[at + c * area]! / lengths[0]! - b.data[at + c * area]! / lengths[1]!) ** 2;
      }
    }
    return sum / area;
  });
}
