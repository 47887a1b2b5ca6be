import type { Machine } from '#engine/contract/protocol.ts';

/** "WebGPU", "WASM · 2 threads" */
export function backendTitle({ backend, threads }: Machine): string {
  switch (backend) {
    case 'webgpu':
      return 'WebGPU';
    case 'wasm':
      return `WASM · ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    case 'node-cpu':
      return 'CPU';
    default:
      return backend satisfies never;
  }
}
