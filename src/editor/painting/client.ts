/** The one client of the engine. */
import { EngineClient } from '#engine/client/engine-client.ts';
import { useEngine } from './engine-store.ts';

let client: EngineClient | undefined;

/** Started at the first call; what it is doing is in the engine's store from then on. */
export function engine(): EngineClient {
  if (!client) {
    client = new EngineClient();
    const { subscribe, getSnapshot } = client;
    subscribe(() => useEngine.getState().set(getSnapshot()));
  }
  return client;
}
