/** ONNX Runtime for Node: the command line, the evaluation and the tests. Never imported by the browser. */
import * as ort from 'onnxruntime-node';
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
