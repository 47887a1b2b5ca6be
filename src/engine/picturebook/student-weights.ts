/**
 * A package's student has the denoiser's graph and weights of its own: those of denoiser.onnx plus the updates in student.safetensors. A matrix's
 * update is the product of two narrow ones (Hu et al. 2022); a weight of more axes is one whose columns are all but the first.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import { STUDENT_FILE } from '#engine/contract/manifest.ts';
import { fromHalf, toHalf } from '#engine/formats/float16.ts';
import { floatsOf, readSafetensors, SafetensorsError, type SafetensorsTensor } from '#engine/formats/safetensors.ts';
import { halfWeightsOf } from '#engine/runtime/onnx-weights.ts';

/** What the updates of a weight are called. */
export const UPDATE = {
  whole: (weight: string): string => `${weight}.update`,
  down: (weight: string): string => `${weight}.down`,
  up: (weight: string): string => `${weight}.up`,
} as const;

/** How the trainer calls a weight as it is stored in half precision. */
const stored = (weight: string): string => `${weight}.half`;

/**
 * @returns denoiser.onnx with the student's weights
 * @throws EngineError model-damaged when the two files do not fit together
 */
export async function studentDenoiser(denoiser: Uint8Array, updates: Uint8Array): Promise<Uint8Array> {
  const tensors = readUpdates(updates);
  const places = await halfWeightsOf(denoiser, 'denoiser.onnx');
  // Not by slice, which in Node is a view where the bytes are a Buffer.
  const student = new Uint8Array(denoiser);
  for (const [weight, update] of updatesOf(tensors)) {
    const place = places.get(stored(weight));
    if (place?.end !== (place?.start ?? 0) + 2 * update.length) {
      throw damaged(`it changes ${update.length} numbers of “${weight}”, which denoiser.onnx does not have`);
    }
    const halves = new Uint16Array(student.slice(place.start, place.end).buffer);
    const numbers = fromHalf(halves).map((number, i) => number + update[i]!);
    student.set(new Uint8Array(toHalf(numbers).buffer), place.start);
  }
  return student;
}

function readUpdates(bytes: Uint8Array): ReadonlyMap<string, SafetensorsTensor> {
  try {
    return readSafetensors(bytes).tensors;
  } catch (error) {
    throw error instanceof SafetensorsError ? damaged(error.message) : error;
  }
}

/** By weight, each as large as the weight. */
function* updatesOf(tensors: ReadonlyMap<string, SafetensorsTensor>): Generator<readonly [string, Float32Array]> {
  for (const [name, tensor] of tensors) {
    const weight = name.slice(0, name.lastIndexOf('.'));
    if (name === UPDATE.whole(weight)) yield [weight, floatsOf(tensor)];
    if (name === UPDATE.down(weight)) {
      const up = tensors.get(UPDATE.up(weight));
      if (tensor.shape.length !== 2 || up?.shape.length !== 2 || tensor.shape[1] !== up.shape[0]) {
        throw damaged(`the two parts of “${weight}” do not fit together`);
      }
      yield [weight, product(floatsOf(tensor), floatsOf(up), up.shape as readonly [number, number])];
    }
  }
}

/** (R, K) · (K, C) → (R · C) */
function product(left: Float32Array, right: Float32Array, [inner, columns]: readonly [number, number]): Float32Array {
  const rows = left.length / inner;
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const line = result.subarray(row * columns, (row + 1) * columns);
    for (let k = 0; k < inner; k++) {
      const factor = left[row * inner + k]!;
      for (let column = 0; column < columns; column++) line[column]! += factor * right[k * columns + column]!;
    }
  }
  return result;
}

const damaged = (reason: string): EngineError =>
  new EngineError('model-damaged', `${STUDENT_FILE} is damaged: ${reason}.`);
