import { counted } from '#editor/interface/counted.ts';
import type { Machine } from '#engine/contract/protocol.ts';

/** "WebGPU", "WASM · 2 threads" */
export function backendTitle({ backend, threads }: Machine): string {
  switch (backend) {
    case 'webgpu':
      return 'WebGPU';
    case 'wasm':
      return threads === undefined ? 'WASM' : `WASM · ${counted(threads, 'thread')}`;
    case 'node-cpu':
      return 'CPU';
    default:
      return backend satisfies never;
  }
}
