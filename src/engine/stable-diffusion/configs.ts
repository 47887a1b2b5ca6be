/** The small JSON files of a diffusers folder: which pipeline, which widths. Every number comes from here, none from the code. */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import { unsupported } from './scheduler-config.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));

export const modelIndexSchema = v.looseObject({ _class_name: v.pipe(v.string(), v.maxLength(200)) });

export const unetSchema = v.looseObject({
  in_channels: v.optional(size, 4),
  out_channels: v.optional(size, 4),
  /** Of the latent: one side, or height and width. */
  sample_size: v.nullish(v.union([size, v.tuple([size, size])])),
  /** One for each level of the UNet. */
  block_out_channels: v.optional(v.pipe(v.array(size), v.minLength(1), v.maxLength(8)), [320, 640, 1280, 1280]),
  cross_attention_dim: v.nullish(v.union([size, v.array(size)])),
  time_cond_proj_dim: v.nullish(size),
  addition_embed_type: v.nullish(v.string()),
});

export const vaeSchema = v.looseObject({
  latent_channels: v.optional(size, 4),
  /** The decoder doubles the size once for each of these but the last. */
  block_out_channels: v.optional(v.pipe(v.array(size), v.minLength(1), v.maxLength(8)), [128, 256, 512, 512]),
  /** 0.18215 where it is absent, as in diffusers: the first VAEs did not write it down. */
  scaling_factor: v.optional(v.pipe(v.number(), v.minValue(1e-6), v.maxValue(1e6)), 0.18215),
  shift_factor: v.nullish(v.number()),
});

export const textEncoderSchema = v.looseObject({
  max_position_embeddings: v.optional(size, 77),
  hidden_size: v.optional(size),
});

export type UnetConfig = v.InferOutput<typeof unetSchema>;
export type VaeConfig = v.InferOutput<typeof vaeSchema>;
export type TextEncoderConfig = v.InferOutput<typeof textEncoderSchema>;

/** Pipelines whose UNet reads CLIP's text alone. */
const pipelines = [
  'StableDiffusionPipeline',
  'OnnxStableDiffusionPipeline',
  'ORTStableDiffusionPipeline',
  'LatentConsistencyModelPipeline',
  'ORTLatentConsistencyModelPipeline',
] as const;

/** Models that people try, by the beginning of their pipeline's name, and what they are. */
const others: readonly (readonly [RegExp, string])[] = [
  [/StableDiffusionXL/, 'Stable Diffusion XL, which reads two text encoders and the size of the picture'],
  [/StableDiffusion3/, 'Stable Diffusion 3, whose transformer reads three text encoders'],
  [/PixArt/, 'PixArt, whose transformer reads T5'],
  [/Flux/, 'Flux, whose transformer reads CLIP and T5'],
  [/Inpaint/, 'an inpainting model, whose UNet reads a mask and a picture beside the latent'],
  [/Pix2Pix|Img2Img|Upscale|Depth2Img|ControlNet|ImageVariation/, 'a model that reads a picture beside the text'],
  [/Kandinsky|Wuerstchen|Sana|HunyuanDiT|AuraFlow|Lumina|CogView|IFPipeline|DiT/, 'a model of another family'],
];

/** @throws EngineError model-unsupported, with what the model is where its name says it */
export function checkPipeline({ _class_name: name }: v.InferOutput<typeof modelIndexSchema>): void {
  if (pipelines.some((known) => known === name)) return;
  const other = others.find(([pattern]) => pattern.test(name));
  if (!other) throw unsupported('model_index.json: the pipeline', name, pipelines);
  throw new EngineError(
    'model-unsupported',
    `model_index.json: “${name.slice(0, 80)}” is ${other[1]}. This program paints with models of Stable Diffusion 1 and 2, SD-Turbo and latent consistency models.`,
  );
}

/** @throws EngineError model-unsupported for UNets that want more than a noisy latent, a timestep and text; model-damaged for parts of two models */
export function checkUnet(unet: UnetConfig, vae: VaeConfig, text: TextEncoderConfig): void {
  const refuse = (reason: string) => new EngineError('model-unsupported', `unet/config.json: ${reason}.`);
  if (unet.in_channels !== vae.latent_channels) {
    const why = unet.in_channels > vae.latent_channels ? ' (an inpainting or editing model?)' : '';
    throw refuse(
      `the UNet reads ${unet.in_channels} channels, the latent of vae_decoder/config.json has ${vae.latent_channels}${why}`,
    );
  }
  if (unet.addition_embed_type) {
    throw refuse(`“${unet.addition_embed_type}” conditioning (Stable Diffusion XL) is not supported`);
  }
  const [read, given] = [unet.cross_attention_dim, text.hidden_size];
  if (typeof read !== 'number' || given === undefined || read === given) return;
  throw new EngineError(
    'model-damaged',
    `text_encoder/config.json gives ${given} numbers a token, unet/config.json reads ${read}: they are of different models.`,
  );
}
