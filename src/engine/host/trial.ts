/**
 * WebGPU or the processor? Where a graphics device meets a model for the first time, one pass of the denoiser is run on both. It must give the
 * processor's numbers, and paints if it is the faster one.
 */
import type { Trial } from '#engine/contract/protocol.ts';
import type { Engine } from '#engine/engine.ts';

/** Decibels of signal to error: pictures of two backends agree as well as that. */
const LEAST_AGREEMENT = 40;

/** Trials that were held, by device and model. What is recalled may be gone, or of another version. */
export interface TrialMemory {
  recall(key: string): Promise<Trial | undefined>;
  keep(key: string, trial: Trial): Promise<void>;
}

/** @returns undefined where one of the two cannot be tried */
export async function holdTrial(webgpu: Engine, processor: Engine): Promise<Trial | undefined> {
  const reference = await processor.trial();
  if (!reference) return undefined;
  const lap = await webgpu.trial().catch((error: unknown) => `WebGPU failed: ${messageOf(error)}`);
  if (typeof lap === 'string') return { processor: reference.milliseconds, fault: lap };
  if (!lap) return undefined;
  const fault = faultOf(lap.prediction, reference.prediction);
  return { webgpu: lap.milliseconds, processor: reference.milliseconds, ...(fault && { fault }) };
}

/** @param isWished the user asked for WebGPU: a slower one is taken all the same, never one that computes wrong numbers */
export const isForProcessor = ({ webgpu, processor, fault }: Trial, isWished: boolean): boolean =>
  fault !== undefined || (!isWished && webgpu !== undefined && webgpu > processor);

function faultOf(prediction: Float32Array, reference: Float32Array): string | undefined {
  if (!prediction.every(Number.isFinite)) return 'WebGPU gives numbers here that are not finite.';
  const agreement = 10 * Math.log10(energyOf(reference) / energyOf(reference.map((x, i) => x - prediction[i]!)));
  return agreement < LEAST_AGREEMENT ? 'WebGPU gives other numbers here than the processor.' : undefined;
}

const energyOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
