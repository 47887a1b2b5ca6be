/** ONNX Runtime for the browser: which devices are really there, and how each is started. */
import type * as Ort from 'onnxruntime-web';
import webgpuModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { openOrtSession } from './ort.ts';
import type { Runtime } from './sessions.ts';

/** More threads than this wait for each other more than they compute. */
const MAX_THREADS = 8;

/** Runtimes for a wish, the best first; starting one says why it cannot be. */
export function webRuntimes(prefer: 'webgpu' | 'wasm' | 'auto'): readonly (() => Promise<Runtime>)[] {
  switch (prefer) {
    case 'wasm':
      return [startWasm];
    case 'webgpu':
      return [() => startWebgpu({ acceptSoftware: true }), startWasm];
    case 'auto':
      return 'gpu' in navigator ? [() => startWebgpu({ acceptSoftware: false }), startWasm] : [startWasm];
    default:
      return prefer satisfies never;
  }
}

/** Threads need shared memory, which a page only gets when it is cross-origin isolated. */
function threadCount(): number {
  return globalThis.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
}

async function startWasm(): Promise<Runtime> {
  const ort = await import('onnxruntime-web/wasm');
  configure(ort, wasmModuleUrl, wasmUrl);
  return { backend: 'wasm', open: (model) => openOrtSession(ort, model, { executionProviders: ['wasm'] }) };
}

/** @param acceptSoftware a software adapter (SwiftShader) is slower than WASM: only for those who ask for it */
async function startWebgpu({ acceptSoftware }: { acceptSoftware: boolean }): Promise<Runtime> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('WebGPU is not available in this browser');
  if (adapter.info.isFallbackAdapter && !acceptSoftware) throw new Error('WebGPU runs in software here');
  const ort = await import('onnxruntime-web/webgpu');
  configure(ort, webgpuModuleUrl, webgpuWasmUrl);
  return { backend: 'webgpu', open: (model) => openOrtSession(ort, model, { executionProviders: ['webgpu'] }) };
}

/** The build gives these files names of their own, so ONNX Runtime must be told where they are. */
function configure(ort: typeof Ort, moduleUrl: string, binaryUrl: string): void {
  ort.env.wasm.wasmPaths = {
    mjs: new URL(moduleUrl, location.href).href,
    wasm: new URL(binaryUrl, location.href).href,
  };
  ort.env.wasm.numThreads = threadCount();
  ort.env.logLevel = 'error';
}
