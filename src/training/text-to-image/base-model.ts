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
import type { ReadExternal } from '#onnx/file/weights-file.ts';
import { readPiece } from '#training/files/pieces.ts';
import { finite } from './finite.ts';
import { BaseModelError } from './input-error.ts';

export const UNET_FILE = 'unet/model.onnx';
const ENCODER_FILE = 'vae_encoder/model.onnx';
const TEXT_FILE = 'text_encoder/model.onnx';

export interface BaseModel {
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
  /** Of text and pictures: gigabytes that training does without. They open again when something is to be encoded. */
  release(): Promise<void>;
  readUnet(): { readonly bytes: Uint8Array; readonly external: ReadExternal };
}

/** @throws BaseModelError or EngineError, each with the file at fault */
export async function openBaseModel(folder: string): Promise<BaseModel> {
  const source = folderSource(folder);
  const found = await loadAnyPackage(source, { title: folder });
  if (found.kind !== 'stable-diffusion') {
    throw new BaseModelError(`${folder} is a package of its own kind: fine-tuning is for Stable Diffusion packages`);
  }
  if (!existsSync(join(folder, ENCODER_FILE))) {
    throw new BaseModelError(
      `${folder} has no ${ENCODER_FILE}: export the model with it, pictures must become latents`,
    );
  }
  const { manifest, scheduler, scale, promptLength, models } = found;
  const tokenizer = await ClipTokenizer.open(found.tokenizer, promptLength);
  const sessions = onDemand(async () => {
    const networks = await StableDiffusionNetworks.open(nodeRuntime, models, scale);
    const encoder = await nodeRuntime.open({
      ...(await source.open(ENCODER_FILE, { maxBytes: 2 ** 31 - 1 })),
      external: [],
    });
    return { networks, encoder };
  });
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
    encodeText: async (ids) =>
      finite((await (await sessions.open()).networks.encodeText([ids])).data.slice(), TEXT_FILE),
    encodeImage: async (pixels) => {
      const { width, height } = manifest.image;
      const { encoder } = await sessions.open();
      const encoded = await runEncoder(encoder, pixels, [1, 3, height, width], sizeOf(latent));
      return finite(encoded, ENCODER_FILE).map((value) => (value - scale.shift) * scale.factor);
    },
    readUnet: () => ({
      bytes: new Uint8Array(readFileSync(join(folder, UNET_FILE))),
      external: partsOf(join(folder, 'unet')),
    }),
    async release() {
      const opened = await sessions.take();
      await Promise.all([opened?.networks.release(), opened?.encoder.release()]);
    },
  };
}

/** Opened when it is first asked for, and again after it was taken back. */
function onDemand<Opened>(open: () => Promise<Opened>) {
  let opened: Promise<Opened> | undefined;
  return {
    open(): Promise<Opened> {
      opened ??= open();
      return opened;
    },
    take(): Promise<Opened | undefined> {
      const last = opened;
      opened = undefined;
      return last ?? Promise.resolve(undefined);
    },
  };
}

/**
 * Exports give a latent, or their mean and logarithm of variance one after another ("latent_parameters"): then the mean is taken, the
 * likeliest latent of the picture.
 */
async function runEncoder(encoder: Session, pixels: Float32Array, dims: number[], size: number): Promise<Float32Array> {
  const [input, output] = [encoder.inputs[0]?.name, encoder.outputs[0]?.name];
  if (encoder.inputs.length !== 1 || input === undefined || output === undefined) {
    throw new BaseModelError(`${ENCODER_FILE} must turn one input, a picture, into its latent`);
  }
  const { data } = (await encoder.run({ [input]: { data: pixels, dims } }, [output]))[output]!;
  if (data.length === size || data.length === 2 * size) return data.slice(0, size);
  throw new BaseModelError(
    `${ENCODER_FILE} gives ${data.length} numbers; a latent has ${size}, its mean and variance ${2 * size}`,
  );
}

/** Tensor by tensor, for the file may be larger than a buffer can be. */
const partsOf =
  (folder: string): ReadExternal =>
  (location, offset, length) => {
    try {
      return readPiece(join(folder, location), offset, length);
    } catch (error) {
      throw new BaseModelError((error as Error).message);
    }
  };
