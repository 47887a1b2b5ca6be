/**
 * Two services of one worker. It lets ONNX Runtime use threads on hosts that cannot set headers (GitHub Pages): every response
 * gets COOP and COEP. And it lets the app start without a network: its page and manifests come from the network while there is one,
 * hashed build files from the cache. Model weights are the engine's own business: it keeps them by their hash.
 */
const CACHE = 'sgraffito-app-1';
const SCOPE = self.registration.scope;
/** What the app's own page says of itself; an error page of the host or of a captive portal does not. */
const OWN_PAGE = '<meta name="application-name" content="Sgraffito"';

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(
        names.filter((name) => name.startsWith('sgraffito-app-') && name !== CACHE).map((name) => caches.delete(name)),
      );
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  const { type, files } = event.data ?? {};
  if (type === 'keep-everything') event.waitUntil(keepEverything(files));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(SCOPE) || request.headers.has('range')) return;
  // Who wants nothing stored wants to know what the host has.
  if (request.cache === 'no-store') return;
  const path = url.href.slice(SCOPE.length);
  if (isApp(url)) event.respondWith(page(request));
  else if (request.mode === 'navigate') event.respondWith(fetch(request).then(isolated));
  else if (path.startsWith('assets/')) event.respondWith(cacheFirst(request));
  else if (!path.startsWith('models/') || path.endsWith('manifest.json')) event.respondWith(networkFirst(request));
});

/** The app's address may carry ?model=… : it is the same page. */
function isApp({ origin, pathname }) {
  return [SCOPE, `${SCOPE}index.html`].includes(origin + pathname);
}

async function page(request) {
  const response = await fetch(request).catch(() => undefined);
  if (response === undefined || response.status >= 500) {
    const kept = await match(SCOPE);
    if (kept) return isolated(kept);
    return response ? isolated(response) : Response.error();
  }
  if (response.ok && (await response.clone().text()).includes(OWN_PAGE)) await keep(SCOPE, response.clone());
  return isolated(response);
}

/** Build files carry their hash in their name: what is cached is right. */
async function cacheFirst(request) {
  const kept = await match(request);
  if (kept) return isolated(kept);
  const response = await fetch(request);
  if (isBuildFile(response)) await keep(request, response.clone());
  return isolated(response);
}

async function networkFirst(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(request, response.clone());
    return isolated(response);
  } catch (error) {
    const kept = await match(request);
    if (kept) return isolated(kept);
    throw error;
  }
}

/** A host that answers everything with its start page has not got the file. */
function isBuildFile(response) {
  return response.ok && !response.headers.get('Content-Type')?.startsWith('text/html');
}

/** Hosts that send `Vary: Origin` have one file for all: the page's own requests carry an origin, ours do not. */
async function match(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreVary: true });
}

async function keep(request, response) {
  try {
    const cache = await caches.open(CACHE);
    await cache.put(request, response);
  } catch {
    // Full or forbidden: that costs the next start without a network, not this answer.
  }
}

/**
 * After the first visit: the page itself and every build file. Files of old builds go when the one page that is open is of this build: a page
 * of an old build still needs its own.
 * @param files what the page that asks was built from
 */
async function keepEverything(files) {
  const names = await (await fetch(new URL('build-files.json', SCOPE), { cache: 'no-store' })).json();
  const wanted = new Set(names.map((name) => new URL(name, SCOPE).href));
  for (const url of wanted) {
    if (await match(url)) continue;
    const response = await fetch(url).catch(() => undefined);
    if (response && isBuildFile(response)) await keep(url, response);
  }
  if (!(await match(SCOPE))) await page(new Request(SCOPE));
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1 || !files.every((url) => wanted.has(url))) return;
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) {
    if (url.startsWith(`${SCOPE}assets/`) && !wanted.has(url)) await cache.delete(url);
  }
}

function isolated(response) {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  // A body may not come with these.
  const body = status === 204 || status === 304 ? null : response.body;
  return new Response(body, { status, statusText, headers });
}
