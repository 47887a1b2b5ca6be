/** What the browser says of the computer it runs on. */
import type { DeviceFacts } from '#engine/contract/model-survey.ts';
import type { BackendWish } from '#engine/contract/protocol.ts';
import { freeBytes } from '#engine/package/file-store-opfs.ts';

/** Of Chromium, in GiB and at most 8. */
type WithMemory = Navigator & { readonly deviceMemory?: number };

/** @param prefer as webRuntimes understands it */
export async function browserDevice(prefer: BackendWish): Promise<DeviceFacts> {
  const { deviceMemory } = navigator as WithMemory;
  return {
    webgpu: await webgpuFacts(prefer),
    freeBytes: await freeBytes(),
    // 8 stands for any more.
    memoryBytes: deviceMemory === undefined || deviceMemory >= 8 ? undefined : deviceMemory * 2 ** 30,
  };
}

async function webgpuFacts(prefer: BackendWish): Promise<DeviceFacts['webgpu']> {
  if (prefer === 'wasm') return { missing: 'the page was opened with backend=wasm' };
  if (!('gpu' in navigator)) return { missing: 'this browser has no WebGPU' };
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return { missing: 'the browser gives no graphics device' };
  if (adapter.info.isFallbackAdapter && prefer === 'auto') return { missing: 'WebGPU runs in software here' };
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const largestBuffer = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  return { halfPrecision: adapter.features.has('shader-f16'), largestBuffer };
}
