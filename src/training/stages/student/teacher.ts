/** What the student learns from: ways from noise to a picture, as the package's own sampler goes them with guidance. */
import { createGuidedDenoiser } from '#diffusion/guidance.ts';
import type { DenoiserConditioning, GraphTokens, Networks } from '#diffusion/networks.ts';
import { encodeGraph, type PaintModel } from '#diffusion/pipeline.ts';
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { samplers } from '#diffusion/sampling/samplers.ts';
import { sigmaSchedule } from '#diffusion/sampling/schedule.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { BatchedNetworks } from '#training/evaluation/painting/batched-networks.ts';

/** One way, with the student's stations on it. */
export interface Trajectory {
  readonly conditioning: Pick<DenoiserConditioning, 'sCond' | 'mask'>;
  /** (C·h·w) each: x at the student's noise levels, then the clean latent. */
  readonly stations: readonly Float32Array[];
}

export interface TeacherSettings {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly relationFactor: number;
}

/** What packages paint with. Above sigma 6 it follows the ODE, and the next station can be learned; below it takes fresh noise, and only the end can. */
const sampler = samplers['dpmpp-2m-sde'];

/** Noise levels at these steps of the teacher. @throws RangeError unless the first is 0 and they rise within its steps */
export function studentLevels(
  { sigma }: Pick<PaintModel, 'sigma'>,
  steps: number,
  stations: readonly number[],
): number[] {
  const rise = stations.every((station, i) => (i === 0 ? station === 0 : station > stations[i - 1]!));
  if (!rise || stations.at(-1)! >= steps) {
    throw new RangeError(`student.stations: must rise from 0 and stay below ${steps}, not ${stations.join(', ')}`);
  }
  const sigmas = sigmaSchedule('karras', steps, sigma);
  return stations.map((station) => sigmas[station]!);
}

/** @param tokens of one graph each, padded alike */
export function teach(
  networks: Networks,
  model: PaintModel,
  tokens: readonly GraphTokens[],
  levels: readonly number[],
  settings: TeacherSettings,
  random: NoiseSource,
): Promise<Trajectory[]> {
  const { channels, height, width, unguided } = model.latent;
  const latentDims = [channels, height, width];
  const sigmas = sigmaSchedule('karras', settings.steps, model.sigma);
  const parametrisation = createParametrisation(model.parametrisation, model.sigma.data);
  const sources = tokens.map(() => seededNoise(random.integer(2 ** 31)));
  return new BatchedNetworks(networks).together(
    tokens.map((graph, i) => async (shared) => {
      const conditioning = await encodeGraph(shared, graph, settings);
      const guidance = { networks: shared, parametrisation, conditioning, latentDims, unguided, ...settings };
      const { denoise } = createGuidedDenoiser(guidance);
      const stations: Float32Array[] = [];
      const watched: typeof denoise = (x, sigma) => {
        if (levels.includes(sigma)) stations.push(x);
        return denoise(x, sigma);
      };
      const noise = sources[i]!;
      const start = noise.normals(sizeOf(latentDims)).map((z) => sigmas[0]! * z);
      stations.push(await sampler(watched, start, sigmas, { noise }));
      return { conditioning: { sCond: conditioning.sCond, mask: conditioning.mask }, stations };
    }),
  );
}

/**
 * What the denoiser would have to say at the station for one step of Euler's method to end at the next:
 * x' = x + (σ' − σ)·(x − D)/σ, so D = (x' − r·x)/(1 − r) with r = σ'/σ.
 */
export function denoisedBetween(x: Float32Array, sigma: number, next: Float32Array, nextSigma: number): Float32Array {
  const r = nextSigma / sigma;
  return x.map((value, i) => (next[i]! - r * value) / (1 - r));
}
