/** Pictures that a package paints, with their latents: its decoder's missing encoder is learned from them. */
import { paint } from '#diffusion/pipeline.ts';
import { SceneStream } from '../corpus/stream.ts';
import { BatchedNetworks } from '../metrics/batched-networks.ts';
import { openEvaluationModel } from '../metrics/evaluation-model.ts';
import { PICTURES_PER_BATCH } from '../metrics/paint-many.ts';
import { documentOf } from '../metrics/test-graphs.ts';
import type { StageContext } from './context.ts';
import type { LatentStatistics } from './latents.ts';

export interface LatentPair {
  /** RGB, 8 bit, size × size × 3. */
  readonly rgb: Uint8Array;
  readonly size: number;
  /** (C, h, w) as the autoencoder means it: not standardised. */
  readonly latent: Float32Array;
}

/** Few and unguided: the latents need to be of its kind, not its best pictures. */
const STEPS = 6;

/**
 * @param folder of the package
 * @param count pictures; about 15 a second on two cores at 128 px
 */
export async function packagePairs(
  context: StageContext,
  folder: string,
  { mean, scale }: LatentStatistics,
  count: number,
): Promise<LatentPair[]> {
  const { manifest, networks, paintModel } = await openEvaluationModel(folder);
  const words = { ...manifest.vocabulary, styles: manifest.styles };
  const size = manifest.image.width;
  const cells = manifest.latent.height * manifest.latent.width;
  const { things } = context.config;
  const stream = new SceneStream({ split: 'train', size, grid: 1, things, words, start: 0 });
  const batched = new BatchedNetworks(networks);
  const pairs: LatentPair[] = [];
  while (pairs.length < count) {
    const jobs = Array.from({ length: PICTURES_PER_BATCH }, (_, i) => ({
      sample: stream.next().sample,
      seed: pairs.length + i,
    }));
    const painted = await batched.together(
      jobs.map(
        ({ sample, seed }) =>
          (shared) =>
            paint(shared, paintModel, documentOf(sample), {
              seed,
              steps: STEPS,
              guidanceScale: 1,
              sampler: 'dpmpp-2m',
              style: sample.style,
            }),
      ),
    );
    for (const { picture, latent } of painted) {
      const rgb = new Uint8Array(size * size * 3);
      for (let i = 0; i < size * size; i++) rgb.set(picture.pixels.subarray(4 * i, 4 * i + 3), 3 * i);
      const raw = latent.data.map((value, i) => value * scale + (mean[Math.floor(i / cells)] as number));
      pairs.push({ rgb, size, latent: raw });
    }
  }
  return pairs;
}
