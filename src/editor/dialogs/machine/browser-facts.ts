import type { BrowserFacts } from './machine-report.ts';

/** Of Chromium, on an isolated page. It waits for a collection of garbage, which may take seconds. */
type WithMemory = Performance & { measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }> };

/** All but the memory, which is measured apart. */
export async function browserFacts(): Promise<Omit<BrowserFacts, 'memory'>> {
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? '';
  return {
    userAgent: navigator.userAgent,
    build: entry.split('/').at(-1) || 'unknown',
    cores: navigator.hardwareConcurrency,
    isIsolated: crossOriginIsolated,
    storage: await storageFacts().catch(() => null),
  };
}

async function storageFacts(): Promise<BrowserFacts['storage']> {
  const { usage, quota } = await navigator.storage.estimate();
  if (usage === undefined || quota === undefined) return null;
  return { usage, quota, isPersisted: await navigator.storage.persisted() };
}

/** @returns bytes of the page and its workers, or null where the browser does not tell */
export async function measureMemory(): Promise<number | null> {
  const measuring = performance as WithMemory;
  try {
    return (await measuring.measureUserAgentSpecificMemory?.())?.bytes ?? null;
  } catch {
    return null;
  }
}
