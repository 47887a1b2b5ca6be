/**
 * Two services of one worker. It lets ONNX Runtime use threads on hosts that cannot set headers (GitHub Pages): every response
 * gets COOP and COEP. And it lets the app start without a network: pages and manifests come from the network while there is one,
 * hashed build files from the cache. Model weights are the engine's own business: it keeps them by their hash.
 */
const CACHE = 'sgraffito-app-1';
const SCOPE = self.registration.scope;

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
  if (event.data === 'keep-everything') event.waitUntil(keepEverything());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(SCOPE) || request.headers.has('range')) return;
  const path = url.href.slice(SCOPE.length);
  if (path.startsWith('assets/')) event.respondWith(cacheFirst(request));
  else if (isSmall(path, request)) event.respondWith(networkFirst(request));
});

/** Everything but model weights. */
function isSmall(path, request) {
  return request.mode === 'navigate' || !path.startsWith('models/') || path.endsWith('manifest.json');
}

/** Build files carry their hash in their name: what is cached is right. */
async function cacheFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return isolated(kept);
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return isolated(response);
}

async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  // The address of the app may carry ?model=… or a hash: offline, they are all the same page.
  const key = request.mode === 'navigate' ? SCOPE : request;
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(key, response.clone());
    return isolated(response);
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return isolated(kept);
    throw error;
  }
}

/** After the first visit: the page itself and every build file, old ones out. */
async function keepEverything() {
  const cache = await caches.open(CACHE);
  const names = await (await fetch(new URL('build-files.json', SCOPE))).json();
  const wanted = new Set(names.map((name) => new URL(name, SCOPE).href));
  for (const request of await cache.keys()) {
    if (request.url.startsWith(`${SCOPE}assets/`) && !wanted.has(request.url)) await cache.delete(request);
  }
  for (const url of [SCOPE, ...wanted]) {
    if (!(await cache.match(url))) await cache.add(url);
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
