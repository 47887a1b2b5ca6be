/**
 * Where the autoencoder's linear maps start: the principal components of 16 × 16 patches. From random weights, 2,700 steps reached
 * 22.5 dB; 64 components alone are above that before the first step.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { RenderedScene } from '../corpus/scene.ts';
import { CELL, PATCH } from '../networks/autoencoder.ts';
import type { RecordLoader, StageContext } from './context.ts';

/**
 * Latents are components divided by deviation^0.5: with exponent 0 the diffusion would see little but the mean colour, with 1 (whitening)
 * as much noise in the finest detail as in the coarsest shape, and no order from coarse to fine to denoise in.
 */
const EXPONENT = 0.5;

interface LinearMaps {
  /** `encoder.linear` and `decoder.linear`, weights and biases: each other's inverse on the leading components. */
  readonly parameters: Map<string, Float32Array>;
  /** Share of the patches' variance that the components hold. */
  readonly explained: number;
}

/** The autoencoder's linear maps for the patches of fresh training scenes; none, for a random start, when the configuration asks for no scenes. */
export async function principalComponents(context: StageContext): Promise<Map<string, Float32Array>> {
  const { latentChannels: channels, startScenes } = context.config.autoencoder;
  if (startScenes === 0) return new Map();
  const loader = context.loader('autoencoder', 10_000_000);
  const { parameters, explained } = await linearMaps(scenePatches(loader, startScenes), channels);
  await loader.close();
  context.say(`autoencoder: ${channels} principal components hold ${(100 * explained).toFixed(2)} % of the variance`);
  return parameters;
}

async function* scenePatches(loader: RecordLoader, scenes: number): AsyncGenerator<Float32Array> {
  for (let done = 0; done < scenes; done++) {
    for (const scene of await loader.scenes(1)) yield* patchesOf(scene);
  }
}

/** @param patches each of `size` numbers in the order of space-to-depth */
export async function linearMaps(
  patches: AsyncIterable<Float32Array>,
  channels: number,
  size = PATCH,
): Promise<LinearMaps> {
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size);
  let count = 0;
  for await (const patch of patches) {
    count += 1;
    for (let i = 0; i < size; i++) {
      const a = patch[i] as number;
      sums[i] = (sums[i] as number) + a;
      for (let j = 0, at = i * size; j <= i; j++, at++)
        products[at] = (products[at] as number) + a * (patch[j] as number);
    }
  }

  const mean = sums.map((sum) => sum / count);
  const covariance = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (products[i * size + j] as number) / count - (mean[i] as number) * (mean[j] as number);
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const leading = realEigenvalues
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value)
    .slice(0, channels);
  const scales = leading.map(({ value }) => Math.max(value, 1e-6) ** (-EXPONENT / 2));
  // Mean variance 1 over the channels.
  const power = leading.reduce((sum, { value }, k) => sum + value * (scales[k] as number) ** 2, 0) / channels;
  const encoder = new Float32Array(channels * size);
  const encoderBias = new Float32Array(channels);
  const decoder = new Float32Array(size * channels);
  leading.forEach(({ index }, k) => {
    const scale = (scales[k] as number) / Math.sqrt(power);
    for (let i = 0; i < size; i++) {
      const component = eigenvectorMatrix.get(i, index);
      encoder[k * size + i] = component * scale;
      decoder[i * channels + k] = component / scale;
      encoderBias[k] = (encoderBias[k] as number) - component * scale * (mean[i] as number);
    }
  });
  const explained =
    leading.reduce((sum, { value }) => sum + value, 0) / realEigenvalues.reduce((sum, value) => sum + value, 0);
  const parameters = new Map([
    ['encoder.linear.weight', encoder],
    ['encoder.linear.bias', encoderBias],
    ['decoder.linear.weight', decoder],
    ['decoder.linear.bias', Float32Array.from(mean)],
  ]);
  return { parameters, explained };
}

/** Patches of a picture in the order of space-to-depth, in [−1, 1]. */
function* patchesOf({ rgb, size }: RenderedScene): Generator<Float32Array> {
  for (let top = 0; top < size; top += CELL) {
    for (let left = 0; left < size; left += CELL) {
      const patch = new Float32Array(PATCH);
      for (let y = 0; y < CELL; y++) {
        for (let x = 0; x < CELL * 3; x++)
          patch[y * CELL * 3 + x] = (rgb[((top + y) * size + left) * 3 + x] as number) / 127.5 - 1;
      }
      yield patch;
    }
  }
}
