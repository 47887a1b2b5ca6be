/** Network configurations that follow from the training configuration and the world. */

import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { LATENT_CHANNELS, LATENT_SIDE, wholePictureChannels } from '#training/networks/autoencoder.ts';
import type { DecoderConfig } from '#training/networks/decoder/decoder.ts';
import type { DenoiserConfig } from '#training/networks/denoiser.ts';
import type { Fusion, GraphEncoderConfig } from '#training/networks/graph-encoder.ts';
import type { TrainingConfig } from './config.ts';
import type { StageContext } from './context.ts';

/** Features are of unit length; CLIP's own have a norm of about 10, which the MMD's bandwidths and the weight of L_CLIP are made for. */
export const FEATURE_SCALE = 10;

/** Standardised latents have unit deviation. */
export const SIGMA_DATA = 1;
/**
 * The sampler stops at sigma 0.25 and gives what the denoiser makes of it: codes are 3.5 apart and cells of one thing average what they say,
 * so that less noise tells nothing new.
 */
export const SIGMA_RANGE = { min: 0.25, max: 80 } as const;
export const PARAMETRISATION = 'edm';
/** As a package's manifest has it. */
export const LATENT = {
  channels: LATENT_CHANNELS,
  height: LATENT_SIDE,
  width: LATENT_SIDE,
  unguided: wholePictureChannels,
} as const;
/** Steps of the package's schedule, of sheets, and what training takes a sampler's step to be. */
export const DEFAULT_STEPS = 16;

/** Pixels per side of what CLIP and the verifier look at. */
export const seenSize = ({ imageSize }: Pick<TrainingConfig, 'imageSize'>): number => imageSize / 2;

export const decoderConfig = ({ autoencoder, imageSize }: TrainingConfig): DecoderConfig => ({
  ...autoencoder,
  imageSize,
});

export function graphEncoderConfig({ config, world, tokenSpec }: StageContext, fusion?: Fusion): GraphEncoderConfig {
  return {
    predicates: world.predicates.length,
    styles: world.styles.length,
    wordWidth: tokenSpec.embedding.width,
    width: config.graphEncoder.width,
    layers: config.graphEncoder.layers,
    tokenWidth: config.denoiser.tokenWidth,
    fusion: fusion ?? config.graphEncoder.fusion,
  };
}

/** @param statistics of the latent's channels, from the training set. */
export function denoiserConfig(
  { config }: StageContext,
  { deviations, mean, scale }: LatentStatistics,
): DenoiserConfig {
  const { tokenWidth, channels, blocks, heads, convolutions } = config.denoiser;
  return {
    latentChannels: LATENT_CHANNELS,
    height: LATENT_SIDE,
    width: LATENT_SIDE,
    tokenWidth,
    channels,
    blocks,
    heads,
    convolutions,
    deviations,
    mean,
    scale,
  };
}
