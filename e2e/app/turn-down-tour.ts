/** Run in a page before the app: it then takes the visitor for one who was here before, and offers no tour. */
export function turnDownTour(): void {
  const key = 'sgraffito/preferences';
  // An empty page has no storage.
  if (!location.protocol.startsWith('http')) return;
  if (localStorage.getItem(key) === null)
    localStorage.setItem(key, JSON.stringify({ state: { tourOffered: true }, version: 1 }));
}
