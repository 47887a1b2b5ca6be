/** Registers the service worker of a built app: threads on hosts without headers, and a start without a network. */
import { useEngine } from './painting/engine-store.ts';

const RELOADED = 'sgraffito/reloaded-for-isolation';

export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI), { scope: './' });
    const { active } = await navigator.serviceWorker.ready;
    if (!crossOriginIsolated && !sessionStorage.getItem(RELOADED)) {
      // Only a page that came through the worker is isolated. Once per tab: a browser that refuses is not asked again.
      sessionStorage.setItem(RELOADED, 'yes');
      location.reload();
      return;
    }
    whenReady(() => active?.postMessage('keep-everything'));
  } catch {
    // Some private windows forbid service workers; the app works without one.
  }
}

/** Not while the model is on its way: the network is for that first. */
function whenReady(run: () => void): void {
  if (useEngine.getState().status.type !== 'loading') {
    run();
    return;
  }
  const stop = useEngine.subscribe(({ status }) => {
    if (status.type === 'loading') return;
    stop();
    run();
  });
}
