/** What the program says of a Stable Diffusion model: title, size of its pictures, defaults. */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { ModelFacts, StableDiffusionManifest } from '#engine/contract/manifest.ts';
import type { OnnxHeader } from '#engine/runtime/onnx-header.ts';
import { fixedDims } from './fit.ts';
import { kinds, openVocabulary } from './open-vocabulary.ts';
import type { Configs } from './read-configs.ts';
import type { Scheduler } from './scheduler-config.ts';

/** Pixels of a picture whose latent nothing says the size of: Stable Diffusion 1's. */
const USUAL_LATENT = 64;

/** A manifest knows best, then the UNet's configuration, then the UNet itself where it was exported for one size. */
export function sizesOf(
  { unet, vae }: Pick<Configs, 'unet' | 'vae'>,
  wanted: ModelFacts['image'] | undefined,
  header: OnnxHeader,
): Pick<ModelFacts, 'image' | 'latent'> {
  const grain = 2 ** (vae.block_out_channels.length - 1);
  const said = typeof unet.sample_size === 'number' ? [unet.sample_size, unet.sample_size] : unet.sample_size;
  const [, , ...exported] = fixedDims(header.inputs, 'sample');
  const [height, width] = [0, 1].map((axis) => said?.[axis] ?? exported[axis] ?? USUAL_LATENT) as [number, number];
  const image = wanted ?? { width: width * grain, height: height * grain };
  const latent = { channels: unet.in_channels, height: image.height / grain, width: image.width / grain };
  if (Number.isInteger(latent.height) && Number.isInteger(latent.width)) return { image, latent };
  throw new EngineError('model-damaged', `manifest.json: the picture’s sides must be multiples of ${grain}.`);
}

/** 8.5 is what latent consistency models are asked with (Luo et al. 2023, figure 1). */
const paces: Readonly<Record<Scheduler['pace'], Pick<ModelFacts['defaults'], 'steps' | 'guidanceScale'>>> = {
  'many steps': { steps: 25, guidanceScale: 7.5 },
  'few steps': { steps: 4, guidanceScale: 1 },
  consistency: { steps: 4, guidanceScale: 8.5 },
};

export function factsOf(
  { title, manifest }: { readonly title: string; readonly manifest?: StableDiffusionManifest | undefined },
  { scheduler: { spec, pace } }: Pick<Configs, 'scheduler'>,
  sizes: Pick<ModelFacts, 'image' | 'latent'>,
): ModelFacts {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return {
    kind: 'stable-diffusion',
    name: manifest?.name ?? (slug.slice(-64).replace(/^-/, '') || 'stable-diffusion'),
    title: manifest?.title ?? title,
    vocabulary: manifest?.vocabulary ?? openVocabulary,
    kinds: manifest?.kinds ?? kinds,
    styles: [],
    limits: manifest?.limits ?? { objects: 30, relations: 60 },
    ...sizes,
    defaults: { ...(manifest?.defaults ?? { sampler: spec.name, ...paces[pace] }), style: 'any' },
    licence: manifest?.licence ?? '',
    credits: manifest?.credits ?? [],
    likely: manifest?.likely ?? [],
  };
}
