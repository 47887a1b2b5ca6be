/** ONNX Runtime for the browser: which devices are really there, and how each is started. */
import type * as Ort from 'onnxruntime-web';
import webgpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { BackendWish } from '#engine/contract/protocol.ts';
import { fileBytes } from './file-bytes.ts';
import { openOrtSession } from './ort.ts';
import type { ModelFile, Runtime, Session } from './sessions.ts';
import { chosenSession, ThreadChoice } from './thread-choice.ts';

/** More threads than this wait for each other more than they compute. */
const MAX_THREADS = 8;

/** ONNX Runtime's severity levels: 3 = error. Its warnings tell of nodes placed on the CPU, which is as it should be. */
const ERRORS_ONLY = 3;

/** Runtimes for a wish, the best first; starting one says why it cannot be. */
export function webRuntimes(prefer: BackendWish): readonly (() => Promise<Runtime>)[] {
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
  const options = { executionProviders: ['wasm'], logSeverityLevel: ERRORS_ONLY } as const;
  const threads = threadCount();
  await initialise(ort, wasmUrl, options, threads);
  const choice = new ThreadChoice();
  return {
    backend: 'wasm',
    threads,
    async open(model) {
      const session = await openWeb(ort, model, options);
      // There is no room for gigabytes twice.
      if (threads === 1 || !(model instanceof Uint8Array)) return session;
      const name = session.outputs.map((output) => output.name).join();
      return chosenSession(name, session, async () => openWeb(await startAlone(), model, options), choice);
    },
  };
}

let alone: Promise<typeof Ort> | undefined;

/** ONNX Runtime once more, on one thread: its pool of threads is made once, for all its sessions. */
function startAlone(): Promise<typeof Ort> {
  alone ??= (async () => {
    const ort = await import('onnxruntime-web/wasm?alone');
    await initialise(ort, wasmUrl, { executionProviders: ['wasm'], logSeverityLevel: ERRORS_ONLY }, 1);
    return ort;
  })();
  return alone;
}

/** @param acceptSoftware a software adapter (SwiftShader) is slower than WASM: only for those who ask for it */
async function startWebgpu({ acceptSoftware }: { acceptSoftware: boolean }): Promise<Runtime> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new EngineError('internal', 'WebGPU is not available in this browser.');
  if (adapter.info.isFallbackAdapter && !acceptSoftware)
    throw new EngineError('internal', 'WebGPU runs in software here.');
  const device = await requestWholeDevice(adapter);
  const lost = device.lost.then(({ message }) => {
    throw new Error(`device lost${message && `: ${message}`}`);
  });
  lost.catch(() => undefined); // nobody may be listening when the page is closed
  const ort = await import('onnxruntime-web/webgpu');
  const options = {
    executionProviders: [{ name: 'webgpu', device }],
    // Left there, they are fetched together (ort.ts); otherwise ONNX Runtime fetches them itself, and waits for one after the other.
    preferredOutputLocation: 'gpu-buffer',
    logSeverityLevel: ERRORS_ONLY,
  } as const;
  await initialise(ort, webgpuWasmUrl, options, threadCount());
  return {
    backend: 'webgpu',
    adapter: adapterName(adapter.info),
    async open(model) {
      const session = await openWeb(ort, model, options);
      // ONNX Runtime waits forever for a device that is gone.
      return { ...session, run: (feeds, wanted) => Promise.race([session.run(feeds, wanted), lost]) };
    },
  };
}

/** Weights outside the .onnx file stay on disk until ONNX Runtime copies them to the device. */
async function openWeb(
  ort: typeof Ort,
  model: Uint8Array | ModelFile,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Session> {
  if (model instanceof Uint8Array) return openOrtSession(ort, model, options);
  const externalData = await Promise.all(
    model.external.map(async ({ location, file }) => {
      const data = file.blob ? fileBytes(await file.blob()) : await file.read();
      return { path: location, data };
    }),
  );
  return openOrtSession(ort, await model.read(), { ...options, externalData });
}

/** As much as the browser says: "nvidia ampere", "google swiftshader"; a user who hides it gets nothing. */
const adapterName = ({ vendor, architecture, device, description }: GPUAdapterInfo): string | undefined =>
  description || [vendor, architecture, device].filter(Boolean).join(' ') || undefined;

/** All that the adapter has: by default storage buffers end at 128 MiB and there is no half precision. */
function requestWholeDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const wanted = ['shader-f16', 'subgroups'] as const;
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const limit: unknown = Reflect.get(adapter.limits, name);
    if (typeof limit === 'number') requiredLimits[name] = limit;
  }
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({ requiredLimits, requiredFeatures });
}

/**
 * y = x, as an .onnx file of 57 bytes: it is in its first session that ONNX Runtime loads and compiles its binary, and there is no other call
 * that does.
 */
const IDENTITY = Uint8Array.from(
  [
    [8, 8], // IR version 8
    [58, 47, 10, 16, 10, 1, 120, 18, 1, 121, 34, 8, 73, 100, 101, 110, 116, 105, 116, 121, 18, 1, 103],
    [90, 11, 10, 1, 120, 18, 6, 10, 4, 8, 1, 18, 0], // x: a scalar of single precision
    [98, 11, 10, 1, 121, 18, 6, 10, 4, 8, 1, 18, 0], // y
    [66, 4, 10, 0, 16, 13], // operators of opset 13
  ].flat(),
);

/**
 * Loads and compiles the binary. The build gives it a name of its own, so ONNX Runtime must be told where it is. Its JavaScript half is inside the
 * bundles imported above: a separate .mjs file would not start on the many static hosts that do not know that ending.
 */
async function initialise(
  ort: typeof Ort,
  binaryUrl: string,
  options: Ort.InferenceSession.SessionOptions,
  threads: number,
) {
  ort.env.wasm.wasmPaths = { wasm: new URL(binaryUrl, location.href).href };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  await (await ort.InferenceSession.create(IDENTITY, options)).release();
}
