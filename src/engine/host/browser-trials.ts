/** Trials in the browser's Cache API: a worker has no other small store that outlives the page. */
import * as v from 'valibot';
import type { TrialMemory } from './trial.ts';

const CACHE_NAME = 'sgraffito-trials';
/** Drivers, browsers and releases of the app change: after a month it is worth another look. */
const KEEP_MS = 30 * 24 * 3600 * 1000;

const schema = v.object({
  at: v.number(),
  trial: v.object({ webgpu: v.optional(v.number()), processor: v.number(), fault: v.optional(v.string()) }),
});

/** @returns undefined where there is no Cache API (pages not served over HTTPS) */
export function browserTrials(): TrialMemory | undefined {
  if (globalThis.caches === undefined) return undefined;
  const addressOf = (key: string) => new URL(`/sgraffito-trials/${encodeURIComponent(key)}`, location.origin).href;
  return {
    async recall(key) {
      try {
        const response = await (await caches.open(CACHE_NAME)).match(addressOf(key));
        const { at, trial } = v.parse(schema, await response?.json());
        return Date.now() - at < KEEP_MS ? trial : undefined;
      } catch {
        return undefined;
      }
    },
    async keep(key, trial) {
      try {
        await (await caches.open(CACHE_NAME)).put(addressOf(key), Response.json({ at: Date.now(), trial }));
      } catch {
        // Storage is forbidden or full: the next start holds the trial again.
      }
    },
  };
}
