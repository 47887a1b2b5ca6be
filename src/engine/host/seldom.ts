import type { DownloadProgress } from '#engine/package/package-loader.ts';

/** Milliseconds. */
const BETWEEN_NEWS = 100;

/** The page draws each piece of news, and a fast network brings hundreds of pieces in a second. The last one is always told. */
export function seldom(tell: (progress: DownloadProgress) => void): (progress: DownloadProgress) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - toldAt < BETWEEN_NEWS && progress.loaded < progress.total) return;
    toldAt = now;
    tell(progress);
  };
}
