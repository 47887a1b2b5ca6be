/** Where pictures are compared: feature spaces for FD, label posteriors for IS; our own CLIP as the one that is always there. */
import type { Picture } from '#diffusion/picture.ts';
import type { PerceptualDistance } from '#training/evaluation/scores/diversity.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { resizeBilinear } from '#training/files/resize.ts';
import type { ClipTower } from '#training/text-to-image/clip/clip-tower.ts';
import { type OnnxNetwork, outputNamed, rowsOf } from './onnx-network.ts';

export interface FeatureSpace {
  readonly name: string;
  /** One feature per picture, all of the same width. */
  features(pictures: readonly Picture[]): Promise<readonly Float32Array[]>;
}

export interface LabelPosterior {
  readonly name: string;
  /** One distribution over labels per picture. */
  posteriors(pictures: readonly Picture[]): Promise<readonly Float64Array[]>;
}

const PICTURES_PER_RUN = 16;

/** Exports without a dynamic batch take one picture at a time. */
export const picturesPerRun = ({ inputs, fixedSize }: Pick<OnnxNetwork, 'inputs' | 'fixedSize'>): number =>
  Math.min(PICTURES_PER_RUN, fixedSize(inputs[0]!, 0) ?? PICTURES_PER_RUN);

/** Our CLIP: (B, 3, H, W) in [−1, 1] at the model's own size → unit-length (B, C). */
export function clipFeatureSpace(
  network: OnnxNetwork,
  size: { readonly height: number; readonly width: number },
): FeatureSpace {
  return {
    name: 'CLIP image tower of the model',
    features: (pictures) =>
      inBatches(pictures, async (batch) => {
        const image = resizeBilinear(pictureTensor(batch), size.height, size.width);
        return rowsOf(outputNamed(await network.run({ [network.inputs[0]!]: image }), network.outputs[0]!));
      }),
  };
}

/** Real CLIP: pictures of any size as its own processor prepares them → unit-length (B, C). */
export const clipTowerSpace = (tower: Pick<ClipTower, 'encode'>): FeatureSpace => ({
  name: 'CLIP',
  features: (pictures) => inBatches(pictures, async (batch) => Promise.all(batch.map((each) => tower.encode(each)))),
});

/** 1 − cosine in a space of unit-length features, in [0, 2]. */
export function featureDistance(space: FeatureSpace): PerceptualDistance {
  return {
    name: `1 − cosine in ${space.name}`,
    async between(first, second) {
      const features = await space.features([...first, ...second]);
      return first.map((_, i) => {
        const a = features[i]!;
        const b = features[first.length + i]!;
        return 1 - a.reduce((sum, value, c) => sum + value * b[c]!, 0);
      });
    },
  };
}

/** Runs a network over pictures, a few at a time. */
export async function inBatches<Row>(
  pictures: readonly Picture[],
  run: (batch: readonly Picture[]) => Promise<readonly Row[]>,
  each: number = PICTURES_PER_RUN,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < pictures.length; from += each) rows.push(...(await run(pictures.slice(from, from + each))));
  return rows;
}
