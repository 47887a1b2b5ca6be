/** A Stable Diffusion package in a folder, as the adapter's training sees it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discreteNoise } from '#diffusion/sampling/discrete-noise.ts';
import { createParametrisation, type Parametrisation } from '#diffusion/sampling/parametrisation.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { kindOfPackage, loadAnyPackage } from '#engine/any-package.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
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
  const ownKind = () =>
    new BaseModelError(`${folder} is a package of its own kind: fine-tuning is for Stable Diffusion packages`);
  if ((await kindOfPackage(source)) !== 'stable-diffusion') throw ownKind();
  if (!existsSync(join(folder, ENCODER_FILE))) {
    throw new BaseModelError(
      `${folder} has no ${ENCODER_FILE}: export the model with it, pictures must become latents`,
    );
  }
  // Its VAE encoder comes along where pictures are painted over: here they become latents.
  const found = await loadAnyPackage(source, { title: folder, over: true });
  if (found.kind !== 'stable-diffusion') throw ownKind();
  const { manifest, scheduler, scale, promptLength, models } = found;
  const tokenizer = await ClipTokenizer.open(found.tokenizer, promptLength);
  const sessions = onDemand(() => StableDiffusionNetworks.open(nodeRuntime, models, scale));
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
    encodeText: async (ids) => finite((await (await sessions.open()).encodeText([ids])).data.slice(), TEXT_FILE),
    encodeImage: async (pixels) => {
      const { width, height } = manifest.image;
      const { data } = await (await sessions.open()).encode({ data: pixels, dims: [1, 3, height, width] });
      if (data.length === sizeOf(latent)) return finite(data, ENCODER_FILE);
      throw new BaseModelError(`${ENCODER_FILE} gives ${data.length} numbers; a latent has ${sizeOf(latent)}`);
    },
    readUnet: () => ({
      bytes: new Uint8Array(readFileSync(join(folder, UNET_FILE))),
      external: partsOf(join(folder, 'unet')),
    }),
    async release() {
      await (await sessions.take())?.release();
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
