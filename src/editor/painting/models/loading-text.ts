import type { EngineStatus } from '#engine/client/status.ts';

/** How far a model has come. */
export function loadingText({ loaded, total }: Extract<EngineStatus, { readonly type: 'loading' }>): string {
  if (total === 0) return 'Loading the model…';
  if (loaded >= total) return 'Preparing the model…';
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `Loading the model: ${megabytes(loaded)} of ${megabytes(total)} MB`;
}
