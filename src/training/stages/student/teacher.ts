/** What the student learns from: pictures, as the package's own sampler paints them with guidance. */
import { createGuidedDenoiser } from '#diffusion/guidance.ts';
import type { DenoiserConditioning, GraphTokens, Networks } from '#diffusion/networks.ts';
import { encodeGraph, type PaintModel } from '#diffusion/pipeline.ts';
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { samplers } from '#diffusion/sampling/samplers.ts';
import { sigmaSchedule } from '#diffusion/sampling/schedule.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { BatchedNetworks } from '#training/evaluation/painting/batched-networks.ts';

/** One picture. */
export interface Lesson {
  readonly conditioning: Pick<DenoiserConditioning, 'sCond' | 'mask'>;
  /** (C·h·w) its latent. */
  readonly clean: Float32Array;
}

export interface TeacherSettings {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly relationFactor: number;
}

/** What packages paint with. */
const sampler = samplers['dpmpp-2m-sde'];

/** @param tokens of one graph each, padded alike */
export function teach(
  networks: Networks,
  model: PaintModel,
  tokens: readonly GraphTokens[],
  settings: TeacherSettings,
  random: NoiseSource,
): Promise<Lesson[]> {
  const { channels, height, width, unguided } = model.latent;
  const latentDims = [channels, height, width];
  const sigmas = sigmaSchedule('karras', settings.steps, model.sigma);
  const parametrisation = createParametrisation(model.parametrisation, model.sigma.data);
  const sources = tokens.map(() => seededNoise(random.integer(2 ** 31)));
  return new BatchedNetworks(networks).together(
    tokens.map((graph, i) => async (shared) => {
      const conditioning = await encodeGraph(shared, graph, settings);
      const guidance = { networks: shared, parametrisation, conditioning, latentDims, unguided, ...settings };
      const noise = sources[i]!;
      const start = noise.normals(sizeOf(latentDims)).map((z) => sigmas[0]! * z);
      const clean = await sampler(createGuidedDenoiser(guidance).denoise, start, sigmas, { noise });
      return { conditioning: { sCond: conditioning.sCond, mask: conditioning.mask }, clean };
    }),
  );
}
