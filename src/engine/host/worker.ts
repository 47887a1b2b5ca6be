/** The Web Worker's entry: plugs the engine's host into the browser. */

import type { EngineEvent, EngineRequest, Picture } from '#engine/contract/protocol.ts';
import { browserCache } from '#engine/package/package-url.ts';
import { webRuntimes } from '#engine/runtime/ort-web.ts';
import { browserDevice } from './browser-device.ts';
import { browserSource } from './browser-source.ts';
import { EngineHost } from './engine-host.ts';

const host = new EngineHost({
  emit(event) {
    if (event.type === 'failed' && event.fault.details !== undefined) console.error(event.fault.details);
    self.postMessage(event, { transfer: buffersOf(event) });
  },
  sourceOf: browserSource,
  cache: browserCache(),
  device: browserDevice,
  runtimesFor: webRuntimes,
});

self.addEventListener('message', ({ data }: MessageEvent<EngineRequest>) => host.receive(data));

/** Pixels and maps change hands instead of being copied. */
function buffersOf(event: EngineEvent): ArrayBuffer[] {
  const pixelsOf = ({ pixels }: Picture): ArrayBuffer => pixels.buffer;
  if (event.type === 'step') return event.preview ? [pixelsOf(event.preview)] : [];
  if (event.type !== 'generated') return [];
  const { picture, attention, latent } = event.result;
  const maps = [...Object.values(attention.objects), ...Object.values(attention.relations)];
  return [pixelsOf(picture), latent.buffer, ...new Set(maps.map(({ buffer }) => buffer as ArrayBuffer))];
}
