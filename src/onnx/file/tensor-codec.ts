/** Tensors between memory and the file. */
import { type ConstantTensor, type DataType, elements, GraphError, type TensorData } from '#onnx/graph.ts';
import type { TensorMessage } from './proto.ts';

export const typeCodes: Record<DataType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 };

/** The type of an ONNX element code. @throws GraphError naming `op` for types that are not supported. */
export function typeOf(code: unknown, op = 'Tensor'): DataType {
  const found = (Object.entries(typeCodes) as [DataType, number][]).find(([, value]) => value === code);
  if (!found) throw new GraphError(op, `element type ${String(code)} is not supported`);
  return found[0];
}

export function encodeTensor(name: string, tensor: ConstantTensor): TensorMessage {
  const { data } = tensor;
  return {
    name,
    dims: [...tensor.shape],
    dataType: typeCodes[tensor.type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** @throws GraphError for external data, which its owner must have merged before, and for truncated data. */
export function decodeTensor(message: TensorMessage): ConstantTensor {
  const name = message.name || 'a constant';
  if (message.dataLocation === 1 || message.externalData?.length) {
    const place = message.externalData?.find(({ key }) => key === 'location')?.value ?? 'another file';
    throw new GraphError('Tensor', `${name} is stored outside the file, in ${place}: save the model as a single file`);
  }
  const type = typeOf(message.dataType, `Tensor ${name}`);
  const shape = (message.dims ?? []).map(Number);
  const count = elements(shape);
  if (shape.some((dim) => dim < 0) || !Number.isSafeInteger(count)) {
    throw new GraphError('Tensor', `${name} has the impossible shape [${shape}]`);
  }
  const raw = message.rawData?.length ? message.rawData : undefined;
  if (raw && raw.length !== count * bytesPerElement[type]) {
    throw new GraphError('Tensor', `${name} holds ${raw.length} bytes for ${count} elements of ${type}`);
  }
  const data = raw ? fromBytes(type, raw) : fromFields(type, message);
  if (data.length !== count) throw new GraphError('Tensor', `${name} holds ${data.length} of ${count} elements`);
  return { type, shape, data };
}

const bytesPerElement: Record<DataType, number> = { float32: 4, int32: 4, int64: 8, uint8: 1, bool: 1, float16: 2 };

/** A copy, so that the tensor neither keeps the file in memory nor minds where in it its bytes began. */
function fromBytes(type: DataType, bytes: Uint8Array): TensorData {
  const { buffer } = Uint8Array.from(bytes);
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
    default:
      return type satisfies never;
  }
}

function fromFields(type: DataType, message: TensorMessage): TensorData {
  switch (type) {
    case 'float32':
      return new Float32Array(message.floatData ?? []);
    case 'float16':
      return new Uint16Array(message.int32Data ?? []);
    case 'int32':
      return new Int32Array(message.int32Data ?? []);
    case 'int64':
      return new BigInt64Array((message.int64Data ?? []).map(BigInt));
    case 'uint8':
    case 'bool':
      return new Uint8Array(message.int32Data ?? []);
    default:
      return type satisfies never;
  }
}

/** Round to nearest even, IEEE 754 binary32 → binary16. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = halfBits(bits[i] as number);
  return result;
}

function halfBits(x: number): number {
  const sign = (x >>> 16) & 0x8000;
  const exponent = (x >>> 23) & 0xff;
  const mantissa = x & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0);
  const e = exponent - 112;
  if (e >= 31) return sign | 0x7c00;
  if (e <= 0) {
    if (e < -10) return sign;
    const full = mantissa | 0x800000;
    const drop = 14 - e;
    return sign | roundShift(full, drop);
  }
  return sign | roundShift((e << 23) | mantissa, 13);
}

function roundShift(value: number, drop: number): number {
  const kept = value >>> drop;
  const rest = value & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  return rest > half || (rest === half && kept & 1) ? kept + 1 : kept;
}
