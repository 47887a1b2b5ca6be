/** ONNX Runtime for Node: the command line, the evaluation and the tests. Never imported by the browser. */
import * as ort from 'onnxruntime-node';
import { OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { openOrtSession } from './ort.ts';
import type { Runtime } from './sessions.ts';

export const nodeRuntime: Runtime = {
  backend: 'node-cpu',
  async open(model) {
    const options = { executionProviders: ['cpu'] };
    if (model instanceof Uint8Array) return openOrtSession(ort, model, options);
    // From its path it finds external data by itself, without a copy in memory.
    return openOrtSession(ort, model.path ?? (await model.read()), options);
  },
};

/** The three networks from the bytes of their .onnx files, on the CPU. */
export function openNodeNetworks(models: {
  readonly graphEncoder: Uint8Array;
  readonly denoiser: Uint8Array;
  readonly decoder: Uint8Array;
}): Promise<OnnxNetworks> {
  return OnnxNetworks.open(nodeRuntime, models);
}
