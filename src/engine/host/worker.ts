/** The Web Worker's entry: plugs the engine's host into the browser. */

import { type EngineEvent, type EngineRequest, ON_ITS_OWN, type Picture } from '#engine/contract/protocol.ts';
import { opfsShelf } from '#engine/package/file-store-opfs.ts';
import { browserCache } from '#engine/package/package-url.ts';
import { webRuntimes } from '#engine/runtime/ort-web.ts';
import { browserDevice } from './browser-device.ts';
import { browserSource } from './browser-source.ts';
import { browserTrials } from './browser-trials.ts';
import { EngineHost } from './engine-host.ts';

const host = new EngineHost({
  emit(event) {
    if (event.type === 'failed' && event.fault.details !== undefined) console.error(event.fault.details);
    self.postMessage(event, { transfer: buffersOf(event) });
  },
  sourceOf: browserSource,
  cache: browserCache(),
  device: browserDevice,
  shelf: opfsShelf,
  trials: browserTrials(),
  runtimesFor: webRuntimes,
});

// Held until this thread ends, however it ends: the page waits for it (client/start-worker.ts).
void navigator.locks?.request(self.name, () => {
  self.postMessage({ type: 'alive', id: ON_ITS_OWN } satisfies EngineEvent);
  return new Promise(() => undefined);
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
