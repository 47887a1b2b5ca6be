/** ONNX Runtime for Node: the command line, the evaluation and the tests. Never imported by the browser. */
import * as ort from 'onnxruntime-node';
import { openOrtSession } from './ort.ts';
import type { Runtime } from './sessions.ts';

/** @param threads of each session; as many as there are cores when absent */
export function nodeRuntimeOf(threads?: number): Runtime {
  const options = { executionProviders: ['cpu'], ...(threads !== undefined && { intraOpNumThreads: threads }) };
  return {
    backend: 'node-cpu',
    async open(model) {
      if (model instanceof Uint8Array) return openOrtSession(ort, model, options);
      // From its path it finds external data by itself, without a copy in memory.
      return openOrtSession(ort, model.path ?? (await model.read()), options);
    },
  };
}

export const nodeRuntime: Runtime = nodeRuntimeOf();
