import { useEngine } from '#editor/painting/engine-store.ts';
import { backendTitle } from '#editor/painting/models/backend-title.ts';
import { loadingText } from '#editor/painting/models/loading-text.ts';

/** Which model is loaded and what runs it. */
export function EngineLabel() {
  const status = useEngine((state) => state.status);
  const notices = useEngine((state) => state.notices);
  const title = notices.map(({ text }) => text).join(' ');
  return (
    <span className="engine-label" role="status" aria-label="Model and backend" title={title || undefined}>
      <span className="engine-dot" data-state={status.type} aria-hidden />
      {status.type === 'ready' && (
        <>
          <b>{status.manifest.title}</b>
          <span className="engine-backend">{backendTitle(status.machine)}</span>
        </>
      )}
      {status.type === 'loading' && <b>{loadingText(status)}</b>}
      {status.type === 'failed' && <b>No model</b>}
    </span>
  );
}
