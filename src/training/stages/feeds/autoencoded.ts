/** Pictures of scenes as they come back from their latents: what a painted picture looks like where the painter made no mistake. */
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { clip } from '#onnx/ops/arithmetic.ts';
import { averagePool } from '#onnx/ops/pooling.ts';
import type { RenderedScene } from '#training/corpus/world/scene.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import type { StageContext } from '#training/run/context.ts';
import { decoderConfig } from '#training/run/model-config.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';
import { latentBatch } from './autoencoder-feeds.ts';

export interface Autoencoder {
  /** As many scenes as it was opened for → (B, 3, size, size) in [−1, 1], means of blocks where that is less than the model's size. */
  pictures(scenes: readonly RenderedScene[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/** @param weights of the decoder */
export async function openAutoencoder(
  { config, device }: StageContext,
  weights: Map<string, Float32Array>,
  batch: number,
  size = config.imageSize,
): Promise<Autoencoder> {
  const g = new GraphBuilder();
  const image = decoder(
    g,
    decoderConfig(config),
    g.input('latent', [batch, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]),
  );
  g.output('image', averagePool(g, clip(g, image, -1, 1), config.imageSize / size));
  const forward = await ForwardPass.create(g, device);
  return {
    pictures: async (scenes) => (await forward.run({ latent: latentBatch(scenes) }, weights)).image!,
    release: () => forward.release(),
  };
}
