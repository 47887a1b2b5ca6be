/** ONNX Runtime behind our Session: the one place that builds its tensors and reads them back. */
import type * as Ort from 'onnxruntime-web';
import type { Tensor } from '#diffusion/tensor.ts';
import { fromHalf, toHalf } from '#engine/formats/float16.ts';
import type { Feeds, Fetches, Port, Session } from './sessions.ts';

/** What onnxruntime-web and onnxruntime-node have in common. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** @param model bytes, or in Node the path of the file */
export async function openOrtSession(
  ort: OrtModule,
  model: Uint8Array | string,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Session> {
  const { InferenceSession } = ort;
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options));
  const inputs = portsOf(session.inputMetadata);
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return {
    inputs,
    outputs: portsOf(session.outputMetadata),
    async run(feeds, wanted) {
      const given = toOrt(ort, feeds, types);
      return readAll(await (wanted ? session.run(given, [...wanted]) : session.run(given)));
    },
    release: () => session.release(),
  };
}

function portsOf(metadata: readonly Ort.InferenceSession.ValueMetadata[]): Port[] {
  return metadata.flatMap((each) =>
    each.isTensor ? [{ name: each.name, type: each.type, shape: each.shape.map((dim) => dim) }] : [],
  );
}

function toOrt(ort: OrtModule, feeds: Feeds, types: ReadonlyMap<string, string>): Ort.InferenceSession.FeedsType {
  const entries = Object.entries(feeds).map(([name, { data, dims }]) => [
    name,
    tensorOf(ort, data, dims, types.get(name)),
  ]);
  return Object.fromEntries(entries) as Ort.InferenceSession.FeedsType;
}

/** Numbers as the model wants them. Other types than these are ONNX Runtime's to refuse. */
function tensorOf(
  ort: OrtModule,
  data: Float32Array | Int32Array,
  dims: readonly number[],
  wanted: string | undefined,
): Ort.Tensor {
  switch (wanted) {
    case 'float16':
      return new ort.Tensor('float16', toHalf(Float32Array.from(data)), dims);
    case 'int64':
      return new ort.Tensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        dims,
      );
    case 'int32':
      return new ort.Tensor('int32', Int32Array.from(data, Math.round), dims);
    case 'float32':
      return new ort.Tensor('float32', data instanceof Float32Array ? data : Float32Array.from(data), dims);
    default:
      return data instanceof Int32Array ? new ort.Tensor('int32', data, dims) : new ort.Tensor('float32', data, dims);
  }
}

/** From wherever the device keeps them, all at once: each wait for a graphics device is a journey to another process. */
async function readAll(outputs: Ort.InferenceSession.ReturnType): Promise<Fetches> {
  const read = async ([name, tensor]: [string, Ort.Tensor]): Promise<[string, Tensor]> => [
    name,
    { data: floatsOf(name, tensor.type, await tensor.getData(true)), dims: tensor.dims },
  ];
  return Object.fromEntries(await Promise.all(Object.entries(outputs).map(read)));
}

/** Half precision comes as Uint16Array, or as the Float16Array of newer engines over the same bits. */
function floatsOf(name: string, type: string, data: Ort.Tensor.DataType): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return fromHalf(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  throw new TypeError(`output "${name}" is ${type}, expected float32 or float16`);
}
