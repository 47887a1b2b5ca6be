/** An .onnx file with other numbers in it. */
import { elements, GraphError } from '#onnx/graph.ts';
import { decodeModel } from './onnx-reader.ts';
import { ModelProto } from './proto.ts';
import { type ExternalPlace, externalPlace } from './weights-file.ts';

/**
 * The model with other numbers in some initializers, everything else as it was.
 * @param overwrite is given the bytes of what lies in another file, and where they belong
 * @throws GraphError for a name or size that it does not have
 */
export function withWeights(
  bytes: Uint8Array,
  weights: ReadonlyMap<string, Float32Array>,
  overwrite: (place: ExternalPlace, bytes: Uint8Array) => void,
): Uint8Array {
  const model = decodeModel(bytes);
  const initializers = new Map((model.graph?.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  for (const [name, data] of weights) {
    const tensor = initializers.get(name);
    if (!tensor) throw new GraphError('Model', `there is no weight ${name}`);
    const shape = (tensor.dims ?? []).map(Number);
    if (elements(shape) !== data.length) {
      throw new GraphError('Model', `${name} is [${shape}], not ${data.length} numbers`);
    }
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const place = tensor.dataType === 1 ? externalPlace(tensor) : undefined;
    if (place) {
      overwrite(place, raw);
      continue;
    }
    delete tensor.floatData;
    delete tensor.externalData;
    delete tensor.dataLocation;
    tensor.dataType = 1;
    tensor.rawData = raw;
  }
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}
