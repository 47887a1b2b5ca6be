/** ONNX Runtime behind our Session: the one place that builds its tensors and reads them back. */
import type * as Ort from 'onnxruntime-web';
import type { Tensor } from '#diffusion/tensor.ts';
import type { Feeds, Fetches, Session } from './sessions.ts';

/** What onnxruntime-web and onnxruntime-node have in common. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

export async function openOrtSession(
  ort: OrtModule,
  model: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Session> {
  const session = await ort.InferenceSession.create(model, options);
  return {
    run: async (feeds) => readAll(await session.run(toOrt(ort, feeds))),
    release: () => session.release(),
  };
}

function toOrt(ort: OrtModule, feeds: Feeds): Ort.InferenceSession.FeedsType {
  const entries = Object.entries(feeds).map(([name, { data, dims }]) => [
    name,
    data instanceof Int32Array ? new ort.Tensor('int32', data, dims) : new ort.Tensor('float32', data, dims),
  ]);
  return Object.fromEntries(entries) as Ort.InferenceSession.FeedsType;
}

/** From wherever the device keeps them. */
async function readAll(outputs: Ort.InferenceSession.ReturnType): Promise<Fetches> {
  const fetched: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    const data = await tensor.getData(true);
    if (!(data instanceof Float32Array)) throw new TypeError(`output "${name}" is ${tensor.type}, expected float32`);
    fetched[name] = { data, dims: tensor.dims };
  }
  return fetched;
}
