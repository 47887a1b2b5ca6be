/** CLIP's image tower as a user's ONNX file: what G_global is aligned with. */
import type { Picture } from '#diffusion/picture.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { openNetwork } from '#training/evaluation/judges/onnx-network.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { resizeBilinear } from '#training/files/resize.ts';
import { AdapterInputError } from './adapter-input-error.ts';

/** Of the published towers (Radford et al. 2021): pixels per side, and the colours' mean and deviation. */
const SIDE = 224;
const MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATION = [0.26862954, 0.26130258, 0.27577711] as const;

export interface ClipTower {
  /** (C) of unit length. */
  encode(picture: Picture): Promise<Float32Array>;
}

/** @throws AdapterInputError when the file is no such tower */
export async function openClipTower(file: string): Promise<ClipTower> {
  const network = await openNetwork(file).catch((error: Error) => {
    throw new AdapterInputError(error.message);
  });
  const [input] = network.inputs;
  if (input === undefined || network.inputs.length !== 1) {
    throw new AdapterInputError(
      `${file} must turn one input, a picture, into its feature: export the vision model with its projection`,
    );
  }
  return {
    async encode(picture) {
      const { data, dims } = resizeBilinear(pictureTensor([picture], 0), SIDE, SIDE);
      const scaled = data.map((value, i) => {
        const channel = Math.floor(i / (SIDE * SIDE));
        return (value - MEAN[channel]!) / DEVIATION[channel]!;
      });
      const outputs = await network.run({ [input]: { data: scaled, dims } });
      const feature = outputs.image_embeds ?? Object.values(outputs).find((tensor) => tensor.dims.length === 2);
      if (!feature)
        throw new AdapterInputError(`${file} gives no feature: an output "image_embeds" or one of (B, C) is needed`);
      const vector = feature.data.subarray(0, sizeOf(feature.dims.slice(1)));
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    },
  };
}
