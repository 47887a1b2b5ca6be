/** ONNX Runtime for Node: the command line, the evaluation and the tests. Never imported by the browser. */
import * as ort from 'onnxruntime-node';
import { openOrtSession } from './ort.ts';
import type { Runtime } from './sessions.ts';

/**
 * For networks of gigabytes. An arena keeps what it was ever asked for, and each session has its own: the UNet's activations twice, as a first run
 * and the pattern that it leaves behind lay them out, and then the decoder's beside them. A picture of 512 × 512 takes 7.6 GB with it and 4.3 without
 * by a UNet of 220 million weights, 10.3 and 7.5 by Stable Diffusion 1.5; a run of the UNet takes a tenth more processor time, of the decoder no more.
 */
const large = { enableCpuMemArena: false } as const;

/**
 * Threads that wait for each other sleep instead of spinning. A pass of the denoiser by two threads, medians of 40 interleaved ones on two cores:
 * beside other programs (load 11 to 13) 133 and 144 ms with spinning and 65 and 92 without, by one thread 60 and 121; given the cores before
 * all others (nice −20) 32 with spinning, 37 without, 38 by one thread. Spinning took 63 to 82 ms of processor time for a pass, sleeping 42 to 48.
 */
const sleeping = { session: { intra_op: { allow_spinning: '0' } } } as const;

/** @param threads of each session; as many as there are cores when absent */
export function nodeRuntimeOf(threads?: number): Runtime {
  const options = {
    executionProviders: ['cpu'],
    extra: sleeping,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
  return {
    backend: 'node-cpu',
    threads,
    async open(model) {
      if (model instanceof Uint8Array) return openOrtSession(ort, model, options);
      // From its path it finds external data by itself, without a copy in memory.
      return openOrtSession(ort, model.path ?? (await model.read()), { ...options, ...large });
    },
  };
}

export const nodeRuntime: Runtime = nodeRuntimeOf();
