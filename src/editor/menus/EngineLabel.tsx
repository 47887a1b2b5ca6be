import { useEngine } from '#editor/painting/engine-store.ts';
import { loadingText } from '#editor/painting/loading-text.ts';
import type { Backend } from '#engine/contract/protocol.ts';

/** Which model is loaded and what runs it. */
export function EngineLabel() {
  const status = useEngine((state) => state.status);
  const notice = useEngine((state) => state.notice);
  return (
    <span className="engine-label" role="status" aria-label="Model and backend" title={notice ?? undefined}>
      <span className="engine-dot" data-state={status.type} aria-hidden />
      {status.type === 'ready' && (
        <>
          <b>{status.manifest.title}</b>
          <span className="engine-backend">{backendName(status.backend)}</span>
        </>
      )}
      {status.type === 'loading' && <b>{loadingText(status)}</b>}
      {status.type === 'failed' && <b>No model</b>}
    </span>
  );
}

function backendName(backend: Backend): string {
  switch (backend) {
    case 'webgpu':
      return 'WebGPU';
    case 'wasm':
      // Threads need a cross-origin isolated page; without them the same code runs on one core.
      return crossOriginIsolated ? `WASM · ${Math.min(navigator.hardwareConcurrency, 8)} threads` : 'WASM · 1 thread';
    case 'node-cpu':
      return 'CPU';
    default:
      return backend satisfies never;
  }
}
