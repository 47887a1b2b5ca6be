/** A Stable Diffusion package in a folder, as the adapter's training sees it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discreteNoise } from '#diffusion/sampling/discrete-noise.ts';
import { createParametrisation, type Parametrisation } from '#diffusion/sampling/parametrisation.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { loadAnyPackage } from '#engine/any-package.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { Session } from '#engine/runtime/sessions.ts';
import { ClipTokenizer } from '#engine/stable-diffusion/clip-tokenizer.ts';
import { StableDiffusionNetworks } from '#engine/stable-diffusion/networks.ts';
import { AdapterInputError } from './adapter-input-error.ts';

export const UNET_FILE = 'unet/model.onnx';
const ENCODER_FILE = 'vae_encoder/model.onnx';

export interface TextToImage {
  /** (C, h, w) */
  readonly latent: readonly [number, number, number];
  /** Pixels. */
  readonly image: { readonly width: number; readonly height: number };
  readonly tokenizer: ClipTokenizer;
  readonly parametrisation: Parametrisation;
  /** Numbered steps of its training, and sigma at each. */
  readonly trainSteps: number;
  sigmaOf(timestep: number): number;
  /** One prompt of (N) token numbers → (N · D). */
  encodeText(ids: Int32Array): Promise<Float32Array>;
  /** RGB of one picture, (3 · H · W) in [−1, 1] → (C · h · w), scaled as the UNet knows it. */
  encodeImage(pixels: Float32Array): Promise<Float32Array>;
  readUnet(): { readonly bytes: Uint8Array; external(location: string, offset: number, length: number): Uint8Array };
  release(): Promise<void>;
}

/** @throws AdapterInputError or EngineError, each with the file at fault */
export async function openTextToImage(folder: string): Promise<TextToImage> {
  const source = folderSource(folder);
  const found = await loadAnyPackage(source, { title: folder });
  if (found.kind !== 'stable-diffusion') {
    throw new AdapterInputError(
      `${folder} is a package of its own kind: an adapter is trained for Stable Diffusion packages`,
    );
  }
  if (!existsSync(join(folder, ENCODER_FILE))) {
    throw new AdapterInputError(
      `${folder} has no ${ENCODER_FILE}: export the model with it, pictures must become latents`,
    );
  }
  const { manifest, scheduler, scale, promptLength, models } = found;
  const tokenizer = await ClipTokenizer.open(found.tokenizer, promptLength);
  const networks = await StableDiffusionNetworks.open(nodeRuntime, models, scale);
  const encoderFile = await source.open(ENCODER_FILE, { maxBytes: 2 ** 31 - 1 });
  const encoder = await nodeRuntime.open({ ...encoderFile, external: [] });
  const discrete = discreteNoise(scheduler.spec.noise);
  const latent = [manifest.latent.channels, manifest.latent.height, manifest.latent.width] as const;
  return {
    latent,
    image: manifest.image,
    tokenizer,
    // The scaling factor brings latents to unit variance.
    parametrisation: createParametrisation(scheduler.spec.parametrisation, 1, (sigma) => discrete.timestepOf(sigma)),
    trainSteps: scheduler.spec.noise.trainSteps,
    sigmaOf: (timestep) => discrete.sigmaOf(timestep),
    encodeText: async (ids) => (await networks.encodeText([ids])).data.slice(),
    encodeImage: async (pixels) => {
      const { width, height } = manifest.image;
      const encoded = await runEncoder(encoder, pixels, [1, 3, height, width]);
      if (encoded.length !== sizeOf(latent)) {
        throw new AdapterInputError(`${ENCODER_FILE} gives ${encoded.length} numbers, a latent has ${sizeOf(latent)}`);
      }
      return encoded.map((value) => (value - scale.shift) * scale.factor);
    },
    readUnet: () => ({
      bytes: new Uint8Array(readFileSync(join(folder, UNET_FILE))),
      external: partsOf(join(folder, 'unet')),
    }),
    async release() {
      await Promise.all([networks.release(), encoder.release()]);
    },
  };
}

/** Exports name its one output "latent_sample"; others with a mean and a spread are cut to the mean. */
async function runEncoder(encoder: Session, pixels: Float32Array, dims: number[]): Promise<Float32Array> {
  const [input, output] = [encoder.inputs[0]?.name, encoder.outputs[0]?.name];
  if (encoder.inputs.length !== 1 || input === undefined || output === undefined) {
    throw new AdapterInputError(`${ENCODER_FILE} must turn one input, a picture, into its latent`);
  }
  return (await encoder.run({ [input]: { data: pixels, dims } }, [output]))[output]!.data.slice();
}

/** Files of weights are read once, for they are asked for tensor by tensor, and let go with the function. */
function partsOf(folder: string): (location: string, offset: number, length: number) => Uint8Array {
  const opened = new Map<string, Buffer>();
  return (location, offset, length) => {
    const whole = opened.get(location) ?? readFileSync(join(folder, location));
    opened.set(location, whole);
    return new Uint8Array(whole.subarray(offset, Number.isNaN(length) ? whole.length : offset + length));
  };
}
