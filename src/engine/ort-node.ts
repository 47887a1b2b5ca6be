/** ONNX Runtime for Node: the command line, the evaluation and the tests. Never imported by the browser. */
import * as ort from 'onnxruntime-node';
import { OnnxNetworks } from './onnx-networks.ts';
import { openOrtSession } from './ort.ts';
import type { Runtime } from './sessions.ts';

export const nodeRuntime: Runtime = {
  backend: 'node-cpu',
  open: (model) => openOrtSession(ort, model, { executionProviders: ['cpu'] }),
};

/** The three networks from the bytes of their .onnx files, on the CPU. */
export function openNodeNetworks(models: {
  readonly graphEncoder: Uint8Array;
  readonly denoiser: Uint8Array;
  readonly decoder: Uint8Array;
}): Promise<OnnxNetworks> {
  return OnnxNetworks.open(nodeRuntime, models);
}
