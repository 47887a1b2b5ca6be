/** Where the weights of an .onnx file lie in it. */
import type { LargeFile } from '#engine/package/package-loader.ts';
import { ByteWindow, fieldsOf, GRAPH, HALF, MODEL, TENSOR, textOf } from './onnx-fields.ts';

/** Bytes of the file, the end not included. */
export interface WeightPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Weights of half precision by name, where their numbers are in the file itself.
 * @param name of the file, for the message
 * @throws EngineError model-damaged when the bytes are no ONNX model
 */
export async function halfWeightsOf(bytes: Uint8Array, name: string): Promise<ReadonlyMap<string, WeightPlace>> {
  const window = new ByteWindow(fileOf(bytes), name);
  const places = new Map<string, WeightPlace>();
  for await (const graph of fieldsOf(window, 0, bytes.length)) {
    if (graph.number !== MODEL.graph) continue;
    for await (const part of fieldsOf(window, graph.start, graph.end)) {
      if (part.number !== GRAPH.initializer) continue;
      let isHalf = false;
      let place: WeightPlace | undefined;
      for await (const { number, value, start, end } of fieldsOf(window, part.start, part.end)) {
        if (number === TENSOR.type) isHalf = value === HALF;
        if (number === TENSOR.raw) place = { start, end };
      }
      if (isHalf && place) places.set(await textOf(window, part, TENSOR.name), place);
    }
  }
  return places;
}

const fileOf = (bytes: Uint8Array): LargeFile => ({
  bytes: bytes.length,
  read: async () => bytes,
  slice: async (start, end) => bytes.subarray(start, end),
});
