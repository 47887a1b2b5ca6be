/** Latents of pictures that a package paints: what its decoder is inverted on. */
import { paint } from '#diffusion/pipeline.ts';
import type { ThingRange } from '../corpus/compose.ts';
import { SceneStream } from '../corpus/stream.ts';
import { BatchedNetworks } from '../metrics/batched-networks.ts';
import type { EvaluationModel } from '../metrics/evaluation-model.ts';
import { PICTURES_PER_BATCH } from '../metrics/paint-many.ts';
import { documentOf, wordsOf } from '../metrics/test-graphs.ts';
import type { LatentStatistics } from './latents.ts';

/** Few and unguided: the latents need to be of its kind, not its best pictures. */
const STEPS = 6;

/**
 * @param things per picture
 * @param count pictures; about 15 a second on two cores at 128 px
 * @returns of each picture (C, h, w) as the autoencoder means it: not standardised
 */
export async function packageLatents(
  { manifest, networks, paintModel }: EvaluationModel,
  things: ThingRange,
  { mean, scale }: LatentStatistics,
  count: number,
): Promise<Float32Array[]> {
  const words = wordsOf(manifest);
  const cells = manifest.latent.height * manifest.latent.width;
  const stream = new SceneStream({ split: 'train', size: manifest.image.width, grid: 1, things, words, start: 0 });
  const batched = new BatchedNetworks(networks);
  const latents: Float32Array[] = [];
  while (latents.length < count) {
    const painted = await batched.together(
      Array.from({ length: PICTURES_PER_BATCH }, (_, i) => {
        const { sample } = stream.next();
        const seed = latents.length + i;
        const settings = { seed, steps: STEPS, guidanceScale: 1, sampler: 'dpmpp-2m', style: sample.style } as const;
        return (shared) => paint(shared, paintModel, documentOf(sample), settings);
      }),
    );
    for (const { latent } of painted) {
      latents.push(latent.data.map((value, i) => value * scale + (mean[Math.floor(i / cells)] as number)));
    }
  }
  return latents;
}
