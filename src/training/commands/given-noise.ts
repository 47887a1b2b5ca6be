/** `--noise FILE.safetensors`: noise of the user's own in place of what the seed would give. */
import { readFileSync } from 'node:fs';
import { type NoiseSource, seededNoise } from '#diffusion/sampling/noise.ts';
import { floatsOf, readSafetensors, SafetensorsError } from '#engine/formats/safetensors.ts';
import { InputError } from './input-error.ts';

const START = 'noise';
const STEPS = 'step_noise';

/** Draws of `size` numbers each, in the order in which they will be asked for. */
export interface GivenNoise {
  /** @param size numbers of one latent; @param shape of it, in words */
  sourceFor(
    latent: { readonly channels: number; readonly height: number; readonly width: number },
    seed: number,
  ): NoiseSource;
}

/**
 * `noise` (1 × C × h × w, unit variance) is what the picture starts from. `step_noise` (N × C × h × w) is what a stochastic sampler draws, in its order;
 * without it that is drawn from the seed.
 * @throws InputError naming the file and what it holds instead
 */
export function readNoise(file: string): GivenNoise {
  const tensors = read(file);
  const rowsOf = (name: string, latent: readonly number[]): Float32Array[] | undefined => {
    const tensor = tensors.get(name);
    if (!tensor) return undefined;
    const [rows = 0, ...dims] = tensor.shape;
    const fits = dims.length === latent.length && dims.every((size, axis) => size === latent[axis]);
    if (!fits || (name === START && rows !== 1)) {
      const wanted = [name === START ? 1 : 'N', ...latent].join(' × ');
      throw new InputError(`${file}: “${name}” is ${tensor.shape.join(' × ')}, this picture needs ${wanted}`);
    }
    const floats = floatsOf(tensor);
    if (!floats.every(Number.isFinite)) throw new InputError(`${file}: “${name}” holds numbers that are not finite`);
    const size = floats.length / rows;
    return Array.from({ length: rows }, (_, row) => floats.slice(row * size, (row + 1) * size));
  };
  return {
    sourceFor({ channels, height, width }, seed) {
      const dims = [channels, height, width];
      const start = rowsOf(START, dims);
      if (!start)
        throw new InputError(`${file} has no “${START}”; it holds ${[...tensors.keys()].join(', ') || 'nothing'}`);
      const steps = rowsOf(STEPS, dims);
      return sourceOf(file, start[0]!, steps, seededNoise(seed));
    },
  };
}

function sourceOf(
  file: string,
  start: Float32Array,
  steps: Float32Array[] | undefined,
  seeded: NoiseSource,
): NoiseSource {
  const queue = [start, ...(steps ?? [])];
  // So that a stochastic sampler without step_noise draws what it would have drawn after the seed's own start.
  seeded.normals(start.length);
  const normals = (count: number): Float32Array<ArrayBuffer> => {
    const next = queue.shift();
    if (next) return Float32Array.from(next);
    if (!steps) return seeded.normals(count);
    throw new InputError(`${file}: “${STEPS}” has ${steps.length} rows, this sampler draws more`);
  };
  return { ...seeded, normals };
}

function read(file: string): ReturnType<typeof readSafetensors>['tensors'] {
  try {
    return readSafetensors(new Uint8Array(readFileSync(file))).tensors;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      error instanceof SafetensorsError ? `${file} is damaged: ${reason}` : `${file} cannot be read: ${reason}`,
    );
  }
}
